"""What the figures of charts are, in Russian: effects, correlations, quantiles, moves."""

RUSSIAN_FIGURES: dict[str, str | tuple[str, ...]] = {
    "Average effects on the shares of later answers, in percentage points": (
        "Средние эффекты для долей последующих ответов, в процентных пунктах"
    ),
    "Average effects on the shares of answers, in percentage points": (
        "Средние эффекты для долей ответов, в процентных пунктах"
    ),
    "Average effects on the share answering “{outcome}”, in percentage points": (
        "Средние эффекты для доли ответивших «{outcome}», в процентных пунктах"
    ),
    "Average effects on the share who change in an interval, in percentage points": (
        "Средние эффекты для доли изменивших ответ между двумя волнами, в процентных пунктах"
    ),
    "Correlation between the answers at two waves, from −1 to 1": (
        "Корреляция ответов в двух волнах, от −1 до 1"
    ),
    "Correlation of the two changes (phi), from −1 to 1": (
        "Корреляция двух изменений (фи), от −1 до 1"
    ),
    "Mean number of changes": "Среднее число изменений",
    "How well the columns of the scale go together": "Согласованность вопросов шкалы",
    # The heads of columns of figures.
    "{what} ({level}\u00a0interval)": "{what} (интервал\u00a0{level})",
    "points": "п.\u00a0п.",
    "share": "доля",
    "difference": "разность",
    "number": "число",
    "correlation": "корреляция",
    "alpha": "альфа",
    "Intervals that would tell of few people are withheld.": (
        "Интервалы, которые выдали бы ответы немногих людей, скрыты."
    ),
    "{term}, against {reference}": "{term}, по сравнению с «{reference}»",
    "Shares, earlier answers to the same question held alike": (
        "Доли ответов при одинаковых прежних ответах на тот же вопрос"
    ),
    "the wave": "волна",
    "the earlier answer": "прежний ответ",
    "{item}: had said {other} to the other question": (
        "{item}: прежний ответ на другой вопрос – {other}"
    ),
    # What labels stand for.
    "lower quartile": "нижний квартиль",
    "median": "медиана",
    "upper quartile": "верхний квартиль",
    "{n}st percentile": "{n}-й процентиль",
    "{n}nd percentile": "{n}-й процентиль",
    "{n}rd percentile": "{n}-й процентиль",
    "{n}th percentile": "{n}-й процентиль",
    "higher number": "число больше",
    "same number": "то же число",
    "lower number": "число меньше",
    "same answer": "тот же ответ",
    "towards “{state}”": "в сторону «{state}»",
    "changed both answers": "изменили оба ответа",
    "changed neither": "не изменили ни одного",
    "changed only “{item}”": "изменили только «{item}»",
    "{n} changes": ("{n} изменение", "{n} изменения", "{n} изменений"),
}
