"""How ``init`` says who people are: their ids, what shows that these are right, and when due."""

from collections.abc import Mapping, Sequence

from opinionpanel.escaping import toml_comment, toml_text
from opinionpanel.study.drafted_places import decide
from opinionpanel.study.key_forms import NOBODY
from opinionpanel.study.toml_text import toml_value
from opinionpanel.waves import Wave


def person_lines(
    person: Mapping[str, Sequence[str]], waves: Mapping[str, Wave], *, wide: bool
) -> list[str]:
    """Name the columns that identify people, by wave where they differ."""
    if wide:
        ids = next(iter(person.values()), [])
        return [
            decide("person: the column that identifies people; without one every row is a person"),
            f"person = {toml_text(ids[0])}" if ids else '# person = "id"',
            "",
        ]
    lines = [
        "# The column of ids, by wave where its name differs. All columns of a list are ids of one",
        "# person, as several waves have them; blanks are skipped. Where every wave asked other",
        f"# people, person = {toml_text(NOBODY)}.",
    ]
    if not person and len(waves) > 1:
        return [
            *lines,
            decide("person: no column links the waves; were other people asked at each?"),
            f"person = {toml_text(NOBODY)}",
            "",
        ]
    missing = [wave for wave in waves if wave not in person]
    if missing:
        lines.append(f"# NOT FOUND in {toml_comment(', '.join(missing))}: no column of different")
        lines.append("# values links this wave to the others. Fill it in.")
    lines.append(decide("person and fixed: whether people are known by the right ids"))
    by_wave = {wave: list(person.get(wave, ["FILL IN"])) for wave in waves}
    names = {wave: names[0] if len(names) == 1 else names for wave, names in by_wave.items()}
    same = len({str(name) for name in names.values()}) == 1
    lines.append(f"person = {toml_value(next(iter(names.values())) if same else names)}")
    lines += [
        decide(f"duplicates: at {wave}, {rows:,} rows have the id of another row; leave all out?")
        for wave, rows in _repeated(person, waves).items()
    ]
    lines.append('# duplicates = "drop_all"')
    return [*lines, ""]


def _repeated(person: Mapping[str, Sequence[str]], waves: Mapping[str, Wave]) -> dict[str, int]:
    """Count the rows whose id stands in another row as well, where there are any."""
    counts = {}
    for wave, names in person.items():
        ids = waves[wave].frame[names[0]]
        counts[wave] = int((ids.duplicated(keep=False) & ids.notna()).sum())
    return {wave: count for wave, count in counts.items() if count}


def fixed_lines(fixed: Sequence[str]) -> list[str]:
    """Name what cannot change, or say how it would be named."""
    lines = ["# What cannot change, such as gender and year of birth (age moves slowly enough):"]
    lines.append("# whether linked people agree on it shows that the ids are right.")
    return [*lines, f"{'' if fixed else '# '}fixed = {toml_value(list(fixed) or ['gender'])}", ""]


def due_lines(waves: Sequence[str]) -> list[str]:
    """Say how a rotating panel would be declared, where there are waves enough for one."""
    if len(waves) < 3:
        return []
    first, last = waves[0], waves[-1]
    return [
        "# Where people rotate: the wave of their first interview, and when they were to be",
        "# interviewed. A cohort of whom nobody came to a wave is taken to have had no turn there.",
        f"# due = {toml_value({first: [first, last]})}",
        "",
    ]
