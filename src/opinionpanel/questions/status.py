"""A column that says who was interviewed at a wave."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from opinionpanel.arguments import checked
from opinionpanel.errors import ItemError


@checked
@dataclass(frozen=True)
class Status:
    """A column that says who was interviewed at a wave, and which of its codes say so.

    Parameters
    ----------
    column : str or dict of str to str
        The column: one name for all waves, or a name by wave. At a wave that the dict leaves out
        everyone who has a row was interviewed.
    interviewed : sequence
        The codes, or the value labels, of people who were interviewed. Everyone else who has a
        row, blanks included, was not.

    Raises
    ------
    ItemError
        No code is named.

    Examples
    --------
    >>> Status({"2016": "status16", "2020": "status20"}, [1, 2]).column_at("2020")
    'status20'
    """

    column: str | Mapping[str, str]
    interviewed: Sequence[Hashable]

    def __post_init__(self) -> None:
        if not len(self.interviewed):
            raise ItemError("Status names no code of people who were interviewed, such as [1].")

    @checked
    def column_at(self, wave: str) -> str | None:
        """Name the column at a wave; None where a dict by wave leaves it out.

        Parameters
        ----------
        wave : str
            The wave's name.

        Returns
        -------
        str or None
            The column; None where a dict by wave leaves the wave out, so that everyone who has a
            row there was interviewed.

        Raises
        ------
        ArgumentError
            The wave is no text.

        Examples
        --------
        >>> Status("status", [1]).column_at("2016")
        'status'
        """
        return self.column if isinstance(self.column, str) else self.column.get(wave)
