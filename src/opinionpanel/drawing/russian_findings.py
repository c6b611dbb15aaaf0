"""What tests found about an item in Russian, as a newspaper would write it."""

# Names of answers, groups and waves are not declined: they stand in quotes or in brackets.
RUSSIAN_FINDINGS: dict[str, str | tuple[str, ...]] = {
    # Single comparisons.
    "“{state}” rose by {points} points ({limits}; n = {n}) between {first} and {last}.": (
        "Доля ответа «{state}» выросла на {points}\u00a0п.\u00a0п. ({limits}; n = {n}), {first} → "
        "{last}."
    ),
    "“{state}” fell by {points} points ({limits}; n = {n}) between {first} and {last}.": (
        "Доля ответа «{state}» снизилась на {points}\u00a0п.\u00a0п. ({limits}; n = {n}), {first} "
        "→ {last}."
    ),
    "Among the same people “{state}” rose by {points} points ({limits}; n = {n}) between "
    "{first} and {last}.": (
        "Среди одних и тех же людей доля ответа «{state}» выросла на {points}\u00a0п.\u00a0п. "
        "({limits}; "
        "n = {n}), {first} → {last}."
    ),
    "Among the same people “{state}” fell by {points} points ({limits}; n = {n}) between "
    "{first} and {last}.": (
        "Среди одних и тех же людей доля ответа «{state}» снизилась на {points}\u00a0п.\u00a0п. "
        "({limits}; "
        "n = {n}), {first} → {last}."
    ),
    "Between {first} and {last} more people went from “{origin}” to “{destination}” "
    "than back, by {points} points ({limits}; n = {n}).": (
        "От «{origin}» к «{destination}» перешло больше людей, чем обратно: разница "
        "{points}\u00a0п.\u00a0п. "
        "({limits}; n = {n}), {first} → {last}."
    ),
    "Between {first} and {last} a larger share gave another answer in “{category}” "
    "than in “{other}”, by {points} points ({limits}; n = {n}).": (
        "В группе «{category}» ответ изменился у большей доли людей, чем в группе «{other}»: "
        "разница {points}\u00a0п.\u00a0п. ({limits}; n = {n}), {first} → {last}."
    ),
    "Between {first} and {last} the change of “{state}” was {points} points "
    "({limits}; n = {n}) higher in “{category}” than in “{other}”.": (
        "Изменение доли ответа «{state}» в группе «{category}» на {points}\u00a0п.\u00a0п. "
        "({limits}; "
        "n = {n}) выше, чем в группе «{other}», {first} → {last}."
    ),
    "In {wave} “{state}” was more common in “{category}” than in “{other}”, by "
    "{points} points ({limits}; n = {n}).": (
        "Ответ «{state}» в группе «{category}» встречается чаще, чем в группе «{other}»: разница "
        "{points}\u00a0п.\u00a0п. ({limits}; n = {n}), {wave}."
    ),
    # Joint tests that found a difference.
    "Taken together, the shares of the answers changed over the waves from {first} to "
    "{last}, but no single one detectably differs between these two.": (
        "В совокупности доли ответов менялись от волны к волне, {first} → {last}, но ни для одного "
        "отдельного ответа различие первой и последней волны не значимо."
    ),
    "Among the same people the shares of the answers changed between {first} and {last}, "
    "taken together, but no single one detectably.": (
        "Среди одних и тех же людей доли ответов в совокупности изменились, {first} → {last}, но "
        "ни для одного отдельного ответа изменение не значимо."
    ),
    "Between {first} and {last} the flows between answers do not balance, taken "
    "together, but no two opposite flows can be told apart.": (
        "Переходы между ответами в совокупности не уравновешены, {first} → {last}, но ни для одной "
        "пары встречных переходов различие не значимо."
    ),
    "Between {first} and {last} the share that gave another answer differs by "
    "{group}, taken together, but no two categories can be told apart.": (
        "Доля изменивших ответ в совокупности различается по группам ({group}), {first} → {last}, "
        "но ни для каких двух групп различие не значимо."
    ),
    "Between {first} and {last} the shares of the answers changed differently by "
    "{group}, taken together, but no two categories can be told apart.": (
        "Доли ответов в совокупности изменились по группам ({group}) по-разному, {first} → {last}, "
        "но ни для каких двух групп различие не значимо."
    ),
    "In {wave} the answers differ by {group}, taken together, but no two categories "
    "can be told apart in a single answer.": (
        "Ответы в совокупности различаются по группам ({group}), {wave}, но ни для одного ответа "
        "в каких-либо двух группах различие не значимо."
    ),
    # Joint tests that found none.
    "Among all who answered, the shares of the answers did not detectably change from "
    "{first} to {last}.": (
        "Среди всех ответивших статистически значимых изменений долей ответов не обнаружено, "
        "{first} → {last}."
    ),
    "Among the same people the shares of the answers did not detectably change between "
    "{first} and {last}.": (
        "Среди одних и тех же людей статистически значимых изменений долей ответов не обнаружено, "
        "{first} → {last}."
    ),
    "Between {first} and {last} no flow detectably differs from the flow back.": (
        "Статистически значимых различий между встречными переходами не обнаружено, "
        "{first} → {last}."
    ),
    "Between {first} and {last} the share that gave another answer does not "
    "detectably differ by {group}.": (
        "Статистически значимых различий по группам ({group}) в доле изменивших ответ не "
        "обнаружено, {first} → {last}."
    ),
    "Between {first} and {last} the shares of the answers did not detectably "
    "change in other ways by {group}.": (
        "Статистически значимых различий по группам ({group}) в изменении долей ответов не "
        "обнаружено, {first} → {last}."
    ),
    "In {wave} the answers do not detectably differ by {group}.": (
        "Статистически значимых различий ответов по группам ({group}) не обнаружено, {wave}."
    ),
    # What was not tested.
    "Whether the shares of the answers changed was not tested: {reason}.": (
        "Изменились ли доли ответов, не проверялось: {reason}."
    ),
    "Whether the shares of the answers changed among the same people between {first} and "
    "{last} was not tested: {reason}.": (
        "Изменились ли доли ответов среди одних и тех же людей ({first} → {last}), не "
        "проверялось: {reason}."
    ),
    "Whether flows there and back between {first} and {last} differ was not tested: {reason}.": (
        "Различаются ли встречные переходы ({first} → {last}), не проверялось: {reason}."
    ),
    "Whether the share that gave another answer between {first} and {last} differs "
    "by {group} was not tested: {reason}.": (
        "Различается ли по группам ({group}) доля изменивших ответ ({first} → {last}), не "
        "проверялось: {reason}."
    ),
    "Whether the shares of the answers changed differently by {group} between "
    "{first} and {last} was not tested: {reason}.": (
        "По-разному ли изменились доли ответов по группам ({group}; {first} → {last}), не "
        "проверялось: {reason}."
    ),
    "Whether the answers in {wave} differ by {group} was not tested: {reason}.": (
        "Различаются ли ответы по группам ({group}; {wave}), не проверялось: {reason}."
    ),
    "shares are shown at one wave only": "доли показаны только для одной волны",
    "the question was not put in the same way to the same people each time": (
        "вопрос задавали не каждый раз одинаково и не одним и тем же людям"
    ),
    "the sample is too small for this test, or nobody in it changed": (
        "выборка для этого слишком мала, или ни у кого в ней ответ не изменился"
    ),
    "nothing varies in what is compared, as where all changed by the same number": (
        "в сравниваемом нет разброса: например, у всех число изменилось одинаково"
    ),
    "nothing varies in what is compared, as where everyone gave the same answer": (
        "в сравниваемом нет разброса: например, все дали один и тот же ответ"
    ),
    "nothing varies in what is compared, as where everyone gave the same number": (
        "в сравниваемом нет разброса: например, все назвали одно и то же число"
    ),
    "too few people are in what would be compared": "в сравниваемых группах слишком мало людей",
    "some of what would be compared is withheld, as it would tell of few people": (
        "часть сравниваемого скрыта: она выдала бы ответы немногих людей"
    ),
    # An estimate that no test stands behind.
    "Of the people who answered both times {share} gave different answers in {first} and {last} "
    "(n = {n}).": "У {share} ответивших оба раза ответ изменился, {first} → {last} (n = {n}).",
    "Of the people who answered both times {share} gave different answers in {first} and {last} "
    "(n = {n}); no share changed detectably, and no flow differs detectably from the flow back.": (
        "У {share} ответивших оба раза ответ изменился, {first} → {last} (n = {n}); статистически "
        "значимых изменений долей и различий встречных переходов не обнаружено."
    ),
}
