"""The Russian words of reports about waves that asked other people each time."""

RUSSIAN_SAMPLES: dict[str, str | tuple[str, ...]] = {
    "Answers by group": "Ответы по группам",
    "Answers are read by declared codes. Further checks: not declared.": (
        "Ответы читаются по объявленным кодам. Другие проверки: не указаны."
    ),
    "Every wave asked other people. How much an answer grew or shrank between waves can be told. "
    "How many people changed their mind cannot: many moves can hide behind a small change.": (
        "В каждой волне опрошены другие люди. Можно сказать, насколько доля ответа выросла или "
        "сократилась между волнами. Сколько людей изменили мнение, сказать нельзя: за небольшой "
        "переменой может стоять много переходов."
    ),
    "Intervals cover sampling only, not wrong answers or people never reached.": (
        "Интервалы учитывают только отбор, но не неверные ответы и не тех, до кого не дозвались."
    ),
    "Other people were asked at each wave.": "В каждой волне опрошены другие люди.",
    "Other people were asked in each of {waves} waves, {n} in all. Shares can be compared between "
    "waves; how many people changed their mind cannot be known.": (
        "Волн: {waves}, в каждой опрошены другие люди, всего {n} человек. Доли можно сравнивать "
        "между волнами; сколько людей изменили мнение, узнать нельзя.",
        "Волн: {waves}, в каждой опрошены другие люди, всего {n} человека. Доли можно сравнивать "
        "между волнами; сколько людей изменили мнение, узнать нельзя.",
        "Волн: {waves}, в каждой опрошены другие люди, всего {n} человек. Доли можно сравнивать "
        "между волнами; сколько людей изменили мнение, узнать нельзя.",
    ),
    "People took part by themselves; they were not drawn at random. The intervals in this report "
    "are model-based: they assume that, given the weights, taking part is unrelated to the "
    "answers. No number here can show whether that is true.": (
        "Люди приняли участие сами, их не отбирали случайно. Интервалы отчёта модельные: они "
        "предполагают, что с учётом весов участие не связано с ответами. Ни одно число здесь не "
        "покажет, верно ли это."
    ),
    "Repeated survey: other people at each wave.": (
        "Повторный опрос: в каждой волне — другие люди."
    ),
}
