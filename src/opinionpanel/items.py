"""A question: its columns and answer codes, wave by wave, and its ordered states."""

import unicodedata
from collections.abc import Hashable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from opinionpanel.errors import ItemError, listing, unknown

__all__ = ["Item", "code_text"]

MANY_CODES = 50

StateCodes = Mapping[str, Sequence[Hashable]]


@dataclass(frozen=True, eq=False)
class Item:
    """A question asked at one or more waves, and the states its answers are read as.

    Parameters
    ----------
    column : str or dict of str to str
        The column that holds the answers: one name for all waves, or a name by wave. A wave
        that the dict leaves out did not ask the question.
    states : dict of str to list
        State name to the answer codes, or the value labels, that mean it. The order is the
        display order. A dict by wave of such dicts where the coding changes between waves; all
        waves must then name the same states.
    question : str
        The wording, for captions.
    rest : {None, "missing"}
        What to do with a code that is seen in the data and mapped to no state: ``None``, the
        default, is an error that lists the codes; ``"missing"`` reads them as no answer.

    Raises
    ------
    ItemError
        A code stands in two states, a state has no codes, or waves name different states.

    Notes
    -----
    Codes that a file declares user-missing, such as 98 "don't know", are answers here: map them
    to a state, or leave them out with ``rest="missing"``. A blank (system-missing) answer is
    always no answer.

    Examples
    --------
    >>> support = Item(
    ...     column={"Jul 2024": "q12", "Nov 2024": "q9"},
    ...     states={"approve": [1, 2], "unsure": [3, 98, 99], "oppose": [4, 5]},
    ...     question="Do you support the operation?",
    ... )
    >>> print(support)
    Item: Do you support the operation?
      approve  1, 2
      unsure   3, 98, 99
      oppose   4, 5
      columns  q12 (Jul 2024), q9 (Nov 2024)
    """

    column: str | Mapping[str, str]
    states: StateCodes | Mapping[str, StateCodes]
    question: str = ""
    rest: Literal["missing"] | None = None

    def __post_init__(self) -> None:
        if self.rest not in (None, "missing"):
            raise ItemError(f"rest must be None or 'missing', not {self.rest!r}.")
        if not self.states:
            raise ItemError("An item needs at least one state, for example {'yes': [1]}.")
        # Copies: what the caller does with a dict afterwards must not change a checked item.
        object.__setattr__(self, "states", deepcopy(dict(self.states)))
        if not isinstance(self.column, str):
            object.__setattr__(self, "column", dict(self.column))
        mappings = list(self.states.values()) if self._by_wave else [self.states]
        names = list(mappings[0])
        for mapping in mappings:
            if set(mapping) != set(names):
                raise ItemError(
                    f"The waves name different states: {listing(names)} and {listing(mapping)}. "
                    "Give every wave the same states; a state may have other codes in each wave."
                )
            _check_codes(mapping)  # type: ignore[arg-type]

    @property
    def _by_wave(self) -> bool:
        return all(isinstance(value, Mapping) for value in self.states.values())

    @property
    def state_names(self) -> tuple[str, ...]:
        """The states, in display order."""
        first = next(iter(self.states.values())) if self._by_wave else self.states
        return tuple(first)  # type: ignore[arg-type]

    def column_at(self, wave: str) -> str | None:
        """Name the column of this question at a wave; None where it was not asked."""
        return self.column if isinstance(self.column, str) else self.column.get(wave)

    def codes_at(self, wave: str) -> StateCodes:
        """Return state to codes at a wave."""
        if not self._by_wave:
            return self.states  # type: ignore[return-value]
        if wave not in self.states:
            raise unknown("wave in the item's states:", wave, self.states)
        return self.states[wave]  # type: ignore[return-value]

    def encode(
        self, answers: pd.Series, wave: str, *, labels: Mapping[Hashable, str] | None = None
    ) -> npt.NDArray[np.int8]:
        """Read answers as states.

        Parameters
        ----------
        answers : pandas.Series
            Answer codes or label texts, one per person.
        wave : str
            The wave the answers come from.
        labels : dict, optional
            Value labels, code to text.

        Returns
        -------
        numpy.ndarray of int8
            The position of the state in ``state_names``; -1 for no answer.

        Raises
        ------
        ItemError
            A code in the data is mapped to no state, and ``rest`` is not ``"missing"``.
        """
        labels = {_canonical(code): text for code, text in (labels or {}).items()}
        by_text: dict[object, list[object]] = {}
        for labelled, text in labels.items():
            by_text.setdefault(_canonical(text), []).append(labelled)
        state_of: dict[object, int] = {}
        codes = self.codes_at(wave)
        for position, state in enumerate(self.state_names):
            for code in codes[state]:
                key = _canonical(code)
                for meant in (key, *by_text.get(key, ())):
                    if state_of.setdefault(meant, position) != position:
                        raise ItemError(
                            f"Wave {wave!r}, column {answers.name!r}: code {code_text(meant)}"
                            f"{_label_suffix(labels.get(meant))} stands in two states, once by "
                            "code and once by label. Leave it in one."
                        )
        positions, seen = pd.factorize(answers.array, use_na_sentinel=True)
        if len(positions) == 0:
            return np.empty(0, dtype=np.int8)
        keys = [_canonical(value) for value in seen]
        unmapped = {i: key for i, key in enumerate(keys) if key not in state_of and key != ""}
        if unmapped and (self.rest is None or not any(key in state_of for key in keys)):
            counts = np.bincount(positions[positions >= 0], minlength=len(keys))
            raise ItemError(self._unmapped_message(answers.name, wave, unmapped, counts, labels))
        table = np.array([state_of.get(key, -1) for key in keys] + [-1], dtype=np.int8)
        return table[positions]

    def _unmapped_message(
        self,
        column: Hashable,
        wave: str,
        unmapped: Mapping[int, object],
        counts: npt.NDArray[np.int_],
        labels: Mapping[object, str],
    ) -> str:
        where = f"Wave {wave!r}, column {column!r}: {len(unmapped)}"
        if len(unmapped) > MANY_CODES:
            # Most likely ids or free text, which no message may show.
            return (
                f"{where} different values are mapped to no state. This looks like an id or an "
                "open answer; name the question's column."
            )
        found = "; ".join(
            f"{code_text(key)}{_label_suffix(labels.get(key))} ({counts[i]} people)"
            for i, key in sorted(unmapped.items(), key=lambda pair: str(pair[1]))
        )
        states = f"the states {listing(self.state_names)}"
        if self.rest == "missing":
            way_out = f"No answer at all is mapped to {states}: mend their codes or labels."
        else:
            way_out = f"Add each code to one of {states}, or set rest='missing' for no answer."
        return f"{where} answer code(s) are mapped to no state: {found}. {way_out}"

    def __str__(self) -> str:
        lines = [f"Item: {self.question or self._columns_text()}"]
        width = max(len(name) for name in (*self.state_names, "columns"))
        if self._by_wave:
            for wave in self.states:
                lines.append(f"  in {wave}")
                lines += self._state_lines(self.codes_at(wave), width, "    ")
        else:
            lines += self._state_lines(self.states, width, "  ")  # type: ignore[arg-type]
        lines.append(f"  {'columns':<{width}}  {self._columns_text()}")
        if self.rest:
            lines.append(f"  {'rest':<{width}}  any other code is no answer")
        return "\n".join(lines)

    def _state_lines(self, states: StateCodes, width: int, indent: str) -> list[str]:
        return [
            f"{indent}{name:<{width}}  {', '.join(code_text(code) for code in states[name])}"
            for name in self.state_names
        ]

    def _columns_text(self) -> str:
        if isinstance(self.column, str):
            return f"{self.column} (every wave)"
        return ", ".join(f"{column} ({wave})" for wave, column in self.column.items())

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(str(self))}</pre>"


def _check_codes(states: StateCodes) -> None:
    home: dict[object, str] = {}
    for state, codes in states.items():
        if isinstance(codes, str) or not isinstance(codes, Sequence) or not len(codes):
            raise ItemError(
                f"State {state!r} needs a non-empty list of codes or labels, got {codes!r}."
            )
        for code in codes:
            key = _canonical(code)
            if key in home:
                raise ItemError(
                    f"Code {code_text(code)} stands in two states, {home[key]!r} and {state!r}. "
                    "Leave it in one."
                )
            home[key] = state


def _canonical(value: Any) -> object:
    """Bring a code or label to one form: 1, 1.0 and True are equal, text is trimmed and NFC."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value).strip()
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return int(value)
    if isinstance(value, (np.integer, np.bool_)):
        return int(value)
    return value


def code_text(code: object) -> str:
    """Show a code in a message or a summary: 98 rather than 98.0, text in quotes."""
    key = _canonical(code)
    return repr(key) if isinstance(key, str) else str(key)


def _label_suffix(text: str | None) -> str:
    return "" if text is None else f" {text!r}"
