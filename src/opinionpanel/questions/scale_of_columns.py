"""A score from several columns: the mean of the questions of a scale that someone answered."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite

from opinionpanel.arguments import called
from opinionpanel.errors import ItemError, listing, shown, unknown
from opinionpanel.questions.coalesced import Coalesce
from opinionpanel.questions.score import Score

# The columns of a scale, in the order of its questions.
ScaleColumns = Sequence[str] | Mapping[str, Sequence[str]]


@dataclass(frozen=True, eq=False)
class Scale(Score):
    """A score that is the mean of several questions; made by `scale`.

    Attributes
    ----------
    column : Coalesce, or dict of str to Coalesce
        The columns of its questions, in their order; by wave where they have other names.
    reverse : tuple of str
        Columns whose numbers are turned.
    at_least : int
        How many of the questions someone must have answered.
    """

    reverse: tuple[str, ...] = field(default=(), kw_only=True)
    at_least: int = field(kw_only=True)

    def __post_init__(self) -> None:
        Score.__post_init__(self)
        if self.reverse and not (isfinite(self.low) and isfinite(self.high)):
            raise ItemError(
                "Numbers are turned to low + high − number, which needs both ends of the scale: "
                f"low={self.low:g} and high={self.high:g} are none."
            )
        right = isinstance(self.at_least, int) and not isinstance(self.at_least, bool)
        if not right or not 1 <= self.at_least <= self.size:
            raise ItemError(
                f"at_least says how many of the {self.size} columns someone must have answered, "
                f"from 1 to {self.size}, not {shown(self.at_least)}."
            )

    @property
    def size(self) -> int:
        """How many questions it has."""
        return len(next(iter(self._by_wave.values())))

    @property
    def _by_wave(self) -> dict[str, tuple[str, ...]]:
        """Its columns by wave, in the order of its questions; "" for all waves."""
        column = self.column if isinstance(self.column, Mapping) else {"": self.column}
        return {wave: one.columns for wave, one in column.items() if isinstance(one, Coalesce)}

    def parts(self, name: str) -> dict[str, Score]:
        """List its questions as scores, under names in a panel that calls it `name`."""
        found: dict[str, Score] = {}
        for place in range(self.size):
            columns = {wave: columns[place] for wave, columns in self._by_wave.items()}
            found[f"{name}: part {place + 1}"] = Score(
                columns if isinstance(self.column, Mapping) else columns[""],
                low=self.low,
                high=self.high,
                missing=self.missing,
                not_asked=self.not_asked,
            )
        return found

    def turned(self, wave: str) -> list[bool]:
        """Tell which of its questions are turned at a wave."""
        return [column in self.reverse for column in self.columns_at(wave)]

    def _columns_text(self) -> str:
        texts = {wave: ", ".join(columns) for wave, columns in self._by_wave.items()}
        return "; ".join(f"{text} ({wave or 'every wave'})" for wave, text in texts.items())

    def _told(self) -> dict[str, str]:
        told = Score._told(self)
        if self.reverse:
            told["reversed"] = ", ".join(self.reverse)
        told["needed"] = f"{self.at_least} of {self.size} columns answered"
        return told


@called
def scale(
    columns: ScaleColumns,
    *,
    low: float,
    high: float,
    reverse: Sequence[str] = (),
    missing: Sequence[Hashable] = (),
    at_least: int | None = None,
    question: str = "",
    label: str = "",
    changes: Mapping[str, str] | None = None,
    not_asked: Sequence[Hashable] = (),
) -> Scale:
    """Make a score from several columns: the mean of those that someone answered.

    Parameters
    ----------
    columns : list of str, or dict of str to list of str
        The columns of two questions or more, with the same ends: their names at every wave; or
        wave to their names, in the same order at each.
    low, high : float
        The least and the greatest number that is an answer, of every column.
    reverse : str or list of str
        Columns that ask the other way round, whose numbers are turned to low + high − number.
    missing : list
        Codes or labels that are no answer, such as ``[8, 9, "refused"]``. What a file declares
        missing is none in any case, and blanks are none.
    at_least : int, optional
        How many of the columns someone must have answered to have a number; by default all.
    question : str
        The wording, for captions.
    label : str
        What titles of charts call the scale, for example "Trust in institutions".
    changes : dict of str to str, optional
        Wave to what was other than before in wording or mode.
    not_asked : list
        Codes or labels, ``None`` for blanks, of people whom a question was not put to.

    Returns
    -------
    Scale
        A `Score` for `means`, `quantiles` and all else that scores are for; `cronbach_alpha` says
        how far its questions go together.

    Raises
    ------
    ItemError
        Fewer than two columns, one of them twice, not as many at every wave, one in `reverse` that
        is not among them; or as for a `Score`.

    Examples
    --------
    >>> print(scale(["q1", "q2", "q3"], low=1, high=5, reverse=["q3"], at_least=2))
    Scale: q1, q2, q3 (every wave)
      from      1 to 5
      columns   q1, q2, q3 (every wave)
      reversed  q3
      needed    2 of 3 columns answered
    """
    by_wave = dict(columns) if isinstance(columns, Mapping) else {"": columns}
    found = {wave: _parts(wave, names) for wave, names in by_wave.items()}
    sizes = {len(parts.columns) for parts in found.values()}
    if len(sizes) != 1:
        raise ItemError(
            "A scale has the same questions at every wave, in the same order: "
            + "; ".join(f"{len(parts.columns)} at {wave!r}" for wave, parts in found.items())
            + " are not as many. Name at every wave the columns that all waves have."
        )
    if not isinstance(reverse, Sequence):
        raise ItemError(f"reverse names columns to turn, in a list, not {shown(reverse)}.")
    turned = [reverse] if isinstance(reverse, str) else list(reverse)
    named = [name for parts in found.values() for name in parts.columns]
    for name in turned:
        if name not in named:
            raise unknown("column in reverse:", name, named)
    return Scale(
        found if isinstance(columns, Mapping) else found[""],
        low=low,
        high=high,
        missing=missing,
        question=question,
        label=label,
        changes={} if changes is None else changes,
        not_asked=not_asked,
        reverse=tuple(turned),
        at_least=next(iter(sizes)) if at_least is None else at_least,
    )


def _parts(wave: str, names: object) -> Coalesce:
    """Take the columns of a wave, or of all."""
    where = f" at wave {wave!r}" if wave else ""
    if isinstance(names, str) or not isinstance(names, Sequence):
        raise ItemError(f"A scale takes a list of columns{where}, not {shown(names)}.")
    if not all(isinstance(name, str) for name in names):
        raise ItemError(f"A scale takes column names{where}, got {listing(names)}.")
    if len(names) < 2 or len(set(names)) < len(names):
        raise ItemError(
            f"A scale has at least two different columns, got {listing(names)}{where}. A single "
            "column is a Score."
        )
    return Coalesce(tuple(names))
