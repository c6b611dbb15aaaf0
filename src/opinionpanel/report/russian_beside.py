"""The Russian words of pages that set several studies side by side."""

RUSSIAN_BESIDE: dict[str, str | tuple[str, ...]] = {
    "Answers by study": "Ответы по исследованиям",
    "How much the studies differ": "Насколько исследования различаются",
    "In {wave} the answers differ between {study} and {other}, taken together, but no single "
    "answer detectably does.": (
        "{wave}: ответы в целом различаются ({study}, {other}), но ни по одному отдельному ответу "
        "различие не обнаружено."
    ),
    "In {wave} the answers do not detectably differ between {study} and {other}.": (
        "{wave}: различие ответов не обнаружено ({study}, {other})."
    ),
    "In {wave} the mean does not detectably differ between {study} and {other}.": (
        "{wave}: различие средних не обнаружено ({study}, {other})."
    ),
    "In {wave} the mean was higher in {more} than in {less}, by {change} ({limits}; n = {n} and "
    "{other_n}).": (
        "{wave}: среднее выше — {more}, ниже — {less}; разница {change} ({limits}; n = {n} и "
        "{other_n})."
    ),
    "In {wave} “{state}” was more common in {more} than in {less}, by {points} points ({limits}; "
    "n = {n} and {other_n}).": (
        "{wave}: ответ «{state}» чаще — {more}, реже — {less}; разница {points} п. п. ({limits}; "
        "n = {n} и {other_n})."
    ),
    "Not compared: {studies}. No wave has the same name there, or too few answered; waves that are "
    "to be compared are called alike in the studies.": (
        "Не сравниваются: {studies}. Там нет волны с тем же названием или ответили слишком "
        "немногие; волны, которые надо сравнить, называют в исследованиях одинаково."
    ),
    "Nothing can be compared: too few people answered in one of the studies.": (
        "Сравнивать нечего: в одном из исследований ответили слишком немногие."
    ),
    "Source": "Источник",
    "Studies": "Исследования",
    "Studies side by side": "Исследования рядом",
    "Study": "Исследование",
    "The samples were drawn independently of each other. No interval knows what else differs: the "
    "wording, the language, the way of interviewing, or who could be reached.": (
        "Выборки построены независимо друг от друга. Ни один интервал не учитывает, чем ещё "
        "различаются опросы: формулировкой, языком, способом опроса, тем, до кого дошли."
    ),
    "The studies, and how they were made": "Исследования и как они проведены",
    "Whether {study} and {other} differ in {wave} was not tested: {reason}.": (
        "Различаются ли {study} и {other} ({wave}), не проверено: {reason}."
    ),
    "no wording is declared": "формулировка не указана",
    "p, adjusted: of the joint test of all answers, for the number of studies and waves that are "
    "compared (Holm 1979). Single answers count only where it shows a difference.": (
        "Значимость с поправкой: общего критерия по всем ответам, на число сравниваемых "
        "исследований и волн (Холм, 1979). Отдельные ответы засчитываются, только если он показал "
        "различие."
    ),
    "p, adjusted: for the number of studies and waves that are compared (Holm 1979).": (
        "Значимость с поправкой на число сравниваемых исследований и волн (Холм, 1979)."
    ),
    "points of the scale": "в пунктах шкалы",
    "study": "исследование",
    "study that is taken from it": "исследование, которое из него вычитается",
    "{item}: answers, by study": "{item}: ответы по исследованиям",
    "{item}: how much the studies differ": "{item}: насколько исследования различаются",
    "{item}: means, by study": "{item}: средние по исследованиям",
    "{item}: studies side by side": "{item}: исследования рядом",
    "{item}: {pair}, {wave}": "{item}: {pair}, {wave}",
}
