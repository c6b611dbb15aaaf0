"""Who is in a base, with which weight, and who is not, in Russian."""

RUSSIAN_BASES: dict[str, str | tuple[str, ...]] = {
    "At {wave} nobody is in a group of {group}, the answers at {other}: every wave asked other "
    "people.": (
        "{wave}: ни в одной из групп «{group}» (по ответам в волне «{other}») никого нет, потому "
        "что в каждой волне опрошены другие люди."
    ),
    # Who is in a base.
    "people with an answer at the wave": "ответившие в соответствующей волне",
    "people with an answer at the wave (each wave a cross-section)": (
        "ответившие в соответствующей волне (каждая волна — отдельный срез)"
    ),
    "people who answered all {number} columns of the scale at the wave": (
        "ответившие в соответствующей волне на все вопросы шкалы ({number})"
    ),
    "people with an answer at both waves": "ответившие в обеих волнах",
    "people with an answer to the item at the wave (each wave a cross-section)": (
        "ответившие на вопрос в соответствующей волне (каждая волна — отдельный срез)"
    ),
    "people with an answer to the item at both waves": "ответившие на вопрос в обеих волнах",
    "people with an answer to the item at all of {waves}": (
        "ответившие на вопрос во всех волнах ({waves})"
    ),
    "people with an answer to both items at the wave": (
        "ответившие на оба вопроса в соответствующей волне"
    ),
    "people with an answer to both items at both waves": (
        "ответившие на оба вопроса в обеих волнах"
    ),
    "people with an answer at all of {waves}": "ответившие во всех волнах ({waves})",
    "people with an answer at {first} and {last}; missing answers in between are skipped": (
        "ответившие в волнах «{first}» и «{last}»; пропуски между ними не учитываются"
    ),
    "people with an answer at {first} and {last} and at {n} waves or more; missing answers in "
    "between are skipped": (
        "ответившие в волнах «{first}» и «{last}» и не менее чем в {n} волнах; пропуски между ними "
        "не учитываются"
    ),
    "Without an answer at one wave or more in between: {people} of the base. A change there counts "
    "at the next wave with an answer.": (
        "Без ответа в одной или нескольких волнах между ними: {people} из базы. Перемена там "
        "отнесена к следующей волне с ответом."
    ),
    "everyone interviewed at all of {waves}": "все опрошенные во всех волнах ({waves})",
    "{base}, who answered {items}": "{base}, ответившие на вопросы: {items}",
    "{name} in {some} of {n}": "{name} — в {some} из {n}",
    "Undefined under some replicates, and so without a standard error: {which}.": (
        "Не определены при некоторых наборах весов и потому без стандартной ошибки: {which}."
    ),
    "The same under every replicate, and so without an interval: {which}. A function must use the "
    "column “{column}”.": (
        "Одинаковы при всех наборах весов и потому без интервала: {which}. Функция должна "
        "использовать столбец «{column}»."
    ),
    "{text} {more}": "{text} {more}",
    "{share} of the answers were imputed, and only once: intervals are too narrow.": (
        "Восстановлено ответов: {share}, причём один раз, поэтому интервалы слишком узкие."
    ),
    "{share} of the answers were imputed ({times} times), taking those who did not answer to "
    "differ only by what is known of them.": (
        "Восстановлено ответов: {share} (повторов: {times}); предполагается, что не ответившие "
        "отличаются лишь тем, что о них известно."
    ),
    "Fraction of missing information: {found}.": "Доля утраченной информации: {found}.",
    "{weight} of {wave}": "{weight} волны «{wave}»",
    "everyone interviewed at {wave}": "все опрошенные в волне «{wave}»",
    "everyone interviewed at the earlier wave": "все опрошенные в более ранней волне",
    "everyone interviewed at the earlier wave and due at the later one": (
        "все опрошенные в более ранней волне, кто подлежал опросу и в более поздней"
    ),
    "everyone interviewed at the later wave": "все опрошенные в более поздней волне",
    "everyone interviewed at the earlier wave with an answer at either wave": (
        "все опрошенные в более ранней волне, кто ответил хотя бы в одной из двух"
    ),
    "everyone interviewed at the earlier wave and due at the later one, with an answer at either "
    "wave": (
        "все опрошенные в более ранней волне, кто подлежал опросу и в более поздней и ответил хотя "
        "бы в одной из двух"
    ),
    "{base}, and those with a weight and an answer at the later wave only": (
        "{base}, а также те, у кого вес и ответ есть только в более поздней волне"
    ),
    "psi: everyone interviewed; rho: those with an answer at the earlier wave; tau: those without "
    "one": ("ψ: все опрошенные; ρ: ответившие в более ранней волне; τ: не ответившие в ней"),
    "{base}, with a known {groups}": "{base}, с известными данными: {groups}",
    "{base}, {domain}": "{base}, {domain}",
    "{group} {categories}": "{group}: {categories}",
    "who answered at all of {waves}": "кто ответил во всех волнах ({waves})",
    "who gave an answer at {wave}": "кто ответил в волне «{wave}»",
    "Bounds, and no estimate: the shares at both waves leave everything between them possible. "
    "Intervals reach from each bound as far as sampling error allows.": (
        "Это границы, а не оценка: при таких долях в обеих волнах возможно всё, что между ними. "
        "Интервалы показывают, насколько каждую границу может отодвинуть ошибка выборки."
    ),
    "{text} Assumed: {told}.": "{text} Предположения: {told}.",
    "each group has the mean of its sizes at both waves": (
        "каждая группа имеет средний из её размеров в двух волнах"
    ),
    "nobody leaves a group of {groups}": "никто не меняет группу ({groups})",
    "nobody moves more than one state": "никто не переходит дальше соседнего ответа",
    "nobody moves more than {n} states": "никто не переходит дальше чем на {n} ответа",
    "no more than {share} of people move": "ответ меняют не больше {share} людей",
    "{base}, the smaller of the two compared": "{base}; меньшая из двух сравниваемых баз",
    "{base}; for “answered”, those with an answer at both waves": (
        "{base}; для строки «ответившие» — ответившие в обеих волнах"
    ),
    "{base}, at neither wave of the pair {states}": (
        "{base}, кроме выбравших хотя бы в одной из двух волн: {states}"
    ),
    "people with an answer at {wave}, until the first change": (
        "ответившие в волне «{wave}», до первого изменения ответа"
    ),
    "{base}, who left their first state before {wave}": (
        "{base}, изменившие первый ответ до волны «{wave}»"
    ),
    # Weights.
    "weight": "вес",
    "none (unweighted)": "нет (данные не взвешены)",
    "equal weights": "равные веса",
    "{weight} ({when})": "{weight} ({when})",
    "at {wave}": "волна «{wave}»",
    "at {wave}, the later wave": "волна «{wave}», более поздняя",
    "longitudinal, {first} → {last}": "лонгитюдный, {first} → {last}",
    "{earlier}; new people: {other}": "{earlier}; для новых участников: {other}",
    "before: {before}; after: {after}": "до: {before}; после: {after}",
    "{method} to {margins}": "{method} по: {margins}",
    "raked": "итеративное взвешивание",
    "post-stratified": "постстратификация",
    "calibrated (linear)": "калибровка (линейная)",
    "calibrated (logit, factors {low} to {high})": (
        "калибровка (логит, множители от {low} до {high})"
    ),
    "anchored": "привязка",
    "anchored (factors {low} to {high})": "привязка (множители от {low} до {high})",
    "known {item} at {wave}": "известный результат «{item}», волна «{wave}»",
    "{calibration}: {shift}": "{calibration}: {shift}",
    "less than {share}": "менее {share}",
    "{share} of the weight shifts between flows, at most {points} points in one": (
        "{share} веса перешло из одних потоков в другие, самое большее {points} п. п. в одном"
    ),
    "{share} of the weight shifts between states, at most {points} points in one": (
        "{share} веса перешло из одних ответов в другие, самое большее {points} п. п. в одном"
    ),
    "trimmed to {low} to {high}": "веса ограничены от {low} до {high}",
    "trimmed to at least {low}": "веса не меньше {low}",
    "trimmed to at most {high}": "веса не больше {high}",
    "attrition weights ({groups}; {how})": "поправка на выбытие ({groups}; {how})",
    "taken as fixed": "считается точной",
    "refitted under every replicate weight": "пересчитана для каждого набора весов",
    # Who is not in a base.
    "{some} of {n} person ({share})": "{some} из {n} человека ({share})",
    "{some} of {n} people ({share})": (
        "{some} из {n} человека ({share})",
        "{some} из {n} человек ({share})",
        "{some} из {n} человек ({share})",
    ),
    "At {wave}, {part} was not asked this question": (
        "Вопрос не задавали: волна «{wave}» — {part}"
    ),
    "At {wave}, {part} were not asked this question": (
        "Вопрос не задавали: волна «{wave}» — {part}"
    ),
    "at {wave}, {part}": "волна «{wave}» — {part}",
    "{share} at {wave}": "{share} (волна «{wave}»)",
    "Of the people interviewed, {asked} were asked this question: part of the difference may be "
    "who was asked.": (
        "Вопрос задавали {asked} опрошенных: часть разницы может объясняться тем, кому его "
        "задавали."
    ),
    "interviewed at {wave}": "с интервью в волне «{wave}»",
    "with an answer": "с ответом",
    "with an answer at both waves": "с ответом в обеих волнах",
    "with an answer at all of {waves}": "с ответом во всех волнах ({waves})",
    "the weight 0": "вес равен 0",
    "{people} who dropped out": "{people} (больше не опрошены)",
    "{people} who missed a wave and came back, and may have changed meanwhile": (
        "{people} (пропустили волну и вернулись, ответ мог за это время измениться)"
    ),
    "Counted until the last wave before a missing answer, as if those lost went on to change like "
    "the others: {who}.": (
        "Учтены до последней волны перед пропуском, как если бы дальше их ответы менялись так же, "
        "как у остальных: {who}."
    ),
    "no weight or the weight 0": "вес не указан или равен 0",
    "{n} person {who} has {nothing} and does not count.": (
        "Не учтён {n} человек {who}: {nothing}."
    ),
    "{n} people {who} have {nothing} and do not count.": (
        "Не учтён {n} человек {who}: {nothing}.",
        "Не учтены {n} человека {who}: {nothing}.",
        "Не учтено {n} человек {who}: {nothing}.",
    ),
    "{waves}: {text}": "{waves}. {text}",
    "Of {started}, {answered} {when}": "Из {started}, {answered} {when}",
    "{n} person interviewed at {wave}": "{n} человека, опрошенного в волне «{wave}»",
    "{n} people interviewed at {wave}": (
        "{n} человека, опрошенного в волне «{wave}»",
        "{n} человек, опрошенных в волне «{wave}»",
        "{n} человек, опрошенных в волне «{wave}»",
    ),
    "{people} with a positive weight there": "{people} с положительным весом",
    "{people} and due at {waves}": "{people} и подлежавших опросу ({waves})",
    "{n} answered": ("{n} ответил", "{n} ответили", "{n} ответили"),
    "{n} ({share}) answered": (
        "{n} ({share}) ответил",
        "{n} ({share}) ответили",
        "{n} ({share}) ответили",
    ),
    "{n} ({share}, weighted) answered": (
        "{n} ({share} с учётом весов) ответил",
        "{n} ({share} с учётом весов) ответили",
        "{n} ({share} с учётом весов) ответили",
    ),
    "at all of {waves}": "во всех волнах ({waves})",
    "both then and at {wave}": "и тогда, и в волне «{wave}»",
    "both at {first} and at {last}": "и в волне «{first}», и в волне «{last}»",
    "Other codes count as the same answer: {codes}.": (
        "Одному и тому же ответу соответствуют разные коды: {codes}."
    ),
    "The shares of options are of other people in each study: {people}.": (
        "Доли вариантов посчитаны в исследованиях от разных людей: {people}."
    ),
    "who selected an option": "кто выбрал хотя бы один вариант",
    "who selected an option, or nothing": "кто выбрал хотя бы один вариант или не выбрал ничего",
    "who selected an option, or that of none": (
        "кто выбрал хотя бы один вариант или «ничего из них»"
    ),
    "who selected an option, that of none, or nothing": (
        "кто выбрал хотя бы один вариант, «ничего из них» или не выбрал ничего"
    ),
    "The wording is not the same in all studies: part of a difference may be the question.": (
        "Формулировки в исследованиях не одинаковы: часть различия может объясняться вопросом."
    ),
    # Sources of interviews that were combined.
    "Combined from {n} sources, each weighted by its precision: {sources}.": (
        "Объединён {n} источник, каждый с весом по своей точности: {sources}.",
        "Объединены {n} источника, каждый с весом по своей точности: {sources}.",
        "Объединены {n} источников, каждый с весом по своей точности: {sources}.",
    ),
    "answers of the sources with the effect, at its waves": (
        "ответы источников с этим эффектом в его волнах"
    ),
    "panel": "панель",
    "joined {wave}": "пришедшие в волне «{wave}»",
    "Differences between sources, estimated: {names}.": "Оценены различия источников: {names}.",
    "Differences between sources, of a declared size: {names}.": (
        "Учтены различия источников известной величины: {names}."
    ),
    "The sources disagree by more than chance would explain, and were pooled anyway.": (
        "Источники расходятся больше, чем можно объяснить случайностью, и всё же объединены."
    ),
    "the sample is too small for this test, or known results decide it already": (
        "выборка для этого слишком мала, или ответ уже следует из известных результатов"
    ),
    "the samples are too small for this test": "выборки слишком малы для этого критерия",
}
