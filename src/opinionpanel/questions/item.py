"""A question: its columns and answer codes, wave by wave, and its ordered states."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal

from opinionpanel.arguments import called, checked
from opinionpanel.errors import ItemError, listing, near, shown, unknown, with_article
from opinionpanel.escaping import html_text, terminal_line, terminal_text
from opinionpanel.questions.coalesced import Coalesce
from opinionpanel.questions.question import (
    Question,
    silent_codes,
)
from opinionpanel.questions.undecided import undecided_state
from opinionpanel.waves import canonical, code_text

# Answers are kept in one byte.
MOST_STATES = 127

StateCodes = Mapping[str, Sequence[Hashable]]


def joined_name(first: str, second: str) -> str:
    """Name two states that are put together."""
    return f"{first} or {second}"


@called
@dataclass(frozen=True, eq=False)
class Item(Question):
    """A question asked at one or more waves, and the states its answers are read as.

    Parameters
    ----------
    column : str, Coalesce, or dict of str to either
        The column that holds the answers: one name for all waves, or a name by wave. A wave
        that the dict leaves out did not ask the question. Several columns that together hold
        the question are ``coalesce("q1_a", "q1_b")``.
    states : dict of str to list
        State name to the answer codes, or the value labels, that mean it. The order is the
        display order. A dict by wave of such dicts where the coding changes between waves; all
        waves must then name the same states. ``None`` among the codes stands for the blanks of
        people who were interviewed.
    question : str
        The wording, for captions.
    label : str
        What titles of charts call the item, for example "Support for the operation".
    neutral : str, optional
        The name of the state of the undecided, which charts set apart from those of an opinion.
        By default the first state of which the whole name says so: "don't know", "unsure", "hard to
        say", "neither", "затрудняюсь ответить" and the like. ``""`` says that there is none.
    changes : dict of str to str
        Wave to what was other than before in wording or mode, for example ``"asked by phone"``.
    rest : {None, "missing"}
        What to do with a code that is seen in the data and mapped to no state: ``None``, the
        default, is an error that lists the codes; ``"missing"`` reads them as no answer, unless
        they look like a slip: numbers stored as text, and labels, texts or codes that a state has
        at this or another wave, or that resemble one, as where a label was renamed.
    not_asked : list
        Codes or labels, ``None`` for blanks, of people whom the question was not put to.
    no_interview : list
        Codes or labels, ``None`` for blanks, that say that there was no interview at this wave: a
        row with one of them is no row of the wave, so that its weight, groups and other answers
        do not count there.

    Raises
    ------
    ItemError
        A code stands in two states, a state has no codes or no text for a name, waves name
        different states, or there are more than 127; `neutral` is none of them.
    SelectionError
        `changes` are of a wave that `column` does not name.

    Notes
    -----
    Codes that a file declares user-missing, such as 98 "don't know", are answers here: map them
    to a state, or leave them out with ``rest="missing"``. A blank (system-missing) answer is no
    answer unless ``None`` is mapped. Stata's tagged missing codes are written ``"a"`` or
    ``".a"``.

    Labels are compared as exact text, after Unicode normalisation (NFC) and trimming. Where one
    mapping serves all waves, a code must have the same label wherever it has one.

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

    Blanks as a state, a code for people who were not asked, and any other code left out:

    >>> print(Item("q7", {"yes": [1], "unsure": [None, 8]}, not_asked=[9], rest="missing"))
    Item: q7 (every wave)
      yes        1
      unsure     blank, 8
      columns    q7 (every wave)
      not asked  9
      rest       any other code is no answer

    What charts say of it:

    >>> trust = Item(
    ...     "q3", {"yes": [1], "can't say": [9], "no": [2]},
    ...     label="Trust", changes={"w2": "asked by phone"},
    ... )
    >>> trust.neutral_state
    "can't say"
    """

    column: str | Coalesce | Mapping[str, str | Coalesce]
    states: StateCodes | Mapping[str, StateCodes]
    question: str = field(default="", kw_only=True)
    label: str = field(default="", kw_only=True)
    neutral: str | None = field(default=None, kw_only=True)
    changes: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    rest: Literal["missing"] | None = field(default=None, kw_only=True)
    not_asked: Sequence[Hashable] = field(default=(), kw_only=True)
    no_interview: Sequence[Hashable] = field(default=(), kw_only=True)

    # What a code without a state is read as, in messages; whether people may not be asked; and
    # whether codes that a file declares missing need a state: refusals are answers.
    nothing: ClassVar[str] = "no answer"
    has_not_asked: ClassVar[bool] = True
    needs_missing: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not (self.rest is None or (isinstance(self.rest, str) and self.rest == "missing")):
            raise ItemError(f"rest must be None or 'missing', not {shown(self.rest)}.")
        self._check_question(["not_asked", "no_interview"])
        if not isinstance(self.states, Mapping) or not self.states:
            raise ItemError(f"{self._named} needs at least one state, for example {{'yes': [1]}}.")
        object.__setattr__(self, "states", deepcopy(dict(self.states)))
        mappings = list(self.states.values()) if self.by_wave else [self.states]
        names = list(mappings[0])
        if wrong := [name for name in names if not isinstance(name, str)]:
            raise ItemError(f"States are named by text, not {listing(wrong)}.")
        if len(names) > MOST_STATES:
            raise ItemError(
                f"{self._named} has at most {MOST_STATES} states, got {len(names)}. Put codes "
                "together."
            )
        for mapping in mappings:
            if set(mapping) != set(names):
                raise ItemError(
                    f"The waves name different states: {listing(names)} and {listing(mapping)}. "
                    "Give every wave the same states; a state may have other codes in each wave."
                )
            empty = self.takes_several
            _check_codes(mapping, self._silent, empty=empty)  # type: ignore[arg-type]
        _check_neutral(self.neutral, self.state_names)

    @property
    def _silent(self) -> list[tuple[str, int, Sequence[Hashable]]]:
        """The codes that are no answers: what they say in words, what stands for it, and they."""
        return silent_codes(self.not_asked, self.no_interview)

    @property
    def kind(self) -> str:
        """What messages call it."""
        return "item"

    @property
    def _named(self) -> str:
        return with_article(self.kind).capitalize()

    @property
    def by_wave(self) -> bool:
        """Whether each wave has its own codes."""
        return all(isinstance(value, Mapping) for value in self.states.values())

    @property
    def state_names(self) -> tuple[str, ...]:
        """The states, in display order."""
        first = next(iter(self.states.values())) if self.by_wave else self.states
        return tuple(first)  # type: ignore[arg-type]

    @property
    def neutral_state(self) -> str | None:
        """The state of the undecided, as `neutral` names it or by its own name; None for none."""
        return undecided_state(self.state_names) if self.neutral is None else self.neutral or None

    @checked
    def codes_at(self, wave: str) -> StateCodes:
        """Return the codes of every state at a wave.

        Parameters
        ----------
        wave : str
            The wave's name.

        Returns
        -------
        dict of str to list
            State to answer codes or value labels, in display order.

        Raises
        ------
        SelectionError
            The states are by wave, and not of this one.

        Examples
        --------
        >>> Item("q1", {"yes": [1], "no": [2, 3]}).codes_at("May")["no"]
        [2, 3]
        """
        if not self.by_wave:
            return self.states  # type: ignore[return-value]
        if wave not in self.states:
            raise unknown(f"wave in the {self.kind}'s states:", wave, self.states)
        return self.states[wave]  # type: ignore[return-value]

    @checked
    def meanings(
        self,
        wave: str,
        *,
        labels: Mapping[Hashable, Hashable] | None = None,
        missing: Sequence[Any] = (),
        column: str = "",
    ) -> dict[object, int]:
        """Say what each code of a column means.

        Parameters
        ----------
        wave : str
            The wave's name.
        labels : dict, optional
            The column's value labels, code to text.
        missing : sequence
            The codes that the file declares missing; of use where these are tags such as ``.a``.
        column : str
            Which column, where the codes of several mean other things, as those of a `multiple` do.

        Returns
        -------
        dict
            Code to the position of its state in `state_names`, to `NOT_ASKED`, or to
            `NOT_INTERVIEWED`.

        Raises
        ------
        ItemError
            A code stands in one state by itself, and in another by its label.

        Examples
        --------
        >>> vote = Item("q1", {"yes": ["Yes"], "no": [2]}, not_asked=[9])
        >>> vote.meanings("May", labels={1: "Yes", 2: "No"})
        {'Yes': 0, 1: 0, 2: 1, 9: -2}
        """
        texts = {canonical(code): canonical(text) for code, text in (labels or {}).items()}
        labelled: dict[object, list[object]] = {}
        for code, text in texts.items():
            if text is not None:
                labelled.setdefault(text, []).append(code)
        for tag in missing:
            if isinstance(tag, str) and len(tag) == 1:
                # Stata shows its tags as .a and SAS as .A; a reader gives the letter alone.
                for written in (f".{tag.lower()}", f".{tag.upper()}"):
                    labelled.setdefault(written, []).append(tag)
        meanings: dict[object, int] = {}
        silent = ((position, part) for _, position, part in self._silent)
        for position, part in (*self._told_by(wave, column), *silent):
            for code in part:
                key = canonical(code)
                for meant in (key, *labelled.get(key, ())):
                    if meanings.setdefault(meant, position) != position:
                        label = texts.get(meant)
                        raise ItemError(
                            f"code {code_text(meant)}{'' if label is None else f' {label!r}'} "
                            "stands in two states, once by code and once by label. Leave it in one."
                        )
        return meanings

    def _told_by(self, wave: str, column: str) -> Iterator[tuple[int, Sequence[Hashable]]]:
        """List the codes of a column by the position of the state that they mean."""
        codes = self.codes_at(wave)
        for position, state in enumerate(self.state_names):
            yield position, codes[state]

    def joined(self, first: str, second: str) -> "Item":
        """Put two states together, in the place of the first; opinions make both an opinion."""

        def put(states: StateCodes) -> StateCodes:
            both = {joined_name(first, second): [*states[first], *states[second]]}
            named = ((name, codes) for name, codes in states.items() if name != second)
            return {
                key: part
                for name, codes in named
                for key, part in (both if name == first else {name: codes}).items()
            }

        # Who is undecided is not told any more where they stand with others.
        neutral = "" if self.neutral_state in (first, second) else self.neutral
        if self.by_wave:
            by_wave = {wave: put(self.codes_at(wave)) for wave in self.states}
            return replace(self, states=by_wave, neutral=neutral)
        return replace(self, states=put(self.states), neutral=neutral)  # type: ignore[arg-type]

    def __str__(self) -> str:
        lines = [f"Item: {self.question or self._columns_text()}"]
        told = list(self._told())
        width = max(map(len, (*map(terminal_line, self.state_names), *(name for name, _ in told))))
        if self.by_wave:
            for wave in self.states:
                lines.append(f"  in {wave}")
                lines += self._state_lines(self.codes_at(wave), width, "    ")
        else:
            lines += self._state_lines(self.states, width, "  ")  # type: ignore[arg-type]
        return terminal_text([*lines, *(f"  {name:<{width}}  {text}" for name, text in told)])

    def _told(self) -> Iterator[tuple[str, str]]:
        """Give what is declared besides the states, by name, as far as it is."""
        yield "columns", self._columns_text()
        for name, _, codes in self._silent:
            yield name, ", ".join(map(code_text, codes))
        if self.rest:
            yield "rest", "any other code is no answer"
        if self.label:
            yield "label", self.label
        if self.neutral is not None:
            yield "neutral", self.neutral or "none"
        if self.changes:
            yield "changes", "; ".join(f"{text} ({wave})" for wave, text in self.changes.items())

    def _state_lines(self, states: StateCodes, width: int, indent: str) -> list[str]:
        return [
            f"{indent}{terminal_line(name):<{width}}  {', '.join(map(code_text, states[name]))}"
            for name in self.state_names
        ]

    def _repr_html_(self) -> str:
        return f"<pre>{html_text(self)}</pre>"


def _check_codes(
    states: StateCodes, silent: Sequence[tuple[str, int, Sequence[Hashable]]], *, empty: bool
) -> None:
    home: dict[object, str] = {}
    for state, codes in (*states.items(), *((name, codes) for name, _, codes in silent)):
        if isinstance(codes, str) or not isinstance(codes, Sequence) or not (len(codes) or empty):
            raise ItemError(
                f"State {state!r} needs a non-empty list of codes or labels, got {codes!r}."
            )
        for code in codes:
            key = canonical(code)
            if not isinstance(key, Hashable):
                raise ItemError(f"State {state!r}: a code is a number or a text, not {code!r}.")
            if key in home:
                raise ItemError(
                    f"Code {code_text(code)} stands in two states, {home[key]!r} and {state!r}. "
                    "Leave it in one."
                )
            home[key] = state


def _check_neutral(neutral: str | None, names: Sequence[str]) -> None:
    if neutral is None or (isinstance(neutral, str) and neutral in ("", *names)):
        return
    if not isinstance(neutral, str):
        raise ItemError(f"neutral is the name of a state, as text, not {shown(neutral)}.")
    raise ItemError(
        f"neutral={shown(neutral)} is the name of no state.{near(neutral, names)} Where no state "
        "is that of the undecided, write ''."
    )
