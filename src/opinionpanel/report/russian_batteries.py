"""The Russian words of pages about several items, and about how far questions go together."""

RUSSIAN_BATTERIES: dict[str, str | tuple[str, ...]] = {
    "Alpha says how far the {size} questions of the scale go together: at most 1, and higher the "
    "more of them there are.": (
        "Альфа показывает, насколько согласованы вопросы шкалы (их {size}): не больше 1 и тем "
        "выше, чем вопросов больше."
    ),
    "Answers at each wave": "Ответы по волнам",
    "Each question is tested by itself: of many, some show a difference by chance. Figures of two "
    "questions are of the same people, so that two intervals do not tell whether they differ.": (
        "Каждый вопрос проверяется сам по себе: из многих некоторые показывают различие случайно. "
        "Числа двух вопросов относятся к одним и тем же людям, поэтому по двум интервалам не "
        "видно, различаются ли они."
    ),
    "How far the questions go together": "Насколько согласованы вопросы",
    "Left out: {items}. Too few people answered.": (
        "Не показаны: {items}. Ответили слишком немногие."
    ),
    "The intervals of the tables and charts on this page hold at once, those of each table by "
    "itself; sentences have intervals that hold alone, and are narrower.": (
        "Интервалы в таблицах и на графиках этой страницы верны одновременно — в каждой таблице "
        "сами по себе; в предложениях интервалы обычные, каждый верен по отдельности и поэтому уже."
    ),
    "The pages of these questions:": "Страницы этих вопросов:",
    "Who changed": "Кто изменил ответ",
    "selected": "выбрали",
    "{item}: Cronbach's alpha": "{item}: альфа Кронбаха",
    "{item}: who gave another answer": "{item}: кто дал другой ответ",
}
