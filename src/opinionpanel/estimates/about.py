"""What estimates are about: question, base, weight, waves and source, for captions."""

from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from opinionpanel.estimates.label_columns import Role
from opinionpanel.estimates.labels import Labels
from opinionpanel.phrases import Phrase, all_of, in_a_row, one_after_another, per_cent

# The label columns of a pair of waves.
PAIR = ("from_wave", "to_wave")
# Between the names of the two that a difference is of.
LESS = " − "
# Where the shares of people asked differ by so much, so may the people.
ASKED_DIFFERENTLY = 0.05

Key = TypeVar("Key")
Told = TypeVar("Told")


class Later(Mapping[Key, Told]):
    """What is told of some waves, found when somebody first looks: to count people takes a while.

    Parameters
    ----------
    find : callable
        Gives all of it.
    """

    def __init__(self, find: Callable[[], Mapping[Key, Told]]) -> None:
        self._find = find

    @cached_property
    def _found(self) -> Mapping[Key, Told]:
        return self._find()

    def __getitem__(self, key: Key) -> Told:
        return self._found[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __repr__(self) -> str:
        return repr(dict(self))

    def __reduce__(self) -> Any:
        # What finds it holds the people, and does not go into another process or a file.
        return dict, (dict(self),)


@dataclass(frozen=True, kw_only=True)
class About:
    """What a caption needs: where the numbers come from and what they are shares of.

    ``weights`` names the weight of every wave, as ``(wave,)``, or pair of waves; ``weightless``
    says how many have none there though they would be in the base, ``lost`` how many were lost
    between the waves, and ``notes`` what else a reader must know of it or, as ``()``, of all of
    them. ``asked`` counts, by wave, the people interviewed and those of them whom the question was
    not put to. ``cautions`` says what must be known of rough values wherever they are shown: of
    single ones, and of what is computed from them.

    ``label`` is what titles call the item, ``neutral`` names the state of the undecided, "" for
    none, and ``changes`` says what was other in wording or mode, by wave; ``called`` is what charts
    call each of several items. ``all_waves`` are those of the panel, ``asked_waves`` those of them
    that asked the item; ``days`` gives the first and the last day of fieldwork of those where both
    are told.

    ``coded`` says which codes of the data count as each state, and ``ends`` from where to where the
    numbers of a score go, None where that does not matter to the figures. ``answered`` says who has
    answered a question that takes several answers, "" of any other.

    ``domain`` says in words which people of the panel it was narrowed to, "" for all; so does
    ``base``.

    ``design`` says what intervals rest on; ``undeclared`` names which of weight, strata and PSUs
    nobody declared, ``population`` of what a finite population was.

    ``roles`` says what label columns stand for; one that is not named there is a group of people.
    ``together`` names, by label column, the value of the row of all its others together.
    ``flows`` tells the shares of a base by origin and destination, all of them. ``answers`` names
    the label columns of groups that are answers at a wave: shares by them tell who went where.
    ``simultaneous`` says that intervals hold for all estimates at once; ``family``, how many these
    are where only some of them were kept, and 0 where all are there.

    ``study`` names the label column of studies that stand side by side, "" for a single one;
    ``marks`` are those of the panels that the figures come from.

    ``independent`` says that other people were asked at each wave.

    ``modelled`` says in a sentence how figures were made that are not counted from answers alone,
    such as imputed or smoothed ones: it stands in every caption, and under every chart.
    """

    measure: str
    title: str
    item: str = ""
    domain: str = ""
    question: str = ""
    label: str = ""
    called: Mapping[str, str] = field(default_factory=dict)
    neutral: str = ""
    changes: Mapping[str, str] = field(default_factory=dict)
    states: tuple[str, ...] = ()
    coded: Mapping[str, str] = field(default_factory=dict)
    ends: tuple[float, float] | None = None
    answered: str = ""
    waves: tuple[str, ...] = ()
    all_waves: tuple[str, ...] = ()
    asked_waves: tuple[str, ...] = ()
    base: str = ""
    weights: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    asked: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    weightless: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    lost: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    design: str = ""
    undeclared: tuple[str, ...] = ()
    population: str = ""
    sample: str | None = None
    dates: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, tuple[date, date]] = field(default_factory=dict)
    source: str = ""
    notes: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    cautions: tuple[str, str] = ("", "")
    roles: Mapping[str, Role] = field(default_factory=dict)
    together: Mapping[str, str] = field(default_factory=dict)
    flows: bool = False
    answers: tuple[str, ...] = ()
    study: str = ""
    marks: frozenset[str] = field(default_factory=frozenset, compare=False, repr=False)
    simultaneous: bool = False
    family: int = 0
    independent: bool = False
    modelled: str = ""

    @property
    def weight(self) -> str:
        """Weights in words, each once."""
        texts = list(dict.fromkeys(self.weights.values()))
        return one_after_another(texts) if texts else ""

    @property
    def smaller_base(self) -> str:
        """The base of a comparison: of the two compared the smaller counts, said once."""
        if self.base.endswith(", the smaller of the two compared"):
            return self.base
        return Phrase("{base}, the smaller of the two compared", base=self.base)

    @property
    def of_two(self) -> bool:
        """Whether these are differences of two groups or waves, whose smaller base counts."""
        return self.base == self.smaller_base

    def role(self, column: Hashable) -> Role:
        """Say what a label column stands for."""
        return self.roles.get(str(column), "group")

    def columns(self, labels: Iterable[Hashable], *roles: Role) -> list[str]:
        """Name the label columns that stand for some things."""
        return [str(name) for name in labels if self.role(name) in roles]

    def narrowed(self, labels: Labels) -> "About":
        """Leave out the waves and weights that no label names any more."""
        columns = self.columns(labels, "time")
        if not columns:
            return self
        keys = {tuple(map(str, key)) for key in labels.keys(columns)}
        named = {wave for key in keys for wave in key}
        if not named <= set(self.waves) or not keys & set(self.weights):
            # Differences between waves have a label of their own, and rest on all of them.
            return self

        def kept(told: Mapping[tuple[str, ...], str]) -> Mapping[tuple[str, ...], str]:
            # What is said of a pair stays beside labels of single waves, and the other way round.
            size = len(columns)
            if isinstance(told, Later):
                return Later(lambda: kept(dict(told)))
            return {key: text for key, text in told.items() if key in keys or len(key) != size}

        return replace(
            self,
            waves=tuple(wave for wave in self.waves if wave in named),
            weights=kept(self.weights),
            weightless=kept(self.weightless),
            lost=kept(self.lost),
            notes=kept(self.notes),
        )

    def asked_differently(self, waves: Container[str]) -> str:
        """Say so where the question was put to other shares of the people at each wave."""
        shares = {
            wave: 1 - silent / people
            for wave, (people, silent) in self.asked.items()
            if wave in waves and people
        }
        # Counts are whole: 19 of 20 asked is 5 points less than all of 20.
        if not shares or round(max(shares.values()) - min(shares.values()), 9) < ASKED_DIFFERENTLY:
            return ""
        *first, last = (
            Phrase("{share} at {wave}", share=per_cent(share), wave=wave)
            for wave, share in shares.items()
        )
        return Phrase(
            "Of the people interviewed, {asked} were asked this question: part of the difference "
            "may be who was asked.",
            asked=all_of([in_a_row(first), last]),
        )

    def made(self, said: str) -> str:
        """Say how figures were made from these, after what is said of these; "" for nothing more.

        What is modelled stays so, whatever is made of it.
        """
        if not (self.modelled and said):
            return self.modelled or said
        return Phrase("{text} {more}", text=self.modelled, more=said)

    @property
    def as_simple(self) -> bool:
        """Whether intervals are as for a simple random sample: strata or PSUs were not declared."""
        return bool({"strata", "PSUs"} & set(self.undeclared))
