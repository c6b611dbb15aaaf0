"""The Russian words of reports about figures that are estimated beyond counting answers."""

RUSSIAN_ESTIMATED: dict[str, str | tuple[str, ...]] = {
    "All tables are about the people who answered at all waves, of whom no answer is missing.": (
        "Все таблицы — о людях, ответивших во всех волнах: пропущенных ответов у них нет."
    ),
    "All tables are about the people who answered at all waves, so that the interviews of others "
    "are not put together with theirs.": (
        "Все таблицы — о людях, ответивших во всех волнах, поэтому интервью других людей с ними не "
        "объединены."
    ),
    "All interviews in one trend": "Все интервью в одном ряду",
    "Groups of few people are drawn to what groups like them have in common, the more, the fewer "
    "they are. These figures rest on a model, and are no plain counts.": (
        "Малочисленные группы подтянуты к тому, что общего у похожих групп: чем меньше группа, тем "
        "сильнее. Эти числа опираются на модель, это не простые подсчёты."
    ),
    "Known": "Известно",
    "Known results": "Известные результаты",
    "Known results: {source}": "Известные результаты: {source}",
    "Missing answers were imputed several times, from all else that these people said. It holds as "
    "far as those who did not answer are like those who gave the same other answers.": (
        "Недостающие ответы несколько раз восстановлены по всему остальному, что сказали эти люди. "
        "Это верно, насколько не ответившие похожи на тех, кто в остальном отвечал так же."
    ),
    "Other people were asked at each wave, so that nobody knows who changed. The shares at both "
    "waves allow any table between these bounds.": (
        "В каждой волне опрошены другие люди, и кто изменил ответ, неизвестно. Доли в двух волнах "
        "допускают любую таблицу в этих границах."
    ),
    "Panel alone": "Только панель",
    "Small groups": "Малые группы",
    "The sources disagree by more than chance would explain ({p}), and were not put together.": (
        "Источники расходятся сильнее, чем объяснила бы случайность ({p}), и не объединены."
    ),
    "The weights bring these answers to results that are known, so that these shares have no "
    "sampling error. What moved between them has one.": (
        "Веса приводят эти ответы к известным результатам, поэтому у этих долей нет ошибки "
        "выборки. У переходов между ними она есть."
    ),
    "There are no other interviews to put together with these.": (
        "Других интервью, которые можно было бы объединить с этими, нет."
    ),
    "These shares use every interview. Each source counts as much as its error allows, and the "
    "same people at several waves are known to be the same.": (
        "Эти доли используют все интервью. Каждый источник весит столько, сколько позволяет его "
        "ошибка; учтено, что в нескольких волнах отвечали одни и те же люди."
    ),
    "They are not narrowed by {groups}, as few people are in some of these groups.": (
        "Они не сужены по признакам ({groups}): в некоторых из этих групп мало людей."
    ),
    "Who can have moved where": "Кто куда мог перейти",
    "With gaps imputed": "С восстановленными пропусками",
    "{item}: answers at each wave, all interviews": "{item}: ответы по волнам, все интервью",
    "{item}: answers at each wave, gaps imputed": (
        "{item}: ответы по волнам, пропуски восстановлены"
    ),
    "{item}: known results and the panel, per cent": "{item}: известные результаты и панель, %",
    "{item}: who can have moved where, {pair}": "{item}: кто куда мог перейти, {pair}",
    "{item}: “{state}” in small groups, {wave}": "{item}: «{state}» в малых группах, {wave}",
}
