"""Which sentences about an item contradict each other, by what they claim, not by their words."""

from itertools import combinations

# More goes with the first of two, less with the second.
OPPOSITE = {"up": "down", "down": "up"}


def contradictions(claims, pairs=(), states=()):
    """List what cannot both be true, or not both be said, of claims about one item.

    Parameters
    ----------
    claims : list of Claim
        Of all families of the item.
    pairs : sequence of (str, str)
        Pairs of waves with tables.
    states : sequence of str
    """
    told = {}
    found = []
    for claim in claims:
        if told.setdefault(claim.subject, claim.direction) != claim.direction:
            found.append(f"two directions: {claim.subject}")
    return [
        *found,
        *_in_families(told),
        *(text for pair in pairs for text in _between_families(told, pair, states)),
        *_in_circles(told),
    ]


def _in_families(told):
    """A family in which nothing was detected has no difference, and one that has is not silent."""
    for one, other in combinations(sorted(told, key=len), 2):
        if other[: len(one)] == one and len(other) > len(one):
            yield f"{one} {told[one]}, but {other} {told[other]}"
    for kind in ("trend", "net"):
        keys = {subject[:3] for subject in told if subject[0] == kind and len(subject) == 4}
        for key in keys:
            ways = {way for subject, way in told.items() if subject[:3] == key}
            states = [subject for subject in told if subject[:3] == key]
            if len(ways) == 1 and len(states) > 2:
                yield f"{key}: all {ways}"


def _between_families(told, pair, states):
    """Where people changed on balance, flows do not balance; and into a state that grew."""
    net, balance = (
        {subject[3:]: way for subject, way in told.items() if subject[:3] == (kind, *pair)}
        for kind in ("net", "balance")
    )
    silent = {way for rest, way in balance.items() if not rest} & {"none", "unknown"}
    if silent and set(net.values()) - {"none", "unknown"}:
        yield f"{pair}: net change {net}, flows {balance}"
    for (state,), way in ((rest, way) for rest, way in net.items() if rest):
        # Up is more from the first state to the second than back.
        into = [
            OPPOSITE[direction] if rest[0] == state else direction
            for rest, direction in balance.items()
            if state in rest
        ]
        if len(into) == len(states) - 1 and set(into) == {OPPOSITE[way]}:
            yield f"{pair}: {state} {way}, but all flows go the other way"


def _in_circles(told):
    """Of three categories each cannot be above the next."""
    above = {}
    for (kind, *rest), way in told.items():
        if kind.endswith(" by") and way in OPPOSITE:
            *about, one, other = rest
            high, low = (one, other) if way == "up" else (other, one)
            above.setdefault((kind, *about), set()).add((high, low))
    for about, pairs in above.items():
        for a, b in pairs:
            if any((b, c) in pairs and (c, a) in pairs for _, c in pairs):
                yield f"{about}: a circle of {a} and {b}"
