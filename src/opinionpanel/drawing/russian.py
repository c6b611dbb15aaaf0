"""The words of charts in Russian, as a newspaper would write them."""

from opinionpanel.drawing.russian_bases import RUSSIAN_BASES
from opinionpanel.drawing.russian_figures import RUSSIAN_FIGURES
from opinionpanel.drawing.russian_findings import RUSSIAN_FINDINGS
from opinionpanel.drawing.russian_titles import RUSSIAN_TITLES

# As they stand in dates.
RUSSIAN_MONTHS = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)


def russian_plural(number: int) -> int:
    """Choose among the forms for 1 (21, 31), for 2 to 4 (22, 33) and for 5 (11, 12, 25)."""
    if number % 10 == 1 and number % 100 != 11:
        return 0
    return 1 if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else 2


# Names of waves and groups are not declined: they stand in quotes, in brackets or after a colon.
RUSSIAN_WORDS: dict[str, str | tuple[str, ...]] = {
    **RUSSIAN_TITLES,
    **RUSSIAN_BASES,
    **RUSSIAN_FIGURES,
    **RUSSIAN_FINDINGS,
    # Numbers, dates and lists.
    "{low} to {high}": "от {low} до {high}",
    "{least} to {most}": "{least}–{most}",
    "{day} {month} {year}": "{day} {month} {year}\u00a0г.",
    "{first}–{last} {month} {year}": "{first}–{last} {month} {year}\u00a0г.",
    "{first} {first_month} – {last} {last_month} {year}": (
        "{first} {first_month} – {last} {last_month} {year}\u00a0г."
    ),
    "{n} person": "{n} человек",
    "{n} people": ("{n} человек", "{n} человека", "{n} человек"),
    "{one} and {other}": "{one} и {other}",
    "{one} or {other}": "{one} или {other}",
    "under {share}": "менее {share}",
    "over {share}": "более {share}",
    # States and rows that the library adds.
    "no answer": "нет ответа",
    "not asked": "не спрашивали",
    "not interviewed": "не опрошены",
    "not due": "не подлежали опросу",
    "new entrant": "новые участники",
    "without an answer": "без ответа",
    "other paths": "другие пути",
    "all": "все",
    "never": "никогда",
    "unchanged": "без изменений",
    "total": "всего",
    "net": "чистый сдвиг",
    "exchange": "обмен",
    "shift": "прочие перемещения",
    "lower": "нижняя граница",
    "upper": "верхняя граница",
    "answered": "ответившие",
    "retained": "сохранились",
    "fresh": "новые",
    "staying": "прежние",
    "gains": "приток",
    "losses": "отток",
    "withheld": "скрыто",
    # Keys, labels and tooltips.
    "Grey: stayed; colour: moved, the stronger, the more.": (
        "Серое — ответ не изменился, цвет — изменился: чем ярче, тем чаще."
    ),
    "The stronger the colour, the larger the share.": "Чем насыщеннее цвет, тем больше доля.",
    "The darker, the larger the share.": "Чем темнее, тем больше доля.",
    "Outlined: stayed; grey: moved, the darker, the more.": (
        "В рамке — ответ не изменился, серое — изменился: чем темнее, тем чаще."
    ),
    "Below each share its {level} interval.": "Под долей — её доверительный интервал ({level}).",
    "Bars from 0 to 100%: full colour, what must have happened; pale, what can have.": (
        "Полосы — от 0 до 100%: насыщенный цвет — что наверняка произошло, бледный — что возможно."
    ),
    "Below each range its {level} limits, all at once.": (
        "Под диапазоном — его границы с учётом ошибки выборки ({level}, для всех сразу)."
    ),
    "Possible": "Возможно",
    "There is no room for intervals.": "Интервалы не поместились.",
    "Hatched: withheld.": "Штриховка — скрыто.",
    "Columns: {names}.": "Столбцы: {names}.",
    "Each column adds up to 100%.": "Сумма каждого столбца — 100\u00a0%.",
    "All cells of a table add up to 100%.": "Сумма всех ячеек таблицы — 100\u00a0%.",
    "Blue: above 0; orange: below.": "Синее — больше 0, оранжевое — меньше.",
    "same answer every time": "один и тот же ответ каждый раз",
    "Waves: {waves}": "Волны: {waves}",
    "not shown": "не показаны",
    "Path": "Путь",
    "Base": "База",
    "Difference": "Разность",
    "People": "Человек",
    "Other paths: all that are not shown by themselves, together.": (
        "Другие пути: все, которые не показаны отдельно, вместе."
    ),
    "Each row adds up to 100%.": "Сумма каждой строки — 100\u00a0%.",
    "Differences in percentage points, and their {level} intervals; a dot marks those whose "
    "interval, taken by itself, excludes 0.": (
        "Разность в процентных пунктах и её доверительный интервал ({level}); точкой отмечены "
        "разности, интервал которых, взятый отдельно, не включает 0."
    ),
    "The numbers of this chart as a table": "Числа этого графика в таблице",
    "Save this chart as a picture": "Сохранить график как изображение",
    "Save as {format}": "Сохранить в {format}",
    "n < {n}": "n < {n}",
    "Share": "Доля",
    "From": "Откуда",
    "To": "Куда",
    "Flows": "Переходы",
    "Wave": "Волна",
    "Waves": "Волны",
    "State": "Ответ",
    # Scores.
    "Mean": "Среднее",
    "Quantile": "Квантиль",
    "quantile": "квантиль",
    "The axis shows {low} to {high} of a scale from {least} to {most}.": (
        "Ось показывает отрезок от {low} до {high} шкалы от {least} до {most}."
    ),
    "Differences between means": "Разности средних",
    "Differences between mean changes": "Разности средних изменений",
    "Mean change among the same people": "Среднее изменение среди одних и тех же людей",
    "Among the same people: {moment}": "Среди одних и тех же людей: {moment}",
    "before": "раньше",
    "after": "позже",
    "change": "изменение",
    "upward": "вверх",
    "downward": "вниз",
    "same": "без изменения",
    # Trends and stacked bars.
    "days of fieldwork": "дни опроса",
    "withheld: too few people": "скрыто: слишком мало опрошенных",
    "Waves stand at equal distances, whatever the time between them.": (
        "Волны стоят на равном расстоянии, сколько бы времени между ними ни прошло."
    ),
    "Bars of a row add up to 100%.": "Доли в каждой строке дают в сумме 100\u00a0%.",
    "Differences in percentage points, in brackets their {level} intervals.": (
        "Разность — в процентных пунктах, в скобках её доверительный интервал ({level})."
    ),
    "{state} minus {other}": "«{state}» минус «{other}»",
    "left minus right": "слева минус справа",
    "People, unweighted": "Человек, без взвешивания",
    # Sankeys.
    "other flows from {state}": "другие переходы из «{state}»",
    "other flows to {state}": "другие переходы в «{state}»",
    "other flows together": "прочие переходы вместе",
    "estimate, and in its core the lower {level} limit": (
        "оценка; в середине — нижняя граница интервала ({level})"
    ),
    "±: half of the {level} interval.": "±: половина доверительного интервала ({level}).",
    "Shares on flows are of those who were in the state before.": (
        "Доли на переходах — от тех, кто раньше давал исходный ответ."
    ),
    "Some moves under {share} are not labelled.": "Некоторые переходы менее {share} не подписаны.",
    "Moves under {share} are not labelled.": "Переходы менее {share} не подписаны.",
    "Moves under {least} are drawn together, as stubs: {share} of the base.": (
        "Переходы менее {least} показаны вместе, короткими полосами: {share} базы."
    ),
    "Moves under {least} are drawn together, as stubs: at most {share} of the base between two "
    "waves.": (
        "Переходы менее {least} показаны вместе, короткими полосами: не более {share} базы между "
        "двумя волнами."
    ),
    "Stubs: other flows together, of fewer than {n} people each, or from which these could be "
    "computed; {share} of the base.": (
        "Короткие полосы — прочие переходы вместе: в каждом меньше {n} человек, или по ним можно "
        "было бы вычислить такие; {share} базы."
    ),
    "Stubs: other flows together, of fewer than {n} people each, or from which these could be "
    "computed.": (
        "Короткие полосы — прочие переходы вместе: в каждом меньше {n} человек, или по ним можно "
        "было бы вычислить такие."
    ),
    "New: first interviewed at that wave; they are in no flow and no other share, and their shares "
    "are among themselves.": (
        "Новые впервые опрошены в этой волне: их нет ни в переходах, ни в других долях, а их доли "
        "считаются только среди них."
    ),
    "new at {wave}, {n}": "новые, {wave}, {n}",
    "New people": "Новые участники",
    "nobody in the base": "в базе никого нет",
    "(no name)": "(без названия)",
    # Captions.
    "Base: {base}; {people}.": "База: {base}; {people}.",
    "n < {n} to {most}": "n: от менее {n} до {most}",
    "Base: {base}; n = {n} (unweighted).": "База: {base}; n = {n} (без взвешивания).",
    "n = {n}.": "n = {n}.",
    "n = {n}": "n = {n}",
    "Weight: {weight}.": "Вес: {weight}.",
    "Weights: {weights}.": "Веса: {weights}.",
    "Unweighted.": "Данные не взвешены.",
    "Source: {source}": "Источник: {source}",
    "Source: {source}.": "Источник: {source}.",
    "Fieldwork: {dates}": "Даты опроса: {dates}",
    "Fieldwork: {dates}.": "Даты опроса: {dates}.",
    "The intervals are simultaneous: with {level} confidence all of them hold at once "
    "(Bonferroni).": (
        "Интервалы одновременные: с доверительной вероятностью {level} верны все сразу "
        "(поправка Бонферрони)."
    ),
    "The intervals are simultaneous: with {level} confidence all {n} that these were taken from "
    "hold at once (Bonferroni).": (
        "Интервалы одновременные: с доверительной вероятностью {level} верны сразу все {n}, из "
        "которых взяты эти (поправка Бонферрони)."
    ),
    "{level} intervals {drawn}.": "Доверительные интервалы ({level}) {drawn}.",
    "{level} {method} intervals {drawn}.": ("Доверительные интервалы {method} ({level}) {drawn}."),
    "Korn–Graubard": "Корна — Граубарда",
    "Wilson": "Уилсона",
    "Wald": "Вальда",
    "from the design": "с учётом дизайна выборки",
    "from the design ({design})": "с учётом дизайна выборки ({design})",
    "as for {design}": "как для {design}",
    "a simple random sample": "простой случайной выборки",
    "a simple random sample of {units}": "простой случайной выборки ({units})",
    "simple random samples of people in {n} strata": (
        "простых случайных выборок людей в {n} страте",
        "простых случайных выборок людей в {n} стратах",
        "простых случайных выборок людей в {n} стратах",
    ),
    "{drawn}, of other people at each wave": "{drawn}, в каждой волне — другие люди",
    "strata": "страты",
    "PSUs": "первичные единицы отбора",
    "{n} strata": ("{n} страта", "{n} страты", "{n} страт"),
    "{n} PSUs": (
        "{n} первичная единица отбора",
        "{n} первичные единицы отбора",
        "{n} первичных единиц отбора",
    ),
    "{n} people as PSUs": (
        "{n} человек как единица отбора",
        "{n} человека как единицы отбора",
        "{n} человек как единицы отбора",
    ),
    "{n} replicate weights": (
        "{n} набор реплицированных весов",
        "{n} набора реплицированных весов",
        "{n} наборов реплицированных весов",
    ),
    "{n} {kind} replicate weights": (
        "{n} набор реплицированных весов ({kind})",
        "{n} набора реплицированных весов ({kind})",
        "{n} наборов реплицированных весов ({kind})",
    ),
    "No {parts} was declared.": "Не указан {parts}.",
    "No {parts} were declared:": "Не указаны {parts}.",
    "No {parts} were declared.": "Не указаны {parts}.",
    "{parts} or {last}": "{parts} и {last}",
    "Opt-in sample: model-based intervals.": (
        "Выборка добровольцев: интервалы опираются на модель."
    ),
    "Opt-in sample: the intervals are model-based and assume that, given the weights, joining the "
    "panel is unrelated to the answers.": (
        "Выборка добровольцев: интервалы опираются на модель, по которой при данных весах "
        "вступление в панель не связано с ответами."
    ),
    "Opt-in sample: the intervals are model-based and assume that, given the weights, joining the "
    "panel and staying in it are unrelated to the answers.": (
        "Выборка добровольцев: интервалы опираются на модель, по которой при данных весах "
        "вступление в панель и участие в следующих волнах не связаны с ответами."
    ),
    "Opt-in sample: the intervals are model-based and assume that, given the weights, taking part "
    "is unrelated to the answers.": (
        "Выборка добровольцев: интервалы опираются на модель, по которой при данных весах участие "
        "не связано с ответами."
    ),
    # Smoothed figures of small groups.
    "Model-based: smoothed over {n} groups (Fay–Herriot model of logits).": (
        "По модели: сглажено по группам, всего их {n} (модель Фэя — Херриота для логитов)."
    ),
    "Model-based: smoothed over {n} groups, with {covariates} (Fay–Herriot model of logits).": (
        "По модели: сглажено по группам, всего их {n}, с учётом: {covariates} (модель Фэя — "
        "Херриота для логитов)."
    ),
    "Groups without people are predicted from the others: {n}.": (
        "Группы, в которых никого нет, предсказаны по остальным: {n}."
    ),
    "All groups together are the direct total.": "Все группы вместе дают прямую оценку в целом.",
    "Groups are put together by known numbers of people.": (
        "Группы сложены по известной численности."
    ),
    "Groups are put together by sums of weights.": "Группы сложены по суммам весов.",
    "Intervals hold if the model does.": "Интервалы верны, если верна модель.",
    "Intervals without width: everybody was drawn. Who then gave no answer is not accounted for.": (
        "Интервалы нулевой ширины: отобраны были все. Отсутствие ответов не учтено."
    ),
    "Intervals without width: all PSUs were drawn, and only this first stage counts, not who was "
    "drawn within them.": (
        "Интервалы нулевой ширины: отобраны были все первичные единицы, и учтена только эта "
        "первая ступень отбора."
    ),
    # Notes of measures.
    "{lost}; whatever the others did, turnover among all of them lies between {low} and {high}.": (
        "{lost}; как бы ни ответили остальные, доля изменивших ответ среди всех них — от {low} до "
        "{high}."
    ),
    "{lost}: too few to say how far the others could move turnover.": (
        "{lost}: этого слишком мало, чтобы сказать, как могли бы изменить итог остальные."
    ),
    "That earlier answers to one question go with later answers to another does not show that the "
    "one changes the other: both may have a third cause, and as single answers are not fully "
    "reliable, part of the earlier attitude to the one question still shows in the other.": (
        "То, что прежние ответы на один вопрос связаны с последующими ответами на другой, не "
        "означает, что одно меняет другое: у обоих может быть общая причина, а поскольку отдельные "
        "ответы не вполне надёжны, прежнее отношение к одному вопросу отчасти проявляется и в "
        "ответе на другой."
    ),
    "No share where nobody with the answer to the other item gave one of the earlier answers: "
    "{answers}.": (
        "Доли нет там, где никто из так ответивших на другой вопрос не дал одного из прежних "
        "ответов: {answers}."
    ),
    "Turnover here counts dropping out, giving no answer and coming back as changes of state.": (
        "Изменением ответа здесь считаются также выбытие, отсутствие ответа и возвращение."
    ),
    "{note} So does not being due at a wave: name waves at which people were due.": (
        "{note} Считаются им и волны, в которых человек не подлежал опросу."
    ),
    "Where many gave the same number, a quantile moves in steps: differences of such quantiles "
    "have no interval and no p-value, as none would hold.": (
        "Если одно и то же число назвали многие, квантиль меняется скачками: для разностей таких "
        "квантилей нет ни интервала, ни уровня значимости — они были бы неверны."
    ),
    "A number on the scale itself needs {needed} of the {number} columns.": (
        "Само значение шкалы считается при ответах на {needed} из {number} её вопросов."
    ),
    "{first} → {last}: {share} of the base are left out, {states} at one of them.": (
        "{first} → {last}: не учтено {share} базы — те, кто хотя бы в одной из волн выбрал: "
        "{states}."
    ),
    "{n} path": "{n} путь",
    "{n} paths": ("{n} путь", "{n} пути", "{n} путей"),
    "“other paths”: {paths} that fewer than {least} people took, {people} in all (unweighted).": (
        "«Другие пути»: {paths}, каждым из которых прошли менее {least} человек, всего {people} "
        "(без взвешивания)."
    ),
    # Dots.
    "All": "Все",
    "Group": "Группа",
    "item": "вопрос",
    "option": "вариант",
    "estimate": "оценка",
    "rank": "место",
    "change, points": "изменение, п.\u00a0п.",
    "{level} interval": "доверительный интервал {level}",
    "{level} interval, {time}": "интервал {level}, {time}",
    "{shown}. “{question}”": "{shown}. «{question}»",
    "Share answering “{state}”": "Доля ответивших «{state}»",
    "Share who selected it; several answers were possible": (
        "Доля выбравших вариант; можно было дать несколько ответов"
    ),
    "Difference in the share who selected it, in percentage points": (
        "Разность долей выбравших вариант, в процентных пунктах"
    ),
    "Net change in the share who selected it, in percentage points": (
        "Чистый сдвиг доли выбравших вариант, в процентных пунктах"
    ),
    "Share who selected it at one of the two waves only": (
        "Доля выбравших вариант лишь в одной из двух волн"
    ),
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
