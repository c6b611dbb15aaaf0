"""Groups and fixed traits of people in memory, and which groups are refused."""

from dataclasses import replace

import numpy as np

from opinionpanel.arguments import check_whole
from opinionpanel.errors import SelectionError, shown, unknown
from opinionpanel.questions.coded_values import Group
from opinionpanel.questions.declared_groups import Grouping, Groups, Waves, grouping
from opinionpanel.questions.group_values import PLAIN, code_values
from opinionpanel.waves import Rows

# A group that has more, and nearly one for every person, tells people apart.
FEW_CATEGORIES, NEARLY = 12, 0.8


def read_groups(groups: Groups, waves: Waves, rows: Rows, people: int) -> dict[str, Group]:
    """Group people by columns, named by their labels."""
    wanted = grouping(groups)
    found = {
        name: first_values(waves, rows, people, name, purpose="groups", labelled=True, grouping=one)
        for name, one in wanted.items()
    }
    for name, group in found.items():
        check_categories(name, group, int(np.count_nonzero(group.codes >= 0)))
    return found


def check_categories(name: str, group: Group, known: int) -> None:
    """Refuse a group that tells people apart; `known` people have a value."""
    check_whole(group.categories, f"Categories of group {name!r}")
    used = len(group.categories) - group.unused
    if used > max(FEW_CATEGORIES, NEARLY * known):
        # Results and summaries name every category: an id must not become one.
        raise SelectionError(
            f"Group {name!r}: {used} different values for {known:,} people, "
            "as in a column of ids. A group needs several people in each; put values together by "
            f"states or bands of a Grouping, or, if this is a trait that shows who is who, write "
            f"fixed=[{name!r}]."
        )


def unknown_category(what: str, given: str, group: Group) -> SelectionError:
    """Refuse a category that is not there; of those that are, small ones are not named."""
    known = group.nameable
    small = len(group.categories) - len(known)
    if not known:
        return SelectionError(f"Unknown {what} {shown(given)}. All those known have few people.")
    are = "is" if small == 1 else "are"
    more = f" So {are} {small:,} of few people, which {are} not named." if small else ""
    return SelectionError(f"{unknown(what, given, known)}{more}")


def read_fixed(names: Groups, waves: Waves, rows: Rows, people: int) -> dict[str, Group]:
    """Read traits that do not change, such as gender; they may stand in some waves only."""
    return {
        name: first_values(waves, rows, people, name, purpose="fixed", labelled=True, grouping=one)
        for name, one in grouping(names).items()
    }


def first_values(
    waves: Waves,
    rows: Rows,
    people: int,
    name: str,
    *,
    purpose: str,
    labelled: bool,
    grouping: Grouping = PLAIN,
) -> Group:
    """Take one value for each person of waves in memory, as `code_values` names them."""
    coded = code_values(waves, name, purpose=purpose, labelled=labelled, grouping=grouping)
    by_wave = coded.spread(rows, people)
    chosen = coded.chosen(by_wave)
    changed = int(np.count_nonzero(coded.changed(by_wave, chosen)))
    return replace(coded.group(by_wave, chosen), changed=changed)
