"""What is known of the people of a panel, where to find it, and domains of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np

from opinionpanel.arguments import checked, listed
from opinionpanel.arrays import Floats
from opinionpanel.design import AnySampling, Calibration, CompiledDesign, PersonWeight, WaveKey
from opinionpanel.engines import PersonColumn, PersonRows
from opinionpanel.errors import SelectionError, listing, shown, unknown
from opinionpanel.panel.due import Came, Cohort, chain, default_pairs, first_wave
from opinionpanel.panel.fieldwork_days import Days
from opinionpanel.panel.imputed_answers import ImputedAnswers
from opinionpanel.panel.other_people import no_same_people
from opinionpanel.panel.questions_asked import QuestionsAsked
from opinionpanel.phrases import Phrase, any_of, one_after_another
from opinionpanel.questions import (
    Group,
    Item,
    Score,
    Unread,
    narrowed,
    unknown_category,
)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class PanelRecord(QuestionsAsked):
    """All that a panel holds, read and checked; the attributes are described at `Panel`."""

    waves: tuple[str, ...]
    items: Mapping[str, Item]
    scores: Mapping[str, Score] = field(default_factory=dict)
    answers: Mapping[str, PersonRows]
    numbers: Mapping[str, Floats] = field(default_factory=dict)
    unread: Mapping[str, Mapping[str, Unread]]
    present: PersonRows
    weights: Mapping[WaveKey, PersonColumn]
    without_weight: Mapping[WaveKey, int]
    replicates: Mapping[WaveKey, Floats]
    groups: Mapping[str, Group]
    fixed: Mapping[str, Group]
    design: CompiledDesign
    sampling: AnySampling
    domain: PersonColumn
    domain_text: str = ""
    independent: bool = False
    told: tuple[str, ...] = ()
    due: Mapping[Cohort, tuple[str, ...]] = field(default_factory=dict)
    came: Came = field(default_factory=dict)
    linked: Mapping[tuple[str, str], int] = field(default_factory=dict)
    not_due: Mapping[str, PersonColumn] = field(default_factory=dict)
    calibrations: Mapping[WaveKey, tuple[Calibration, ...]] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, Days] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    held: str = ""
    source: str = ""
    imputed: ImputedAnswers | None = None

    def __post_init__(self) -> None:
        """Let nothing be written to people: errors are worked out from them when somebody looks."""
        groups = [*self.groups.values(), *self.fixed.values()]
        for values in (
            *(self.present, self.domain),
            *(part for group in groups for part in (group.codes, group.by_wave)),
            *(part for kept in (self.answers, self.not_due) for part in kept.values()),
            *(part for kept in (self.weights, self.replicates) for part in kept.values()),
            *(getattr(self.sampling, name, None) for name in ("stratum", "psu")),
        ):
            if isinstance(values, np.ndarray):
                values.setflags(write=False)

    @property
    def everyones_groups(self) -> dict[str, Group]:
        """The groups with the categories of everyone, whatever the domain."""
        return {name: group.everyone for name, group in self.groups.items()}

    @property
    def traits(self) -> dict[str, Group]:
        """Fixed traits and groups of everyone."""
        return {**self.fixed, **self.everyones_groups}

    def group(self, name: str) -> Group:
        """Return a group of people: its categories, and who belongs to which.

        Parameters
        ----------
        name : str
            The group's name in the panel.

        Returns
        -------
        Group
            With the attribute ``categories``, in display order.

        Raises
        ------
        SelectionError
            The panel has no such group (the nearest name is in the message), or nobody has a value
            of it.

        Examples
        --------
        >>> import opinionpanel as op
        >>> op.datasets.load("attitudes_2024").panel.group("gender").categories
        ('man', 'woman')
        """
        asked = isinstance(name, str) and name not in self.groups
        if asked and (name in self.questions or self.options_of(name)):
            # Of a question that takes several answers each option is an item.
            item = name if name in self.questions else next(iter(self.options_of(name)))
            bands = ", bands=[…]" if name in self.scores else ""
            raise SelectionError(
                f"{name!r} is {'a score' if bands else 'a question'} of this panel, and no group: "
                f"panel.group_of({item!r}, wave=…{bands}) makes one of the answers at a wave."
            )
        if not isinstance(name, str) or name not in self.groups:
            raise SelectionError(
                f"{unknown('group', name, self.groups)} Groups are named when the panel is made: "
                f"groups=[…, {shown(name)}]."
            )
        if not self.groups[name].categories:
            raise SelectionError(
                f"Group {name!r}: nobody has a value in its column at any wave. Leave it out."
            )
        return self.groups[name]

    def position(self, wave: str) -> int:
        """Return where a wave stands among the waves of the panel.

        Parameters
        ----------
        wave : str
            The wave's name.

        Returns
        -------
        int
            The position, from 0, as of the rows of ``answers`` and ``present``.

        Raises
        ------
        SelectionError
            The panel has no such wave; the nearest name is in the message.

        Examples
        --------
        >>> import opinionpanel as op
        >>> op.datasets.load("attitudes_2024").panel.position("Nov 2024")
        1
        """
        if not isinstance(wave, str) or wave not in self.waves:
            raise unknown("wave", wave, self.waves)
        return self.waves.index(wave)

    @checked
    def where(self, /, **groups: str | Sequence[str]) -> Self:
        """Narrow the panel to a domain, the design kept whole.

        Parameters
        ----------
        **groups
            Group name to one category or several, for example ``gender="woman"``.

        Returns
        -------
        Panel
            The same people and design; measures are about the domain. Categories of groups that
            nobody in the domain has are left out of its tables.

        Raises
        ------
        SelectionError
            A group or category does not exist, or a group has another value at every wave, so that
            it does not say who belongs to a domain.

        Examples
        --------
        >>> import opinionpanel as op
        >>> panel = op.datasets.load("attitudes_2024").panel
        >>> women = panel.where(gender="woman")
        >>> op.shares(women, "support", waves=["Jul 2024"]).value.round(3).tolist()
        [0.346, 0.392, 0.262]
        """
        domain, texts = self.domain.copy(), [self.domain_text] if self.domain_text else []
        for name, wanted in groups.items():
            group = self.group(name)
            if group.use == "wave":
                raise SelectionError(
                    f"Group {name!r} can have another value at every wave, so it does not say who "
                    "belongs to a domain. Build the panel with its 'first' or 'latest' value."
                )
            categories = [str(category) for category in listed(wanted)]
            for category in categories:
                if category not in group.categories:
                    raise unknown_category(name, category, group)
            positions = [group.categories.index(category) for category in categories]
            domain &= np.isin(group.codes, positions)
            texts.append(Phrase("{group} {categories}", group=name, categories=any_of(categories)))
        kept = narrowed(self.groups, domain)
        return replace(self, domain=domain, domain_text=one_after_another(texts), groups=kept)

    @checked
    def asked(self, item: str) -> tuple[str, ...]:
        """Name the waves that asked an item.

        Parameters
        ----------
        item : str
            The item's name in the panel.

        Returns
        -------
        tuple of str
            The waves, in the order of fieldwork.

        Raises
        ------
        SelectionError
            The panel does not have the item.

        Examples
        --------
        >>> import opinionpanel as op
        >>> op.datasets.load("attitudes_2024").panel.asked("peace")
        ('Jul 2024', 'Nov 2024', 'Mar 2025', 'Jul 2025')
        """
        question = self.question(item)
        return tuple(wave for wave in self.waves if question.columns_at(wave))

    def check_asked(self, item: str, waves: Iterable[str]) -> None:
        """Refuse waves that the panel does not have, or that did not ask an item."""
        asked = self.asked(item)
        for wave in waves:
            self.position(wave)
            if wave not in asked:
                raise SelectionError(
                    f"{self.question(item).kind.capitalize()} {item!r} was not asked at wave "
                    f"{wave!r}. It was asked at {listing(asked)}."
                )

    @checked
    def pairs(self, item: str | None = None) -> list[tuple[str, str]]:
        """List the pairs of waves that measures tabulate by default: those that link people.

        Parameters
        ----------
        item : str, optional
            Of the waves that asked this item; by default of all waves.

        Returns
        -------
        list of (str, str)
            Consecutive among the waves at which people first interviewed at some wave were due and
            any of them came, and linking 10 people or more, if any such pair reaches the later
            wave. In an ordinary panel each two consecutive waves; none where waves are
            independent samples.

        Raises
        ------
        SelectionError
            The panel does not have the item.

        Examples
        --------
        >>> import opinionpanel as op
        >>> op.datasets.load("nes_ideology").pairs("ideology")
        [('wave 1', 'wave 2'), ('wave 2', 'wave 3')]
        """
        waves = self.waves if item is None else self.asked(item)
        if self.independent:
            return []
        return default_pairs(waves, self.due, self.came, self.linked)

    def chain(self, item: str) -> tuple[str, ...]:
        """Name the waves of an item at which the people of the first of them were due."""
        return chain(self.asked(item), self.due)

    def due_differs(self, first: str, last: str) -> bool:
        """Tell whether some of those who were due at a wave were not at another, later or not."""
        since = {cohort: self.position(first_wave(cohort)) for cohort in self.due}
        return any(
            first in at and last not in at and self.position(last) > since[cohort]
            for cohort, at in self.due.items()
        )

    def were_due(self, people: PersonColumn, waves: Iterable[str]) -> PersonColumn:
        """Leave those out who were not due at one of some waves."""
        for wave in waves:
            if wave in self.not_due:
                people = people & ~self.not_due[wave]
        return people

    def before(self, wave: str, earlier: PersonColumn) -> PersonColumn:
        """Return who was interviewed when last due, up to a wave, given those before it."""
        here: PersonColumn = self.present[self.position(wave)]
        return here | (earlier & self.not_due[wave]) if wave in self.not_due else here

    @checked
    def weight(self, first: str, last: str | None = None) -> PersonWeight:
        """Return the weight of a wave, or of a pair of waves, with its name and replicates.

        A pair takes the longitudinal weight declared for it, else that of the later wave.

        Parameters
        ----------
        first : str
            A wave, or the one wave of a pair.
        last : str, optional
            The other wave of a pair; by default the weight is that of the one wave.

        Returns
        -------
        PersonWeight
            With ``values``, shape (people,), the weight in its own unit and 0 for who has none;
            ``text``, its name in captions; and ``replicates``, shape (people, replicates), or None.

        Raises
        ------
        SelectionError
            The panel does not have one of the waves, or a pair of waves that are independent
            samples.

        Examples
        --------
        >>> import opinionpanel as op
        >>> panel = op.datasets.load("attitudes_2024").panel
        >>> panel.weight("Jul 2024", "Nov 2024").text
        'wgt (at Nov 2024, the later wave)'
        """
        self.position(first)
        if last is not None and first != last:
            self.check_same_people()
        if last is None or first == last:
            return self._weight(first, Phrase("at {wave}", wave=first))
        first, last = sorted((first, last), key=self.position)
        if (first, last) in self.weights:
            when = Phrase("longitudinal, {first} → {last}", first=first, last=last)
            weight = self._weight((first, last), when)
        else:
            weight = self._weight(last, Phrase("at {wave}, the later wave", wave=last))
        return replace(weight, interviewed=self.interviewed([first, last]))

    def imputed_words(self, items: Iterable[str], waves: Iterable[str]) -> str:
        """Say how many answers of the domain were imputed; "" for none."""
        return (
            ""
            if self.imputed is None
            else self.imputed.words(items, waves, np.asarray(self.domain))
        )

    def check_who_was_lost(self, waves: Iterable[str]) -> None:
        """Refuse what is about drop-out at waves that were imputed for those who missed them."""
        missed = () if self.imputed is None else self.imputed.missed
        if told := [wave for wave in dict.fromkeys(waves) if wave in missed]:
            raise SelectionError(
                f"At {listing(told)} those who missed the wave were imputed, and count as "
                "interviewed: this panel does not tell who was lost. Take the panel from before it "
                "was imputed."
            )

    def check_same_people(self, question: str = "", base: str = "answered") -> None:
        """Refuse what is about the same people where every wave asked others.

        `question` is the item or score that is asked about, and `base` the one of those that ask
        each wave by itself.
        """
        if self.independent:
            kind = self.question(question).kind if question else "item"
            raise no_same_people(question or kind, kind, base)

    def interviewed(self, waves: Iterable[str]) -> tuple[PersonColumn, ...]:
        """Return who was interviewed at each of some waves."""
        return tuple(self.present[self.position(wave)] for wave in waves)

    def _weight(self, key: WaveKey, when: str) -> PersonWeight:
        name = self.design.weight_text(key)
        calibrations = self.calibrations.get(key, ())
        if calibrations:
            name = Phrase(
                "{weight}, {steps}",
                weight=Phrase("equal weights") if name == "none" else name,
                steps=one_after_another([step.text for step in calibrations]),
            )
        text = Phrase("none (unweighted)")
        if name != "none":
            text = Phrase("{weight} ({when})", weight=name, when=when)
        sample = self.waves.index(key) if self.independent and isinstance(key, str) else 0
        return PersonWeight(
            self.weights[key], text, self.replicates.get(key), calibrations, sample=sample
        )
