"""What a report says of whom it asked: the same people again, or others at each wave."""

from dataclasses import dataclass

from opinionpanel.panel import Panel


@dataclass(frozen=True)
class AskedWords:
    """Sentences of the front page.

    Attributes
    ----------
    opening : str
        Of the methods statement; tells of `waves` and `n` people.
    opt_in : str
        Of people who were not drawn.
    counts : str
        Below the numbers of people.
    strategy, checked, limits : str
        Answers in the list of what has to be disclosed.
    read : tuple of str
        How to read shares beside each other.
    """

    opening: str
    opt_in: str
    counts: str
    strategy: str
    checked: str
    limits: str
    read: tuple[str, ...]


SAME_PEOPLE = AskedWords(
    opening="The same people were asked in {waves} waves; {n} took part in at least one.",
    opt_in="People joined this panel by themselves; they were not drawn at random. The intervals "
    "in this report are model-based: they assume that, given the weights, joining the panel and "
    "staying in it are unrelated to the answers. No number here can show whether that is true.",
    counts="Linked: interviewed at an earlier wave, too. New: interviewed for the first time. "
    "Lost: interviewed at the wave before, or the last at which they were due, and not here.",
    strategy="Survey of a panel: the same people, asked again.",
    checked="Ids of people were checked when waves were linked; answers are read by declared "
    "codes. Further checks: not declared.",
    limits="Intervals cover sampling only, not wrong answers, people never reached, or drop-out "
    "that is related to opinions.",
    read=(
        "Shares at a wave are about everyone who answered there. Moves, turnover and net change "
        "are about the people who answered at both waves. The two need not agree.",
        "Net change is how much an answer grew or shrank among the same people. Turnover is how "
        "many gave another answer; many moves can hide behind a small net change.",
    ),
)
OTHER_PEOPLE = AskedWords(
    opening="Other people were asked in each of {waves} waves, {n} in all. Shares can be compared "
    "between waves; how many people changed their mind cannot be known.",
    opt_in="People took part by themselves; they were not drawn at random. The intervals in this "
    "report are model-based: they assume that, given the weights, taking part is unrelated to the "
    "answers. No number here can show whether that is true.",
    counts="Other people were asked at each wave.",
    strategy="Repeated survey: other people at each wave.",
    checked="Answers are read by declared codes. Further checks: not declared.",
    limits="Intervals cover sampling only, not wrong answers or people never reached.",
    read=(
        "Every wave asked other people. How much an answer grew or shrank between waves can be "
        "told. How many people changed their mind cannot: many moves can hide behind a small "
        "change.",
    ),
)


def asked_words(panel: Panel) -> AskedWords:
    """Choose the sentences of a panel."""
    return OTHER_PEOPLE if panel.independent else SAME_PEOPLE
