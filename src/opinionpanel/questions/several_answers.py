"""A question that takes several answers: its columns, its options, and who answered it at all."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from opinionpanel.arguments import called
from opinionpanel.errors import ItemError, listing, shown
from opinionpanel.questions.answers import AnyQuestion
from opinionpanel.questions.option_marks import NOT_SELECTED, SELECTED, Codes, Marks, Option
from opinionpanel.questions.question import check_words
from opinionpanel.waves import ResponseSet, canonical

Column = str | Mapping[str, str]
Columns = Sequence[str] | Mapping[str, Sequence[str]]
Coding = Sequence[Hashable] | Mapping[str, Sequence[Hashable]]


@dataclass(frozen=True, eq=False, kw_only=True)
class Multiple:
    """A question that takes several answers; made by `multiple`, which describes it."""

    options: Mapping[str, Column | Sequence[Hashable]]
    selected: Coding = ()
    columns: Columns = ()
    unselected: Sequence[Hashable] = ()
    none: Column | Sequence[Hashable] = ()
    nothing: Literal["no answer", "none"] = "no answer"
    question: str = ""
    label: str = ""
    changes: Mapping[str, str] = field(default_factory=dict)
    rest: Literal["missing"] | None = None
    not_asked: Sequence[Hashable] = ()
    no_interview: Sequence[Hashable] = ()

    def items(self, name: str) -> dict[str, Option]:
        """Make an item of each option, as a panel holds them.

        Parameters
        ----------
        name : str
            What the panel calls the question.

        Returns
        -------
        dict of str to Option
            ``"media: TV"`` to the item of who selected it.

        Raises
        ------
        ItemError
            A column or a code that stands for two options, or a code that means two things.

        Examples
        --------
        >>> import opinionpanel as op
        >>> media = op.multiple({"TV": "q5_1", "internet": "q5_2"}, selected=[1])
        >>> list(media.items("media"))
        ['media: TV', 'media: internet']
        """
        try:
            return {f"{name}: {option}": self.item(name, option) for option in self.options}
        except ItemError as error:
            raise ItemError(f"Question {name!r}: {error}") from None

    def item(self, name: str, option: str) -> Option:
        """Make the item of an option."""
        by_wave = {wave: self._marks(option, wave) for wave in self._waves}
        column = {wave: marks for wave, marks in by_wave.items() if marks is not None}
        # Blanks say that an option was not selected, unless they are known to say something else.
        blank = [] if None in (*self.not_asked, *self.no_interview) else [None]
        changes = {wave: text for wave, text in self.changes.items() if wave in column}
        return Option(
            column.get("", column),
            {SELECTED: self._codes(option), NOT_SELECTED: list(self.unselected) or blank},
            question=self.question,
            label=f"{self.label or name}: {option}",
            neutral="",
            changes=self.changes if "" in column else changes,
            rest=self.rest,
            not_asked=self.not_asked,
            no_interview=self.no_interview,
            multiple=name,
            option=option,
            title=self.label,
            none_counts=self.nothing == "none",
        )

    @property
    def _waves(self) -> list[str]:
        """List the waves that columns are named for; "" for all."""
        named = [self.columns] if self.columns else list(self.options.values())
        waves = [wave for one in named if isinstance(one, Mapping) for wave in one]
        return list(dict.fromkeys(waves)) or [""]

    def _codes(self, option: str) -> Codes:
        """Give the codes that mark an option."""
        if self.columns:
            return tuple(self.options[option])
        if isinstance(self.selected, Mapping):
            return tuple(self.selected[option])
        return tuple(self.selected)

    def _marks(self, option: str, wave: str) -> Marks | None:
        """Say what marks an option in each column; None at a wave that did not offer it."""
        if self.columns:
            columns = _at(self.columns, wave)
            own, left = self._codes(option), [part for part in self.options if part != option]
            other = tuple(code for part in left for code in self._codes(part))
            other += tuple(_listed(self.none))
            many = len(columns)
            codes_of_none = bool(_listed(self.none))
            return Marks(
                tuple(columns), (own,) * many, (other,) * many, (tuple(columns),), codes_of_none
            )
        offered = {
            part: column
            for part, named in self.options.items()
            if (column := _column(named, wave)) is not None
        }
        if option not in offered:
            return None
        none = [column] if (column := _column(self.none, wave)) is not None else []
        codes = {column: self._codes(part) for part, column in offered.items()}
        codes |= dict.fromkeys(none, self._none_codes)
        if len(codes) < len(offered) + len(none):
            raise ItemError(
                f"A column holds one option, and {listing([*offered.values(), *none])} names one "
                "twice. Where each column may hold any option, name them in columns=."
            )
        mine = offered[option]
        alike = ((mine,), *((name,) for name in none if option == next(iter(offered))))
        return Marks(
            tuple(codes),
            tuple(part if name == mine else () for name, part in codes.items()),
            tuple(() if name == mine else part for name, part in codes.items()),
            alike,
            bool(none),
        )

    @property
    def _none_codes(self) -> Codes:
        """Give the codes that mark the option of none."""
        if isinstance(self.selected, Mapping):
            known = (code for codes in self.selected.values() for code in codes)
            return tuple(dict.fromkeys(known))
        return tuple(self.selected)

    def __str__(self) -> str:
        lines = [f"Multiple: {self.question or self.label or listing(self.options)}"]
        return "\n".join([*lines, *(f"  {option}" for option in self.options)])

    __repr__ = __str__


# What a panel is given under ``items``.
QuestionsGiven = Mapping[str, AnyQuestion | Multiple]


def _at(named: Columns, wave: str) -> Sequence[str]:
    """List the columns of a wave."""
    return named.get(wave, ()) if isinstance(named, Mapping) else named


def _column(named: object, wave: str) -> str | None:
    """Name the column of an option at a wave; None where there is none."""
    if isinstance(named, Mapping):
        return named.get(wave)
    return named if isinstance(named, str) and named else None


def _listed(codes: object) -> Sequence[Hashable]:
    return [] if isinstance(codes, (str, Mapping)) or not isinstance(codes, Sequence) else codes


@called
def multiple(
    options: Mapping[str, Column | Sequence[Hashable]] | ResponseSet,
    *,
    selected: Coding = (),
    columns: Columns = (),
    unselected: Sequence[Hashable] = (),
    none: Column | Sequence[Hashable] = (),
    nothing: Literal["no answer", "none"] = "no answer",
    question: str = "",
    label: str = "",
    changes: Mapping[str, str] | None = None,
    rest: Literal["missing"] | None = None,
    not_asked: Sequence[Hashable] = (),
    no_interview: Sequence[Hashable] = (),
) -> Multiple:
    """Declare a question of which people may select several answers ("mark all that apply").

    Parameters
    ----------
    options : dict of str to str, or of str to dict, or ResponseSet
        Option to its column: one name for all waves, or a name by wave. A wave that the dict of an
        option leaves out did not offer it. With `columns`: option to the codes or value labels that
        mean it. Or a multiple-response set of an SPSS file, ``op.read_wave(path).sets["media"]``,
        which tells all of these for a wave's own column names.
    selected : list, or dict of str to list
        The codes or value labels that mark an option in its column, for example ``[1]``; a dict by
        option where these differ.
    columns : list of str, or dict of str to list
        Where each column may hold any option, as of a first, a second and a third mention: the
        columns, or those by wave. `options` then names codes, and `selected` is not needed.
    unselected : list
        Codes or labels that say that an option was not selected, for example ``[0]``. A blank says
        so by itself, wherever another option was selected.
    none : str, dict of str to str, or list
        The column of an option such as "none of these", by wave if need be; with `columns`, its
        codes. Who marked it has answered, and selected nothing.
    nothing : {"no answer", "none"}
        What it means that somebody selected nothing at all, not even `none`. By default no answer:
        whoever passed the question over looks the same. ``"none"`` counts them as people who
        answered, if they have a code of `unselected`, where ``None`` stands for blanks.
    question : str
        The wording, for captions.
    label : str
        What titles of charts call the question.
    changes : dict of str to str, optional
        Wave to what was other than before in wording or mode.
    rest : {None, "missing"}
        What to do with a code that is seen in the data and named nowhere, as of an `Item`.
    not_asked : list
        Codes or labels, ``None`` for blanks in all columns, of people whom the question was not put
        to.
    no_interview : list
        Likewise codes that say that there was no interview at this wave.

    Returns
    -------
    Multiple
        For ``items=`` of a panel, which holds an item for each option: that of ``"TV"`` in
        ``items={"media": ...}`` is called ``"media: TV"``, with the states ``selected`` and
        ``not selected``. The name ``"media"`` stands for all of them in `shares`, `turnover` and
        `net_change`.

    Raises
    ------
    ItemError
        No options; a column or a code that stands for two of them; no codes that mark them.

    Notes
    -----
    All options have one base: people who selected at least one of them, or `none`. It does not
    depend on whether files write 0 or nothing where an option was not selected; it is the base of
    the "per cent of cases" of SPSS. Shares of options add up to more than 1.

    Examples
    --------
    >>> import pandas as pd
    >>> import opinionpanel as op
    >>> people = pd.DataFrame({
    ...     "id": [1, 2, 3, 4],
    ...     "q5_1": [1, 1, None, None],
    ...     "q5_2": [None, 1, 1, None],
    ... })
    >>> media = op.multiple({"TV": "q5_1", "internet": "q5_2"}, selected=[1])
    >>> panel = op.Panel.from_waves({"May": people}, person="id", items={"media": media})
    >>> op.shares(panel, "media").to_frame()[["option", "state", "estimate", "n"]].round(2)
         option     state  estimate  n
    0        TV  selected      0.67  3
    1  internet  selected      0.67  3
    """
    if isinstance(options, ResponseSet):
        question = question or options.label
        options, selected, columns = _of_set(options, selected)
    made = Multiple(
        options=options,
        selected=selected,
        columns=columns,
        unselected=unselected,
        none=none,
        nothing=nothing,
        question=question,
        label=label,
        changes={} if changes is None else changes,
        rest=rest,
        not_asked=not_asked,
        no_interview=no_interview,
    )
    _check(made)
    for option in made.options:
        # What is wrong with columns and codes is said where they are written.
        made.item("…", option)
    return made


def _of_set(
    told: ResponseSet, selected: Coding
) -> tuple[Mapping[str, Column | Sequence[Hashable]], Coding, Columns]:
    """Give options, the codes that mark them, and the columns that may hold any of them."""
    options: dict[str, list[Hashable]] = {}
    if not told.labels:
        marked = [] if told.counted is None else [told.counted]
        return {text: column for column, text in told.columns.items()}, selected or marked, ()
    for code, text in told.labels.items():
        options.setdefault(text, []).append(code)
    return options, selected, list(told.columns)


def _check(made: Multiple) -> None:
    """Refuse what is no declaration."""
    if not isinstance(made.options, Mapping) or not made.options:
        raise ItemError("A question needs options, for example {'TV': 'q5_1', 'radio': 'q5_2'}.")
    if wrong := [option for option in made.options if not isinstance(option, str)]:
        raise ItemError(f"Options are named by text, not {listing(wrong)}.")
    if not all(option.strip() for option in made.options):
        raise ItemError("An option has an empty name. Name it as readers know it.")
    check_words(made.question, made.label, made.changes)
    if made.nothing not in ("no answer", "none"):
        raise ItemError(f"nothing must be 'no answer' or 'none', not {shown(made.nothing)}.")
    for name in ("unselected", "not_asked", "no_interview"):
        if isinstance(codes := getattr(made, name), str) or not isinstance(codes, Sequence):
            raise ItemError(f"{name} must be a list of codes, for example [{codes!r}].")
    if made.nothing == "none" and not made.unselected:
        raise ItemError(
            "nothing='none' counts people who selected nothing, and needs to know them: "
            "unselected=[0], or unselected=[None] where blanks say so."
        )
    (_check_codes if made.columns else _check_columns)(made)


def _check_columns(made: Multiple) -> None:
    """Refuse options without a column of their own, or without codes that mark them."""
    named = [*made.options.values(), *([made.none] if made.none else [])]
    for column in named:
        parts = column.values() if isinstance(column, Mapping) else [column]
        if not all(isinstance(part, str) for part in parts) or not parts:
            raise ItemError(
                f"An option has a column, or one by wave, not {shown(column)}. Where each column "
                "may hold any option, name the columns in columns=, and the codes in the options."
            )
    if len({isinstance(column, Mapping) for column in named}) > 1:
        raise ItemError("Name the columns of all options by wave, or those of none.")
    marked = made.selected
    if isinstance(marked, Mapping):
        if set(marked) != set(made.options):
            raise ItemError(
                f"selected= names the codes of {listing(marked)}, and the options are "
                f"{listing(made.options)}."
            )
    elif isinstance(marked, str) or not isinstance(marked, Sequence) or not marked:
        raise ItemError(
            f"selected= lists the codes or labels that mark an option, for example [1], not "
            f"{shown(marked)}."
        )


def _check_codes(made: Multiple) -> None:
    """Refuse options whose codes are none, or are those of another."""
    if made.selected:
        raise ItemError(
            "With columns= the options name their codes themselves: leave selected out."
        )
    home: dict[object, str] = {}
    for option, codes in (*made.options.items(), ("none", _listed(made.none))):
        if isinstance(codes, (str, Mapping)) or not isinstance(codes, Sequence):
            raise ItemError(
                f"Option {option!r}: with columns= it is a list of codes or labels, not "
                f"{shown(codes)}."
            )
        for code in codes:
            if home.setdefault(canonical(code), option) != option:
                raise ItemError(
                    f"Code {code!r} stands for two options, {home[canonical(code)]!r} and "
                    f"{option!r}. Leave it in one."
                )


def each_item(items: QuestionsGiven) -> dict[str, AnyQuestion]:
    """Put an item for each option in the place of questions that take several answers.

    Raises
    ------
    ItemError
        Two items of one name.
    """
    found: dict[str, AnyQuestion] = {}
    for name, part in _each(items):
        if name in found:
            raise ItemError(f"Two items are called {name!r}. Give one of them another name.")
        found[name] = part
    return found


def _each(items: QuestionsGiven) -> Iterator[tuple[str, AnyQuestion]]:
    for name, one in items.items():
        if isinstance(one, Multiple):
            yield from one.items(name).items()
        else:
            yield name, one
