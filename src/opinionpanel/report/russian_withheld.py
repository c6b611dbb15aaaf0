"""The Russian words for what a report leaves out, and does not test, about a score."""

RUSSIAN_WITHHELD: dict[str, str | tuple[str, ...]] = {
    "How many moved up and down is left out: it would tell of few people, by itself or beside what "
    "is shown elsewhere.": (
        "Сколько ответов сместилось вверх и вниз, не показано: это выдало бы ответы немногих "
        "людей, само по себе или вместе с показанным в другом месте."
    ),
    "Whether the mean changed among the same people between {first} and {last} was not tested: the "
    "interval of the change would tell of few people.": (
        "Изменилось ли среднее среди одних и тех же людей ({first} → {last}), не проверялось: "
        "интервал изменения выдал бы ответы немногих людей."
    ),
}
