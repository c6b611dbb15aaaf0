"""The Russian words of tests of scores, by group and over the waves of a series."""

RUSSIAN_SCORES: dict[str, str | tuple[str, ...]] = {
    "Between {first} and {last} the change of the mean was {change} ({limits}; n = {n}) higher in "
    "“{category}” than in “{other}”.": (
        "{first} → {last}: изменение среднего в категории «{category}» на {change} ({limits}; n = "
        "{n}) больше, чем в категории «{other}»."
    ),
    "Between {first} and {last} the mean changed differently by {group}, taken together, but no "
    "two categories can be told apart.": (
        "{first} → {last}: изменение среднего в целом различается по группам ({group}), но никакие "
        "две категории не различаются значимо."
    ),
    "Between {first} and {last} the mean did not detectably change in other ways by {group}.": (
        "{first} → {last}: различие изменений среднего по группам ({group}) не обнаружено."
    ),
    "Change of the mean": "Изменение среднего",
    "Taken together, the means differ between the waves from {first} to {last}, but those of these "
    "two cannot be told apart.": (
        "В целом средние различаются между волнами, {first} → {last}, но между этими двумя "
        "различие не обнаружено."
    ),
    "The mean did not detectably change over the waves from {first} to {last}.": (
        "Изменение среднего по волнам не обнаружено, {first} → {last}."
    ),
    "The mean fell by {change} ({limits}; n = {n}) between {first} and {last}.": (
        "Среднее снизилось на {change} ({limits}; n = {n}), {first} → {last}."
    ),
    "The mean rose by {change} ({limits}; n = {n}) between {first} and {last}.": (
        "Среднее выросло на {change} ({limits}; n = {n}), {first} → {last}."
    ),
    "Whether the mean changed between {first} and {last} was not tested: {reason}.": (
        "Изменилось ли среднее, {first} → {last}, не проверено: {reason}."
    ),
    "Whether the mean changed differently by {group} between {first} and {last} was not tested: "
    "{reason}.": (
        "Различаются ли изменения среднего по группам ({group}), {first} → {last}, не проверено: "
        "{reason}."
    ),
}
