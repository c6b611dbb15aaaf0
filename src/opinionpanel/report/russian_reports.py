"""The Russian words of reports, besides those of charts and findings."""

from opinionpanel.report.russian_batteries import RUSSIAN_BATTERIES
from opinionpanel.report.russian_beside import RUSSIAN_BESIDE
from opinionpanel.report.russian_estimated import RUSSIAN_ESTIMATED
from opinionpanel.report.russian_samples import RUSSIAN_SAMPLES
from opinionpanel.report.russian_scores import RUSSIAN_SCORES
from opinionpanel.report.russian_withheld import RUSSIAN_WITHHELD

RUSSIAN_REPORTS: dict[str, str | tuple[str, ...]] = {
    **RUSSIAN_ESTIMATED,
    **RUSSIAN_SAMPLES,
    **RUSSIAN_BATTERIES,
    **RUSSIAN_BESIDE,
    **RUSSIAN_SCORES,
    **RUSSIAN_WITHHELD,
    "By group": "По группам",
    "How the same people changed": "Как изменились ответы одних и тех же людей",
    "Means": "Средние",
    "Among the same people the mean did not change detectably between {first} and {last} (n = "
    "{n}).": (
        "Среди одних и тех же людей среднее статистически значимо не изменилось, {first} → {last} "
        "(n = {n})."
    ),
    "Among the same people the mean rose by {change} ({limits}; n = {n}) between {first} and "
    "{last}.": (
        "Среди одних и тех же людей среднее выросло на {change} ({limits}; n = {n}), {first} → "
        "{last}."
    ),
    "Among the same people the mean fell by {change} ({limits}; n = {n}) between {first} and "
    "{last}.": (
        "Среди одних и тех же людей среднее снизилось на {change} ({limits}; n = {n}), {first} → "
        "{last}."
    ),
    "Left out: {waves}. Few people gave a number, or one of the two or three that there are; or "
    "nearly all who gave one are in another table, and the difference would tell of the few "
    "others.": (
        "Не показаны: {waves}. Мало людей назвали число или одно из двух-трёх, которые есть; либо "
        "почти все назвавшие вошли в другую таблицу, и разность рассказала бы о немногих остальных."
    ),
    "The mean was {figure} in {wave} (n = {n}), on a scale from {least} to {most}.": (
        "Среднее — {figure}, {wave} (n = {n}), на шкале от {least} до {most}."
    ),
    "{item}: mean at each wave": "{item}: среднее в каждой волне",
    "{item}: mean of the same people, {pair}": "{item}: среднее одних и тех же людей, {pair}",
    "{item}: who moved up and down, {pair}": "{item}: чьи ответы сместились вверх и вниз, {pair}",
    "{item}: means by {group}": "{item}: средние, {group}",
    "{item}: mean by group, {wave}": "{item}: среднее по группам, {wave}",
    "{item}: change of the mean by group, {pair}": "{item}: изменение среднего по группам, {pair}",
    "A number such as 26% (23 to 30) is an estimate with its 95% interval. If the study were "
    "repeated many times in the same way, about 95 of 100 such intervals would hold the value "
    "that asking everyone in the same way would give.": (
        "Число вида 26 % (от 23 до 30) — оценка и её 95-процентный интервал. Если бы "
        "исследование повторили много раз тем же способом, около 95 из 100 таких интервалов "
        "содержали бы значение, которое дал бы такой же опрос всех."
    ),
    "After": "После",
    "All numbers and charts (zip)": "Все числа и графики (архив)",
    "All tables": "Все таблицы",
    "All tables of this question (Excel)": "Все таблицы этого вопроса (книга с листами)",
    "Answer": "Ответ",
    "Before": "До",
    "Change or unsteady answers": "Перемена или неустойчивые ответы",
    "Conducted by": "Исполнитель",
    "Contact": "Контакт",
    "Contents": "Содержание",
    "Data collection strategy": "Способ сбора данных",
    "Dates of fieldwork": "Даты опроса",
    "Download:": "Скачать:",
    "Estimate": "Оценка",
    "Every table and chart has its files below it: numbers as CSV, pictures as SVG, PNG and "
    "slides. All of them, with a description of every column:": (
        "Под каждой таблицей и графиком есть файлы: числа, картинки и слайды. Все они вместе, с "
        "описанием каждого столбца:"
    ),
    "Every two waves that the same people answered:": (
        "Все пары волн, в которых отвечали одни и те же люди:"
    ),
    "Fewer than {n} people are in the base.": "В базе менее {n} человек.",
    "Fieldwork": "Даты опроса",
    "For each wave: see above.": "По каждой волне: см. выше.",
    "Gave another answer (turnover)": "Дали другой ответ (оборот)",
    "How much changed": "Сколько изменилось",
    "How the data were made": "Как получены данные",
    "How the data were processed and checked": "Как данные обработаны и проверены",
    "How the data were weighted": "Как взвешены данные",
    "How the sample was drawn and recruited": "Как построена и набрана выборка",
    "How to read this report": "Как читать отчёт",
    "Ids of people were checked when waves were linked; answers are read by declared codes. "
    "Further checks: not declared.": (
        "Номера участников проверены при соединении волн; ответы прочитаны по объявленным кодам. "
        "Другие проверки: не указаны."
    ),
    "If nobody had changed their mind, and some answers had fallen on another one by mistake at "
    "each wave, these shares of wrong answers would explain all of the turnover: {parts}. "
    "Whether as many err is for the reader to judge: it is no estimate of how often people do.": (
        "Если бы никто не менял мнения, а часть ответов в каждой волне по ошибке попадала на "
        "другой вариант, весь оборот объяснили бы такие доли ошибочных ответов: {parts}. "
        "Ошибаются ли люди так часто, судить читателю: это не оценка частоты ошибок."
    ),
    "Intervals cover sampling only, not wrong answers, people never reached, or drop-out that is "
    "related to opinions.": (
        "Интервалы учитывают только выборку, но не ошибочные ответы, не тех, до кого не дошли, и "
        "не выбывание, связанное с мнениями."
    ),
    "Item": "Пункт",
    "Left out: this would tell of few people, by itself or beside what is shown above.": (
        "Не показано: это выдало бы ответы немногих людей, само по себе или рядом с показанным "
        "выше."
    ),
    "Left out: {waves}. Few people answered, or nearly all who did are in the tables of two "
    "waves, and the difference would tell of the few others.": (
        "Не показано: {waves}. Ответили немногие, или почти все ответившие уже есть в таблицах "
        "пар волн, и разница выдала бы ответы немногих остальных."
    ),
    "Limitations": "Ограничения",
    "Lost": "Выбыли",
    "Mode": "Способ опроса",
    "Mode of interview": "Способ опроса",
    "Moves": "Переходы",
    "Net change is how much an answer grew or shrank among the same people. Turnover is how many "
    "gave another answer; many moves can hide behind a small net change.": (
        "Чистое изменение — насколько вырос или снизился ответ среди одних и тех же людей. "
        "Оборот — сколько людей дали другой ответ; за малым чистым изменением может стоять много "
        "переходов."
    ),
    "New": "Новые",
    "Observed": "Наблюдаемый",
    "True": "Подлинный",
    "Wrong answers": "Ошибочные ответы",
    "Turnover": "Оборот",
    "Net change": "Чистое изменение",
    "Answers at the last wave": "Ответы в последней волне",
    "Linked": "Повторно",
    "What": "Показатель",
    "Categories": "Категории",
    "Not tested: {reason}.": "Не проверено: {reason}.",
    "Not asked": "Не спрашивали",
    "No interview": "Нет интервью",
    "Nobody who was to be asked again was lost.": (
        "Из тех, кого следовало опросить снова, не потерян никто."
    ),
    "All figures are withheld: they would tell of few people.": (
        "Все числа скрыты: они выдали бы ответы немногих людей."
    ),
    "The change from the first wave to the last is shown without an interval, because it could "
    "tell the answers of the few who answered at both of {pairs}.": (
        "Изменение от первой волны к последней дано без интервала: он мог бы выдать ответы тех "
        "немногих, кто ответил в обеих волнах ({pairs})."
    ),
    "{base} Intervals that would tell of few people are withheld.": (
        "{base} Интервалы, которые выдали бы ответы немногих людей, скрыты."
    ),
    "“{text}”": "«{text}»",
    "Do groups differ?": "Различаются ли группы?",
    "Coloured from {least} on: blue above 0, orange below.": (
        "Цветом — начиная с {least}: синий больше 0, оранжевый меньше."
    ),
    "{one} and {other}: {figure}.": "{one}, {other}: {figure}.",
    "Question": "Вопрос",
    "Other question": "Другой вопрос",
    "Gave another answer": "Дали другой ответ",
    "Figure {number}. {title}": "Рисунок {number}. {title}",
    "CSV as printed": "таблица как в отчёте",
    "{item}: who gave another answer, by {group}": "{item}: кто дал другой ответ, {group}",
    "{there} went from “{origin}” to “{destination}” between {first} and {last}, and {back} "
    "went back (n = {n}); all comparisons considered, they cannot be told apart.": (
        "Перешли от ответа «{origin}» к ответу «{destination}» {there}, обратно — {back}, "
        "{first} → {last} (n = {n}); с учётом всех сравнений эти потоки значимо не различаются."
    ),
    "No chart: {reason}": "Графика нет: {reason}",
    "In tables only, with more than {most} categories: {groups}.": (
        "Только в таблицах, потому что категорий больше {most}: {groups}."
    ),
    "No groups of people are compared: none has enough people.": (
        "Группы не сравниваются: ни в одной нет достаточного числа людей."
    ),
    "Not declared: {waves} (fieldwork).": "Не указано: {waves} (даты опроса).",
    "Not due at a wave are people who were not to be interviewed there. They are neither lost "
    "nor missing: shares of drop-out leave them out.": (
        "Не подлежали опросу в волне те, кого там и не собирались опрашивать. Они не выбыли и не "
        "пропущены: доли выбывших их не учитывают."
    ),
    "Numbers and charts to take away": "Числа и графики для скачивания",
    "Numbers with a base of fewer than {least} people, and moves of fewer than {few}, are "
    "withheld, and so are others from which they could be computed.": (
        "Числа с базой менее {least} человек и переходы менее {few} человек скрыты, как и "
        "другие, из которых их можно вычислить."
    ),
    "Overview": "Обзор",
    "Part": "Часть",
    "Part of turnover may be unsteady answering. A latent Markov model tells it from true "
    "change, as far as its assumptions hold. It takes most of what is said once and taken back "
    "for error, short-lived changes of mind included.": (
        "Часть оборота может быть неустойчивостью ответов. Скрытая марковская модель отделяет её "
        "от подлинных перемен, насколько верны её допущения. Большую часть сказанного однажды и "
        "взятого назад она считает ошибкой, в том числе недолгие перемены мнения."
    ),
    "People interviewed at each wave, without weights": "Опрошенные в каждой волне, без весов",
    "People joined this panel by themselves; they were not drawn at random. The intervals in "
    "this report are model-based: they assume that, given the weights, joining the panel and "
    "staying in it are unrelated to the answers. No number here can show whether that is true.": (
        "Люди вошли в эту панель сами, их не отбирали случайно. Интервалы отчёта модельные: они "
        "предполагают, что с учётом весов участие в панели и продолжение его не связаны с "
        "ответами. Ни одно число здесь не покажет, верно ли это."
    ),
    "Population": "Совокупность",
    "Population under study": "Изучаемая совокупность",
    "Questions as they were asked": "Формулировки вопросов",
    "Response rate": "Доля ответивших",
    "Rows that differ do not show that one group was easier to persuade: people who answer less "
    "steadily move more.": (
        "Различия строк не означают, что кого-то было легче переубедить: чаще переходят те, кто "
        "отвечает менее устойчиво."
    ),
    "Sample sizes and precision": "Объёмы выборок и точность",
    "Sampling": "Выборка",
    "Shares at a wave are about everyone who answered there. Moves, turnover and net change are "
    "about the people who answered at both waves. The two need not agree.": (
        "Доли в волне — среди всех ответивших в ней. Переходы, оборот и чистое изменение — среди "
        "ответивших в обеих волнах. Они могут не совпадать."
    ),
    "Sponsor": "Заказчик",
    "Survey of a panel: the same people, asked again.": (
        "Панельный опрос: одних и тех же людей спрашивают снова."
    ),
    "The base is the people a percentage is a share of. It stands under every table, with their "
    "number before weighting (n).": (
        "База — люди, долю которых показывает процент. Она стоит под каждой таблицей с их числом "
        "до взвешивания (n)."
    ),
    "The same people were asked in {waves} waves; {n} took part in at least one.": (
        "Одних и тех же людей опросили несколько раз, волн: {waves}; хотя бы в одной участвовал "
        "{n} человек.",
        "Одних и тех же людей опросили несколько раз, волн: {waves}; хотя бы в одной участвовали "
        "{n} человека.",
        "Одних и тех же людей опросили несколько раз, волн: {waves}; хотя бы в одной участвовали "
        "{n} человек.",
    ),
    "The study declares no wording for this question.": (
        "Формулировка вопроса в исследовании не указана."
    ),
    "The way of those who answered first, as a chart": "Путь ответивших в первой волне, график",
    "The wording of every question stands on its page.": (
        "Формулировка каждого вопроса стоит на его странице."
    ),
    "This study": "Это исследование",
    "Trend": "Динамика",
    "True change cannot be told from unsteady answers here: no model that could tell them apart "
    "fits what was asked and of whom.": (
        "Подлинные перемены здесь не отличить от неустойчивых ответов: ни одна модель, которая "
        "могла бы их разделить, не подходит к тому, что и кого спрашивали."
    ),
    "Two waves cannot tell a change of mind from an unsteady answer: the same people would have "
    "to be asked a third time.": (
        "По двум волнам перемену мнения не отличить от неустойчивого ответа: тех же людей нужно "
        "было бы спросить в третий раз."
    ),
    "Weight": "Вес",
    "Weighting": "Взвешивание",
    "What AAPOR's Code asks every published survey to disclose": (
        "Что должен раскрывать каждый опубликованный опрос по кодексу Американской ассоциации "
        "исследователей общественного мнения"
    ),
    "What changed, by group": "Что изменилось, по группам",
    "What has to be disclosed": "Что следует раскрыть",
    "What the numbers rest on": "На чём основаны числа",
    "What was found": "Что выяснилось",
    "Where those of each answer went": "Куда перешли давшие каждый ответ",
    "Which answer codes count as which answer": "Какие коды относятся к какому ответу",
    "Who changed, by group": "Кто изменил ответ, по группам",
    "Who moved where": "Кто куда перешёл",
    "Who sponsored and who conducted it": "Заказчик и исполнитель",
    "Who was asked": "Кого опросили",
    "Who was lost": "Кто выбыл",
    "Whom to ask": "К кому обращаться",
    "Without a wording: {items}.": "Без формулировки: {items}.",
    "n for each wave: see above. Every figure has its n and its 95% interval beside it.": (
        "n по волнам: см. выше. Рядом с каждым числом стоят его n и 95-процентный интервал."
    ),
    "not declared": "не указано",
    "numbers": "числа",
    "of these, moves among three or more answers": "из них переходы между тремя и более ответами",
    "of these, net change": "из них чистое изменение",
    "of these, swapped answers": "из них встречные переходы",
    "p, adjusted": "значимость с поправкой",
    "p, adjusted: all comparisons about this question are one family. Joint tests come first; "
    "single comparisons count only where theirs shows a difference (Holm 1979). Intervals stand "
    "alone: of many, some exclude zero by chance.": (
        "Значимость с поправкой: все сравнения по этому вопросу — одно семейство. Сначала общие "
        "критерии; отдельные сравнения засчитываются, только если общий показал различие (Холм, "
        "1979). Интервалы стоят сами по себе: из многих некоторые не содержат нуля случайно."
    ),
    "per cent": "в процентах",
    "percentage points": "в процентных пунктах",
    "{item}: answers at each wave": "{item}: ответы по волнам",
    "{item}: answers by {group}": "{item}: ответы по группам ({group})",
    "{item}: net change by {group}": "{item}: чистое изменение по группам ({group})",
    "{item}: observed and true turnover, by a model": (
        "{item}: наблюдаемый и подлинный оборот по модели"
    ),
    "{item}: opposite moves compared, in points": "{item}: встречные переходы, разница в п. п.",
    "{item}: the way of those who answered first": "{item}: путь ответивших в первой волне",
    "{item}: turnover in per cent, net change in points, with 95% intervals, {pair}": (
        "{item}: оборот в процентах, чистое изменение в п. п., с 95-процентными интервалами, {pair}"
    ),
    "{item}: where those of each answer went, {pair}": (
        "{item}: куда перешли давшие каждый ответ, {pair}"
    ),
    "{item}: who gave another answer, by group": "{item}: кто дал другой ответ, по группам",
    "{item}: who moved where, {pair}": "{item}: кто куда перешёл, {pair}",
    "{item}: wrong answers that would explain all turnover": (
        "{item}: доли ошибочных ответов, которые объяснили бы весь оборот"
    ),
    "{item}: “{state}” by group, {pair}": "{item}: «{state}» по группам, {pair}",
    "{origin} → {destination}, less the way back": (
        "{origin} → {destination} минус обратный переход"
    ),
    "{pair}: {both} people took part in both; {lost} ({share}) were not interviewed again.": (
        "{pair}: участвовали в обеих — {both}; не опрошены снова — {lost} ({share})."
    ),
    "{text} Fieldwork: {days}.": "{text} Даты опроса: {days}.",
    "{title}, {unit} with 95% intervals": "{title}, {unit}, с 95-процентными интервалами",
    "“No detectable difference” does not show that two numbers are equal: the sample is too "
    "small to tell them apart.": (
        "«Различие не обнаружено» не значит, что числа равны: выборка слишком мала, чтобы их "
        "различить."
    ),
    "This chart needs JavaScript; the table below holds its numbers.": (
        "Для графика нужен включённый в браузере язык сценариев; его числа — в таблице ниже."
    ),
    "The numbers of this chart as a table": "Числа этого графика в таблице",
    "From": "С",
    "To": "По",
    "< 0.001": "< 0,001",
    "Net change (joint test)": "Чистое изменение (общий критерий)",
    "All waves": ("Все волны"),
    "Base: people who answered both questions at both waves.": (
        "База: ответившие на оба вопроса в обеих волнах."
    ),
    "Below 0.05 the categories differ by more than chance explains.": (
        "Ниже 0,05 категории различаются больше, чем можно объяснить случайностью."
    ),
    "Column in the file": ("Столбец файла"),
    "Correlation of change (phi), 95% intervals, {pair}": (
        "Корреляция изменений (фи), 95-процентные интервалы, {pair}"
    ),
    "Each figure is the correlation (phi) of two changes: whether people gave another "
    "answer to one question, and whether they did to the other. It is 1 where the same "
    "people changed both answers, 0 where those who changed one changed the other as "
    "often as everybody, and below 0 where they did so less often.": (
        "Каждое число — корреляция (фи) двух изменений: дал ли человек другой ответ на один "
        "вопрос и дал ли он другой ответ на второй. Она равна 1, если оба ответа изменили "
        "одни и те же люди; 0, если изменившие один ответ меняли второй так же часто, как "
        "все; и меньше 0, если реже."
    ),
    "Every two categories compared": ("Попарное сравнение категорий"),
    "How the answers changed together": ("Как ответы менялись вместе"),
    "In one chart": ("На одном графике"),
    "Linked: interviewed at an earlier wave, too. New: interviewed for the first time. "
    "Lost: interviewed at the wave before, or the last at which they were due, and not "
    "here.": (
        "Связаны: опрошены и в одной из прежних волн. Новые: опрошены впервые. Выбыли: "
        "опрошены в предыдущей волне или в последней, где их следовало опросить, но не в "
        "этой."
    ),
    "Moves there and back (joint test)": "Переходы туда и обратно (общий критерий)",
    "Not declared: {what}": ("Не указано: {what}"),
    "Of those who answered in {first}, these shares were not interviewed later: {parts}.": (
        "Из ответивших ({first}) позже не опрошены: {parts}."
    ),
    "People who answer unsteadily change many answers, so figures above 0 need not mean "
    "that one opinion moved with the other. Of many intervals some exclude 0 by chance.": (
        "Люди с неустойчивыми ответами меняют многие из них, поэтому числа больше 0 не "
        "обязательно означают, что одно мнение менялось вместе с другим. Из многих "
        "интервалов некоторые не содержат 0 случайно."
    ),
    "not tested": ("не проверялось"),
    "{change} percentage points": "{change} п. п.",
    "{figure} (n = {n})": "{figure} (n = {n})",
    "{figure} ({limits}; n = {n})": "{figure} ({limits}; n = {n})",
    "{category} less {other}": ("{category} минус {other}"),
    "{item}: codes in the data files": ("{item}: коды в файлах данных"),
    "{item}: do groups differ? p of joint tests, adjusted": (
        "{item}: различаются ли группы? Значимость общих критериев с поправкой"
    ),
    "{item}: every two categories, where groups differ": (
        "{item}: попарно все категории, где группы различаются"
    ),
    "{share} in {wave}": ("{share} ({wave})"),
    "“{state}” was the answer of {share} in {wave} (n = {n}).": (
        "Ответ «{state}» дали {share} ({wave}; n = {n})."
    ),
    "group of people": "группа людей",
    "Asked at one wave only or read as one answer, and therefore without a page: {items}.": (
        "Спрошено только в одной волне или прочитано как один ответ, поэтому без страницы: {items}."
    ),
    "< 0.05": "< 0,05",
    # What `datapackage.json` says of the columns of tables.
    "share of the base, from 0 to 1": "доля базы, от 0 до 1",
    "difference of shares, from -1 to 1": "разность долей, от -1 до 1",
    "number": "число",
    "share of the base, from 0 to 1; of net change a difference of such shares": (
        "доля базы, от 0 до 1; у чистого изменения — разность таких долей"
    ),
    "people": "люди",
    "probability": "вероятность",
    "weighted estimate; empty where it is withheld or cannot be known": (
        "взвешенная оценка; пусто, если она скрыта или не может быть известна"
    ),
    "standard error of the estimate": "стандартная ошибка оценки",
    "lower end of the 95% interval": "нижняя граница 95-процентного интервала",
    "upper end of the 95% interval": "верхняя граница 95-процентного интервала",
    "people in the base, before weighting": "людей в базе, до взвешивания",
    "people counted by the estimate, before weighting": (
        "людей, которых считает оценка, до взвешивания"
    ),
    "p-value, adjusted for all comparisons about the question": (
        "значимость с поправкой на все сравнения по этому вопросу"
    ),
    "wave": "волна",
    "earlier wave of the pair": "более ранняя волна пары",
    "later wave of the pair": "более поздняя волна пары",
    "answer": "ответ",
    "answer at the earlier wave": "ответ в более ранней волне",
    "answer at the later wave": "ответ в более поздней волне",
    "part of turnover": "часть оборота",
    "part of turnover, net change of the answer, or what differs between categories": (
        "часть оборота, чистое изменение ответа или то, чем различаются категории"
    ),
    "group whose categories are compared": "группа, категории которой сравниваются",
    "category of the group": "категория группы",
    "category that is taken from it": "категория, которая из неё вычитается",
    "question": "вопрос",
    "question that it is set beside": "вопрос, с которым он сопоставлен",
    "whether the adjusted test shows a difference": ("показывает ли критерий с поправкой различие"),
    "whether the figure is withheld, to protect the people behind it": (
        "скрыто ли число, чтобы защитить стоящих за ним людей"
    ),
}
