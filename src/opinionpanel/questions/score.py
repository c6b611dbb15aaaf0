"""A question whose answers are numbers: a thermometer, an index, an age."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from numbers import Real

from opinionpanel.arguments import called
from opinionpanel.errors import ItemError, shown
from opinionpanel.escaping import html_text, terminal_text
from opinionpanel.questions.coalesced import Coalesce
from opinionpanel.questions.question import Question
from opinionpanel.waves import canonical, code_text

# Variances are of squares, which must stay below 1e308, also added up over people.
LARGEST = 1e100


@called
@dataclass(frozen=True, eq=False)
class Score(Question):
    """A question asked at one or more waves whose answers are numbers, such as a thermometer.

    Parameters
    ----------
    column : str, Coalesce, or dict of str to either
        The column that holds the numbers: one name for all waves, or a name by wave. A wave that
        the dict leaves out did not ask the question. Several columns that together hold it are
        ``coalesce("q1_a", "q1_b")``.
    low, high : float
        The least and the greatest number that is an answer; ``float("inf")`` where there is no
        end. Any other number must stand in `missing`, so that no code is averaged.
    missing : list
        Codes or labels that are no answer, such as ``[997, 998, "refused"]``. What a file declares
        missing is none in any case, and blanks are none.
    question : str
        The wording, for captions.
    label : str
        What titles of charts call the score, for example "Warmth towards the president".
    changes : dict of str to str
        Wave to what was other than before in wording or mode, for example ``"asked by phone"``.
    not_asked : list
        Codes or labels, ``None`` for blanks, of people whom the question was not put to.

    Raises
    ------
    ItemError
        `low` is not below `high`, ends are beyond 1e100, a code stands in `missing` and in
        `not_asked`, or a text is none.
    SelectionError
        `changes` are of a wave that `column` does not name.

    Examples
    --------
    >>> warmth = Score(
    ...     {"May": "ft01", "June": "ft07"}, low=0, high=100, missing=[998],
    ...     question="How warm or cold do you feel towards the president?",
    ... )
    >>> print(warmth)
    Score: How warm or cold do you feel towards the president?
      from     0 to 100
      missing  998
      columns  ft01 (May), ft07 (June)
    """

    column: str | Coalesce | Mapping[str, str | Coalesce]
    low: float = field(kw_only=True)
    high: float = field(kw_only=True)
    missing: Sequence[Hashable] = field(default=(), kw_only=True)
    question: str = field(default="", kw_only=True)
    label: str = field(default="", kw_only=True)
    changes: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    not_asked: Sequence[Hashable] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        for name in ("low", "high"):
            end = getattr(self, name)
            if isinstance(end, bool) or not isinstance(end, Real) or end != end:
                raise ItemError(f"{name} is the end of the scale, as a number, not {shown(end)}.")
        large = any(LARGEST < abs(end) < inf for end in (self.low, self.high))
        if large or 0 < self.high - self.low < 1 / LARGEST:
            raise ItemError(
                f"The squares of numbers from {shown(self.low)} to {shown(self.high)} are beyond "
                f"what can be computed with. Declare the scale in other units, with ends up to "
                f"{LARGEST:g} and a width of {1 / LARGEST:g} or more."
            )
        if not self.low < self.high:
            raise ItemError(
                f"low must be less than high: low={self.low:.15g} and high={self.high:.15g} leave "
                "no scale."
            )
        self._check_question(["missing", "not_asked"])
        both = set(map(canonical, self.missing)) & set(map(canonical, self.not_asked))
        if both:
            raise ItemError(
                f"Code {code_text(next(iter(both)))} stands in missing and in not_asked. Leave it "
                "in one."
            )

    @property
    def kind(self) -> str:
        """What messages call it."""
        return "score"

    @property
    def state_names(self) -> tuple[str, ...]:
        """The states, of which numbers are none."""
        return ()

    @property
    def neutral_state(self) -> None:
        """The state of the undecided, which is none."""
        return

    @property
    def ends(self) -> str:
        """The ends of the scale in words."""
        return f"{self.low:.15g} to {self.high:.15g}"

    def _told(self) -> dict[str, str]:
        """Say what is declared of it, by what it is called."""
        told = {"from": self.ends}
        for name in ("missing", "not_asked"):
            if codes := getattr(self, name):
                told[name.replace("_", " ")] = ", ".join(map(code_text, codes))
        told["columns"] = self._columns_text()
        if self.label:
            told["label"] = self.label
        if self.changes:
            told["changes"] = "; ".join(f"{text} ({wave})" for wave, text in self.changes.items())
        return told

    def __str__(self) -> str:
        told = self._told()
        width = max(map(len, told))
        return terminal_text(
            [
                f"{type(self).__name__}: {self.question or self._columns_text()}",
                *(f"  {name:<{width}}  {text}" for name, text in told.items()),
            ]
        )

    def _repr_html_(self) -> str:
        return f"<pre>{html_text(self)}</pre>"
