"""Several columns that together hold one question, as in a split ballot."""

from dataclasses import dataclass

from opinionpanel.arguments import called
from opinionpanel.errors import ItemError, listing


@dataclass(frozen=True)
class Coalesce:
    """Several columns that together hold one question; made by `coalesce`."""

    columns: tuple[str, ...]

    def __str__(self) -> str:
        return " or ".join(self.columns)


@called
def coalesce(*columns: str) -> Coalesce:
    """Combine columns that together hold one question.

    For split ballots, where half of the people saw another form, and for filters.

    Parameters
    ----------
    *columns : str
        Two or more columns. A person's answer is that of the first of them whose answer means a
        state; blanks, codes of `not_asked` and codes that ``rest="missing"`` leaves out give way
        to the next.

    Returns
    -------
    Coalesce
        To be used as ``column=`` of an `Item`, for all waves or for one.

    Raises
    ------
    ItemError
        Fewer than two columns, or one of them twice.

    Examples
    --------
    >>> import opinionpanel as op
    >>> vote = op.Item({"May": op.coalesce("q1_a", "q1_b"), "June": "q1"}, {"yes": [1], "no": [2]})
    >>> vote.columns_at("May")
    ('q1_a', 'q1_b')
    """
    if not all(isinstance(column, str) for column in columns):
        raise ItemError(
            f"coalesce takes column names, got {listing(columns)}. Write coalesce('q1_a', 'q1_b')."
        )
    if len(columns) < 2 or len(set(columns)) < len(columns):
        raise ItemError(
            f"coalesce needs at least two different columns, got {listing(columns)}. Name a "
            "single column without coalesce."
        )
    return Coalesce(columns)
