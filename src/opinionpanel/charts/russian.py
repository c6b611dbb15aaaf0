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
    # Dots.
    "All": "Все",
    "Group": "Группа",
    "rank": "место",
    "change, points": "изменение, п.\u00a0п.",
    "change, points ({level}\u00a0interval)": "изменение, п.\u00a0п. (интервал\u00a0{level})",
    "points ({level}\u00a0interval)": "п.\u00a0п. (интервал\u00a0{level})",
    "share ({level}\u00a0interval)": "доля (интервал\u00a0{level})",
    "{level} interval": "доверительный интервал {level}",
    "{level} interval, {time}": "интервал {level}, {time}",
    "{shown}. “{question}”": "{shown}. «{question}»",
    "Share answering “{state}”": "Доля ответивших «{state}»",
    "Differences between shares, in percentage points": ("Разности долей, в процентных пунктах"),
    "Difference in the share answering “{state}”, in percentage points": (
        "Разность долей ответивших «{state}», в процентных пунктах"
    ),
    "Net change among the same people, in percentage points": (
        "Чистый сдвиг среди одних и тех же людей, в процентных пунктах"
    ),
    "Net change of “{state}” among the same people, in percentage points": (
        "Чистый сдвиг ответа «{state}» среди одних и тех же людей, в процентных пунктах"
    ),
    "Share who gave another answer": "Доля изменивших ответ",
    "Share not interviewed at the later wave": "Доля не опрошенных в следующей волне",
    "Share not interviewed at the later wave, of those who answered “{state}”": (
        "Доля не опрошенных в следующей волне среди ответивших «{state}»"
    ),
    "The interval of a change allows for people who answered both times.": (
        "Интервал изменения учитывает, что часть людей ответила оба раза."
    ),
    "n: {time}.": "n: {time}.",
    "n and rank: {time}.": "n и место: {time}.",
    "Shown are the first and the last of {n} waves.": (
        "Показаны первая и последняя из {n} волны.",
        "Показаны первая и последняя из {n} волн.",
        "Показаны первая и последняя из {n} волн.",
    ),
    "Shown are the first and the last of {n} pairs of waves.": (
        "Показаны первая и последняя из {n} пары волн.",
        "Показаны первая и последняя из {n} пар волн.",
        "Показаны первая и последняя из {n} пар волн.",
    ),
    (
        "Rank, 1 for the highest: all that the differences between groups leave open, with "
        "{level} confidence for all groups at once."
    ): (
        "Место 1 – у наибольшего значения; указаны все места, возможные при различиях между "
        "группами, с доверительной вероятностью {level} сразу для всех групп."
    ),
    "All: {figure}.": "Все: {figure}.",
    "Highest: {group}, {figure}; lowest: {other}, {least}.": (
        "Больше всего: {group}, {figure}; меньше всего: {other}, {least}."
    ),
}
