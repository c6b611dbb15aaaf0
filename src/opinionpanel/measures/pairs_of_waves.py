"""Which waves a measure is about: one after the other, or pairs of them."""

from collections.abc import Sequence
from itertools import pairwise

from opinionpanel.errors import SelectionError, listing
from opinionpanel.measures.bases import Way
from opinionpanel.panel import Panel

# Names of waves, or pairs of them; not both. A name alone is a list of one.
Waves = Sequence[str | tuple[str, str]] | Sequence[str]


def wave_names(
    panel: Panel,
    item: str,
    waves: Waves | None,
    *,
    at_least: int,
    in_order: bool = False,
    one_chain: bool = False,
    base: Way = "answered",
) -> list[str]:
    """Name the waves to tabulate, and refuse those that did not ask the item.

    With `in_order` they must be in the order of fieldwork: who was lost or what came first makes
    no sense backwards. With `one_chain`, or one `base` for all, they are about the same people, and
    by default those at which the people of the first were due.
    """
    asked = panel.asked(item)
    one_chain = one_chain or base != "answered"
    if one_chain:
        panel.check_same_people(item, base)
    default = panel.chain(item) if one_chain else asked
    given: Waves = default if waves is None else [waves] if isinstance(waves, str) else list(waves)
    if any(not isinstance(wave, str) for wave in given):
        raise SelectionError(
            f"This needs waves, not pairs of waves; got {listing(given)}. Name the waves one by "
            "one, in one list. Pairs are for what compares two waves among those who answered at "
            "both, such as flows or turnover with base='answered'."
        )
    names = [str(wave) for wave in given]
    panel.check_asked(item, names)
    if len(names) < at_least or len(set(names)) < len(names):
        needed = f"at least {at_least} different waves" if at_least > 1 else "a wave, each once,"
        raise SelectionError(
            f"This needs {needed} with {panel.question(item).kind} {item!r}; got {listing(names)}. "
            f"It was asked at {listing(asked)}."
            + (not_due_text(panel, item) if waves is None and one_chain else "")
        )
    if in_order and names != sorted(names, key=panel.position):
        raise SelectionError(
            f"Waves must be in the order of fieldwork here: {listing(panel.waves)}; got "
            f"{listing(names)}."
        )
    return names


def pair_names(
    panel: Panel,
    item: str,
    waves: Waves | None,
    *,
    base: Way = "answered",
    in_order: bool = False,
) -> list[tuple[str, str]]:
    """Name the pairs of waves to tabulate: those given, the consecutive ones of a list, or all.

    All are those that link people; with one base for all of them, those of its waves.
    """
    panel.check_same_people(item)
    one_base, in_order = base != "answered", in_order or base == "last"
    pairs = [] if waves is None or isinstance(waves, str) else list(waves)
    if any(not isinstance(pair, str) for pair in pairs):
        return _checked_pairs(panel, item, pairs, base=base, in_order=in_order)
    chain = base in ("balanced", "panel")
    names = wave_names(panel, item, waves, at_least=2, in_order=in_order, one_chain=chain)
    if waves is None and not one_base:
        return panel.pairs(item)
    return list(pairwise(names))


def waves_of(panel: Panel, pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Name the waves of some pairs once: in the order of a chain, or else that of fieldwork."""
    names = [pairs[0][0], *(last for _, last in pairs)]
    if list(pairwise(names)) == list(pairs):
        return names
    return sorted({wave for pair in pairs for wave in pair}, key=panel.position)


def _checked_pairs(
    panel: Panel,
    item: str,
    given: Sequence[str | tuple[str, str]],
    *,
    base: Way,
    in_order: bool,
) -> list[tuple[str, str]]:
    """Refuse what are no pairs, or pairs where one base needs a chain."""
    if any(isinstance(pair, str) or len(pair) != 2 for pair in given):
        raise SelectionError(
            f"waves= takes waves, or pairs of two waves, and not both; got {listing(given)}. Name "
            f"pairs as in waves={[tuple(pair) for pair in panel.pairs(item)[:2]]!r}."
        )
    pairs = [(str(pair[0]), str(pair[1])) for pair in given]
    if base != "answered":
        raise SelectionError(
            f"base={base!r} has one base for all waves, and pairs such as {listing(pairs)} have "
            "one each. Name the waves one by one, in one list, or take base='answered'."
        )
    panel.check_asked(item, [wave for pair in pairs for wave in pair])
    if len(set(pairs)) < len(pairs) or any(first == last for first, last in pairs):
        raise SelectionError(
            f"Pairs are of two different waves, each named once; got {listing(pairs)}."
        )
    for first, last in pairs:
        if in_order and panel.position(first) > panel.position(last):
            raise SelectionError(
                f"The waves of a pair must be in the order of fieldwork here: "
                f"{listing(panel.waves)}; got {listing([(first, last)])}."
            )
    return pairs


def not_due_text(panel: Panel, item: str) -> str:
    """Say at which waves people of the first were not due, so that these are not taken."""
    asked, taken = panel.asked(item), panel.chain(item)
    others = [wave for wave in asked if wave not in taken]
    if not others:
        return ""
    return (
        f" People interviewed at {asked[0]!r} were not due at {listing(others)}: name the waves of "
        "other people with waves=."
    )
