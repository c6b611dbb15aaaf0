"""The titles and descriptions of charts in Russian, as a newspaper would write them."""

# Titles begin with small letters, as they follow the name of the item and a colon. Verbs agree with
# the answer, not with a share: 21 % изменил, 22 % изменили.
RUSSIAN_TITLES: dict[str, str | tuple[str, ...]] = {
    # Findings.
    "{share} changed their answer between {first} and {last}": (
        "у {share} опрошенных ответ изменился, {first} → {last}"
    ),
    "{share} gave the same answer every time, {when}": (
        "у {share} опрошенных ответ ни разу не изменился, {when}"
    ),
    "{share} gave the same answer both times, {when}": (
        "у {share} опрошенных ответ не изменился, {when}"
    ),
    "of those who said “{origin}” in {first}, {share} said “{destination}” in {last}": (
        "у {share} ответивших «{origin}» ({first}) ответ сменился на «{destination}» ({last})"
    ),
    "of those who said “{destination}” in {last}, {share} had said “{origin}” in {first}": (
        "у {share} ответивших «{destination}» ({last}) прежним ответом было «{origin}» ({first})"
    ),
    "“{state}” rose by {n} points between {first} and {last}": (
        "доля ответа «{state}» выросла на {n}\u00a0п.\u00a0п., {first} → {last}"
    ),
    "“{state}” fell by {n} points between {first} and {last}": (
        "доля ответа «{state}» снизилась на {n}\u00a0п.\u00a0п., {first} → {last}"
    ),
    "“{state}” rose by less than 1 point between {first} and {last}": (
        "доля ответа «{state}» выросла менее чем на 1\u00a0п.\u00a0п., {first} → {last}"
    ),
    "“{state}” fell by less than 1 point between {first} and {last}": (
        "доля ответа «{state}» снизилась менее чем на 1\u00a0п.\u00a0п., {first} → {last}"
    ),
    "no detectable change between {first} and {last}": (
        "статистически значимых изменений не обнаружено, {first} → {last}"
    ),
    "“{state}” is most common among “{group}”, {when}": (
        "ответ «{state}» чаще всего выбирают в группе «{group}», {when}"
    ),
    "“{state}” is more common among “{group}” than among “{other}”, {when}": (
        "ответ «{state}» чаще выбирают в группе «{group}», чем в группе «{other}», {when}"
    ),
    "more moved from “{origin}” to “{destination}” than back between {first} and {last}": (
        "из «{origin}» в «{destination}» перешло больше людей, чем обратно, {first} → {last}"
    ),
    "{n} of {total} differences are detectable": (
        "различия статистически значимы в {n} случае из {total}",
        "различия статистически значимы в {n} случаях из {total}",
        "различия статистически значимы в {n} случаях из {total}",
    ),
    "a detectable difference": "статистически значимое различие",
    "no detectable difference": "статистически значимых различий не обнаружено",
    "the mean rose by {change} between {first} and {last}": (
        "среднее выросло на {change}, {first} → {last}"
    ),
    "the mean fell by {change} between {first} and {last}": (
        "среднее снизилось на {change}, {first} → {last}"
    ),
    "among the same people the mean rose by {change} between {first} and {last}": (
        "среди одних и тех же людей среднее выросло на {change}, {first} → {last}"
    ),
    "among the same people the mean fell by {change} between {first} and {last}": (
        "среди одних и тех же людей среднее снизилось на {change}, {first} → {last}"
    ),
    "the mean is highest among “{group}”, {when}": (
        "среднее выше всего в группе «{group}», {when}"
    ),
    "the mean is higher among “{group}” than among “{other}”, {when}": (
        "среднее в группе «{group}» выше, чем в группе «{other}», {when}"
    ),
    # What is shown.
    "mean": "среднее",
    "quantiles": "квантили",
    "{item} by the answer to “{other}”": "{item}: в зависимости от ответа на вопрос «{other}»",
    "how many moved which way": "сколько людей и в какую сторону изменили ответ",
    "correlation between waves": "корреляция между волнами",
    "Cronbach’s alpha": "альфа Кронбаха",
    "average effects on later answers": "средние эффекты для последующих ответов",
    "average effects on the answers": "средние эффекты для ответов",
    "average effects on a first change": "средние эффекты для первого изменения ответа",
    "whether the two change together": "меняются ли оба ответа вместе",
    "later answers by the earlier answer to the other question": (
        "последующие ответы в зависимости от прежнего ответа на другой вопрос"
    ),
    "mean change among the same people": "среднее изменение среди одних и тех же людей",
    "answers": "ответы",
    "who can have moved where": "кто куда мог перейти",
    "who moved where": "кто и как изменил ответ",
    "who moved where, with missing answers estimated": (
        "кто и как изменил ответ, с оценкой пропущенных ответов"
    ),
    "corrected for assumed wrong answers": "с поправкой на предполагаемые ошибочные ответы",
    "how people had answered before": "как отвечали раньше",
    "the paths people took": "как менялись ответы",
    "how many changed their answer": "сколько людей изменили ответ",
    "net change": "чистый сдвиг",
    "gains and losses": "приток и отток",
    "who gave the same answer every time": "кто каждый раз отвечал одинаково",
    "when people first changed their answer": "когда ответ впервые изменился",
    "who had not changed their answer yet": "у кого ответ ещё не изменился",
    "who came back to their first answer": "кто вернулся к первому ответу",
    "how often people changed their answer": "как часто менялись ответы",
    "who dropped out": "кто выбыл из панели",
    "answers to both questions": "ответы на оба вопроса",
    "how many changed both answers": "сколько людей изменили оба ответа",
    "differences": "различия",
    "results": "результаты",
    "{what} by {groups}": "{what} по группам ({groups})",
    # Descriptions.
    "No figure can be shown: too few people.": (
        "Показать нельзя ни одной цифры: слишком мало людей."
    ),
    "Changed their answer: {figures}.": "Изменили ответ: {figures}.",
    "The same answer every time: {figures}.": "Каждый раз отвечали одинаково: {figures}.",
    "{wave}: {figures}.": "{wave}: {figures}.",
    "Largest moves: {figures}.": "Самые большие переходы: {figures}.",
    "Largest changes: {figures}.": "Самые большие изменения: {figures}.",
    "Largest differences: {figures}.": "Самые большие различия: {figures}.",
    "Largest figures: {figures}.": "Самые большие показатели: {figures}.",
}
