"""The words of charts in Russian, as a newspaper would write them."""

RUSSIAN_MONTHS = (
    *("январь", "февраль", "март", "апрель", "май", "июнь"),
    *("июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
)
RUSSIAN_MONTHS_IN_DATES = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)


def russian_plural(number: int) -> int:
    """Choose among the forms for 1 (21, 31), for 2 to 4 (22, 33) and for 5 (11, 12, 25)."""
    if number % 10 == 1 and number % 100 != 11:
        return 0
    return 1 if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else 2


# Names of waves and groups are not declined: they stand in quotes, or after a colon.
RUSSIAN_WORDS: dict[str, str | tuple[str, ...]] = {
    # Numbers and dates.
    "{low} to {high}": "от {low} до {high}",
    "{day} {month} {year}": "{day} {month} {year}\u00a0г.",
    "{first}–{last} {month} {year}": "{first}–{last} {month} {year}\u00a0г.",
    "{first} {first_month} – {last} {last_month} {year}": (
        "{first} {first_month} – {last} {last_month} {year}\u00a0г."
    ),
    "{first} – {last}": "{first} – {last}",
    "{month} {year}": "{month} {year}",
    "{n} people": ("{n} человек", "{n} человека", "{n} человек"),
    "n = {n}": "n\u00a0=\u00a0{n}",
    # States and rows that the library adds.
    "no answer": "нет ответа",
    "not asked": "не задавали",
    "not interviewed": "не опрошены",
    "not due": "не подлежали опросу",
    "new entrant": "новые участники",
    "without an answer": "без ответа",
    "other paths": "другие пути",
    "all": "все",
    "never": "никогда",
    "total": "всего",
    "net": "чистый сдвиг",
    "exchange": "обмен",
    "shift": "прочие перемещения",
    "gains": "приток",
    "losses": "отток",
    "other": "другие",
    "withheld": "скрыто",
    # Titles.
    "{item}: {share} gave another answer, {waves}": "{item}: {share} ответили иначе, {waves}",
    "{item}: who moved, {waves}": "{item}: кто изменил ответ, {waves}",
    "{item} by {group}: who moved, {waves}": (
        "{item}, по группам ({group}): кто изменил ответ, {waves}"
    ),
    "{share} gave another answer": "{share} ответили иначе",
    "{level} interval {limits}": "доверительный интервал {level}: {limits}",
    # Tooltips and keys.
    "Flow": "Переход",
    "Flows": "Переходы",
    "Wave": "Волна",
    "Waves": "Волны",
    "State": "Ответ",
    "Share": "Доля",
    "Interval": "Интервал",
    "People": "Человек",
    "People, unweighted": "Человек (без взвешивания)",
    "Share of the base": "Доля от базы",
    "Share of the base, {level} interval": "Доля от базы, доверительный интервал {level}",
    "other flows from {state}": "другие переходы из «{state}»",
    "other flows to {state}": "другие переходы в «{state}»",
    "estimate": "оценка",
    "lower {level} bound": "нижняя граница, {level}",
    "change": "изменение",
    "percentage points": "п.\u00a0п.",
    # Trends and stacked bars.
    "{level} interval": "доверительный интервал {level}",
    "days of fieldwork": "дни опроса",
    "withheld: too few people": "скрыто: слишком мало опрошенных",
    "Waves stand at equal distances, whatever the time between them.": (
        "Волны стоят на равном расстоянии, сколько бы времени между ними ни прошло."
    ),
    "Bars of a row add up to 100%.": "Доли в каждой строке дают в сумме 100\u00a0%.",
    "Differences in percentage points, in brackets their {level} intervals.": (
        "Разность в процентных пунктах, в скобках её доверительный интервал {level}."
    ),
    "{state} minus {other}": "«{state}» минус «{other}»",
    "left minus right": "слева минус справа",
}
