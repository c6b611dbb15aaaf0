"""The panel: people by waves, linked and checked, frozen."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from opinionpanel.arguments import called, checked
from opinionpanel.design import AnyDesign
from opinionpanel.escaping import html_text
from opinionpanel.panel.assembly import LinkedPeople, assemble
from opinionpanel.panel.columns_to_read import mentioned
from opinionpanel.panel.declared import Declared, Due, Interviewed, declared
from opinionpanel.panel.fieldwork_dates import check_dates
from opinionpanel.panel.fieldwork_days import Fieldwork, read_fieldwork
from opinionpanel.panel.linkage import linkage_frame
from opinionpanel.panel.linking import Duplicates, Person
from opinionpanel.panel.made_groups import with_answers
from opinionpanel.panel.people_in_memory import link_in_memory
from opinionpanel.panel.people_on_engine import link_on_engine
from opinionpanel.panel.record import PanelRecord
from opinionpanel.panel.rows_on_engine import EngineRows
from opinionpanel.panel.summary import panel_text
from opinionpanel.panel.taking import take_long, take_waves, take_wide
from opinionpanel.questions import Groups, QuestionsGiven
from opinionpanel.waves import WaveLike

if TYPE_CHECKING:
    from opinionpanel.panel.taking import Waves


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Panel(PanelRecord):
    """People by waves: who was interviewed, what they answered, and how they were sampled.

    Build one with `read_panel`, `Panel.from_waves`, `Panel.from_long` or `Panel.from_wide`; it
    never changes afterwards.

    Attributes
    ----------
    waves : tuple of str
        In the order of fieldwork.
    items : dict of str to Item
        Name to question; of a `multiple` one for each option, as ``"media: TV"``.
    scores : dict of str to Score
        Name to question, of those whose answers are numbers; scales among them.
    answers : dict of str to numpy.ndarray of int8, shape (waves, people)
        Position of the state, or of a score's number (int32); -1 for no answer, -2 for not asked,
        -3 for not interviewed, -4 for not due. The questions of a scale are there as well.
    numbers : dict of str to numpy.ndarray, shape (k,)
        Of scores, and of the questions of scales, the numbers that occur, in ascending order.
    unread : dict
        Item to wave to the codes that were read as no answer, with how many people gave each;
        codes of few people that no label and no state names are put together.
    present : numpy.ndarray of bool, shape (waves, people)
        Who was interviewed.
    independent : bool
        Whether every wave asked other people, ``person=None``: then each person was interviewed at
        one wave, and what is about the same people is refused.
    told : tuple of str
        The waves at which a status or a weight was declared to tell who was interviewed.
    due : dict of str to tuple of str
        The wave at which people were first interviewed, to the waves at which they were due; the
        key of a rotation group is that wave and its name.
    came : dict of (cohort, str) to int
        A key of `due` and a wave, to the people of the cohort who were interviewed there.
    linked : dict of (str, str) to int
        People interviewed at both of each two waves.
    not_due : dict of str to numpy.ndarray of bool, shape (people,)
        Wave to those interviewed before who were not due there; only waves that have any.
    weights : dict
        Wave, or (from wave, to wave), to weights by person; 0 for not sampled.
    without_weight : dict
        Wave, or pair, to the number of people interviewed whose weight is missing.
    replicates : dict
        The same keys, to replicate weights, shape (people, replicates); empty without any.
    groups : dict of str to Group
        Name to the categories of a group and who belongs to which.
    fixed : dict of str to Group
        Fixed traits, by which linked people are known to be the same.
    design : Design or ReplicateDesign
        Replicate weights with all their constants, whether they were delivered or made.
    sampling : Sampling or Replication
        Strata and PSUs over everyone with a positive weight at any wave; or the constants of the
        replicate weights.
    domain : numpy.ndarray of bool, shape (people,)
        Whom measures are about; everyone unless `where` narrowed it.
    domain_text : str
        The domain in words; "" for everyone.
    calibrations : dict
        The keys of `weights`, to what those weights were calibrated to, oldest first.
    dates : dict of str to str
        Wave to fieldwork in words.
    days : dict of str to (date, date)
        Wave to the first and the last day of fieldwork; those of which both are told.
    sources : dict of str to str
        Wave to its file.
    notes : tuple of str
        Sentences of the summary on what was noticed when the data were read.
    source : str
        Where the data come from, for captions.
    held : str
        How many rows were read in batches and how much memory they take, or on which cluster
        people stay; "" where their frames were in memory.
    imputed : ImputedAnswers or None
        Which answers nobody gave, of a panel that `impute` made.
    """

    @classmethod
    @checked
    def from_waves(
        cls,
        waves: Mapping[str, WaveLike],
        *,
        person: Person | None,
        items: QuestionsGiven,
        groups: Groups = (),
        design: AnyDesign | None = None,
        fixed: Groups = (),
        duplicates: Duplicates = "error",
        no_id: Sequence[Hashable] = (),
        interviewed: Interviewed = None,
        due: Due | None = None,
        dates: Mapping[str, Fieldwork] | None = None,
        source: str = "",
    ) -> "Panel":
        """Link one frame per wave into a panel.

        Parameters
        ----------
        waves : dict of str to frame or Wave
            Wave name to its people, one row each, in the order of fieldwork: frames of pandas,
            polars or pyarrow, or what `read_wave` gives. DuckDB relations, polars LazyFrames and
            Arrow datasets are read in batches, and may be larger than memory; people in frames of
            Dask and Spark stay there.
        person : str, list of str, dict of str to either, or None
            The id column, or its name by wave. A list of names holds the ids of several
            waves that people are known by, for example an older id and the wave's own; rows that
            share any of them are the same person. None says that every wave asked other people:
            independent samples, of which shares can be compared, and nobody's change be known.
            Each wave then has strata and PSUs of its own, unless the `Design` says ``same_psus``.
        items : dict of str to Item, Score or Multiple
            Name to question.
        groups : sequence of str, or dict of str
            Columns to group people by. A person's value is that of the first wave with an answer.
            A dict says otherwise: ``{"region": "latest"}``, ``{"age_group": "wave"}`` for the
            value at each wave, or `Grouping` for columns with another name in each wave, for states
            and for bands of numbers. A group may have any name: where a result has a column of its
            own by that name, such as ``wave`` or ``estimate``, the group's stands beside it as
            ``wave (group)``, in labels, frames and tables.
        design : Design, ReplicateDesign or Resampling, optional
            None means unweighted people drawn independently; captions then say so.
        fixed : sequence of str, or dict of str
            Columns that cannot change, such as gender and year of birth; a dict as for groups.
            Linked people who disagree on them far more often than a mistake would are an error.
        duplicates : {"error", "drop_all"}
            Ids that stand in several rows of a wave: refuse, or drop all of these rows.
        no_id : sequence
            Values of id columns that stand for no id, such as ``[-1]``: blanks. In a list of id
            columns those are blanks as well that look like it and stand in several rows.
        interviewed : Status, "weight" or None
            Who was interviewed, of those who have a row at a wave: by default everyone;
            ``"weight"`` takes those with a positive weight. Other rows are left out of the wave,
            as are those with a code of an item's `no_interview`.
        due : dict of str to list of str, or Cohorts, optional
            For a rotating panel, the wave at which people were first interviewed, to the waves at
            which they were to be interviewed; the first may be left out. Who was not due is
            neither lost nor not interviewed. For waves that are not named: of 10 people or more
            first interviewed there none of whom was interviewed at a later wave, nobody was due at
            that one, and a note says so. `Cohorts` takes a column of rotation groups instead.
        dates : dict of str to str, date or pair, optional
            Fieldwork by wave: its first and last day, as dates or as text,
            ``("2024-07-08", "2024-07-17")``, which captions write as "8–17 July 2024"; one date for
            a single day; or words, which captions show as they are. Those that tell a year must be
            in the order of the waves. Of words are read numbers, such as ``"2024-07-18"``,
            ``"18.07.2024"`` and ``"07/2024"``, and names of months in English and Russian; all
            others are left alone.
        source : str
            Where the data come from, for captions.

        Returns
        -------
        Panel
            The linked people; everything else is measured on it. Printed, it tells who was
            interviewed and who links, wave by wave.

        Raises
        ------
        ReadError
            A column does not exist.
        LinkError
            Missing or duplicate ids, ids of different forms, no overlap between waves, ids that
            start again in every wave, dates that contradict the order of the waves, a last day of
            fieldwork before the first.
        ItemError
            Answer codes mapped to no state, or with another meaning in another wave.
        SelectionError
            Changes of an item at a wave that the panel does not have.
        DesignError
            Negative or infinite weights, a wave without weights, a single-PSU stratum.

        Examples
        --------
        >>> import pandas as pd
        >>> import opinionpanel as op
        >>> june = pd.DataFrame({"id": [1, 2, 3, 4], "vote": ["yes", "yes", "no", "no"]})
        >>> may = pd.DataFrame({"id": [4, 3, 2, 1], "vote": ["no", "yes", "yes", "yes"]})
        >>> vote = op.Item("vote", {"yes": ["yes"], "no": ["no"]})
        >>> panel = op.Panel.from_waves(
        ...     {"May": may, "June": june}, person="id", items={"vote": vote}
        ... )
        >>> op.flows(panel, "vote").matrix().to_numpy().tolist()
        [[0.5, 0.25], [0.0, 0.25]]
        """
        needs = declared(
            person=person,
            items=items,
            groups=groups,
            design=design,
            fixed=fixed,
            duplicates=duplicates,
            no_id=no_id,
            interviewed=interviewed,
            due=due,
        )
        return cls._of(take_waves(waves, needs), needs, dates=dates, source=source)

    @classmethod
    @checked
    def from_long(
        cls,
        frame: WaveLike,
        *,
        person: Person | None,
        wave: str,
        waves: Sequence[str] | None = None,
        items: QuestionsGiven,
        groups: Groups = (),
        design: AnyDesign | None = None,
        fixed: Groups = (),
        duplicates: Duplicates = "error",
        no_id: Sequence[Hashable] = (),
        interviewed: Interviewed = None,
        due: Due | None = None,
        count: str | None = None,
        dates: Mapping[str, Fieldwork] | None = None,
        source: str = "",
    ) -> "Panel":
        """Build a panel from one frame with a row per person and wave.

        Parameters
        ----------
        frame : frame of pandas, polars or pyarrow, or Wave
            Of what `read_wave` gives, labels and declared missing codes stay with every wave.
            DuckDB relations, polars LazyFrames and Arrow datasets are read in batches, and may be
            larger than memory; people in frames of Dask and Spark stay there.
        person : str, list of str, dict of str to either, or None
            The id column, or its name by wave. A list of names holds the ids of several waves that
            people are known by, for example an older id and the wave's own; rows that share any of
            them are the same person. None says that every wave asked other people: independent
            samples, of which shares can be compared, and nobody's change be known. Each wave then
            has strata and PSUs of its own, unless the `Design` says ``same_psus``.
        wave : str
            The column of the wave.
        waves : sequence of str, optional
            The waves to take, in the order of fieldwork, by their values or value labels. By
            default all: numbers, dates and ordered categories in their order. Other text does not
            tell its order, and needs `waves`.
        items : dict of str to Item, Score or Multiple
            Name to question.
        groups : sequence of str, or dict of str
            Columns to group people by. A person's value is that of the first wave with an answer. A
            dict says otherwise: ``{"region": "latest"}``, ``{"age_group": "wave"}`` for the value
            at each wave, or `Grouping` for columns with another name in each wave, for states and
            for bands of numbers. A group may have any name: where a result has a column of its own
            by that name, such as ``wave`` or ``estimate``, the group's stands beside it as
            ``wave (group)``, in labels, frames and tables.
        design : Design, ReplicateDesign or Resampling, optional
            None means unweighted people drawn independently; captions then say so.
        fixed : sequence of str, or dict of str
            Columns that cannot change, such as gender and year of birth; a dict as for groups.
            Linked people who disagree on them far more often than a mistake would are an error.
        duplicates : {"error", "drop_all"}
            Ids that stand in several rows of a wave: refuse, or drop all of these rows.
        no_id : sequence
            Values of id columns that stand for no id, such as ``[-1]``: blanks. In a list of id
            columns those are blanks as well that look like it and stand in several rows.
        interviewed : Status, "weight" or None
            Who was interviewed, of those who have a row at a wave: by default everyone;
            ``"weight"`` takes those with a positive weight. Other rows are left out of the wave, as
            are those with a code of an item's `no_interview`.
        due : dict of str to list of str, or Cohorts, optional
            For a rotating panel, the wave at which people were first interviewed, to the waves at
            which they were to be interviewed; the first may be left out. Who was not due is neither
            lost nor not interviewed. For waves that are not named: of 10 people or more first
            interviewed there none of whom was interviewed at a later wave, nobody was due at that
            one, and a note says so. `Cohorts` takes a column of rotation groups instead.
        count : str, optional
            A column of frequencies: an id then names people who answered alike at every wave, and
            stands for that many; without ids each row does.
        dates : dict of str to str, date or pair, optional
            Fieldwork by wave: its first and last day, as dates or as text,
            ``("2024-07-08", "2024-07-17")``, which captions write as "8–17 July 2024"; one date for
            a single day; or words, which captions show as they are. Those that tell a year must be
            in the order of the waves. Of words are read numbers, such as ``"2024-07-18"``,
            ``"18.07.2024"`` and ``"07/2024"``, and names of months in English and Russian; all
            others are left alone.
        source : str
            Where the data come from, for captions.

        Returns
        -------
        Panel
            The linked people; everything else is measured on it. Printed, it tells who was
            interviewed and who links, wave by wave.

        Raises
        ------
        ReadError
            A column does not exist.
        LinkError
            Missing or duplicate ids, ids of different forms, no overlap between waves, ids that
            start again in every wave, dates that contradict the order of the waves, a last day of
            fieldwork before the first.
        ItemError
            Answer codes mapped to no state, or with another meaning in another wave.
        SelectionError
            Changes of an item at a wave that the panel does not have; a wave that the frame does
            not have, or waves whose order is not told; counts that are not whole numbers or differ
            within an id.
        DesignError
            Negative or infinite weights, a wave without weights, a single-PSU stratum.

        Examples
        --------
        >>> import pandas as pd
        >>> import opinionpanel as op
        >>> long = pd.DataFrame(
        ...     {"id": [1, 2, 1, 2], "wave": ["a", "a", "b", "b"], "x": [0, 1, 1, 1]}
        ... )
        >>> panel = op.Panel.from_long(
        ...     long,
        ...     person="id",
        ...     wave="wave",
        ...     waves=["a", "b"],
        ...     items={"x": op.Item("x", {"no": [0], "yes": [1]})},
        ... )
        >>> panel.waves
        ('a', 'b')
        """
        needs = declared(
            person=person,
            items=items,
            groups=groups,
            design=design,
            fixed=fixed,
            duplicates=duplicates,
            no_id=no_id,
            interviewed=interviewed,
            due=due,
        )
        return cls._of(
            take_long(frame, wave, waves, count, needs),
            needs,
            dates=dates,
            source=source,
            one_frame=True,
            same_ids=count is not None,
        )

    @classmethod
    @checked
    def from_wide(
        cls,
        frame: WaveLike,
        *,
        person: str | None = None,
        waves: Sequence[str] | None = None,
        items: QuestionsGiven,
        groups: Groups = (),
        design: AnyDesign | None = None,
        fixed: Groups = (),
        duplicates: Duplicates = "error",
        no_id: Sequence[Hashable] = (),
        interviewed: Interviewed = None,
        due: Due | None = None,
        count: str | None = None,
        dates: Mapping[str, Fieldwork] | None = None,
        source: str = "",
    ) -> "Panel":
        """Build a panel from one frame with a row per person and a column per wave.

        Parameters
        ----------
        frame : frame of pandas, polars or pyarrow, or Wave
            Of what `read_wave` gives, labels and declared missing codes stay. Of DuckDB relations,
            polars LazyFrames and Arrow datasets the columns that are named are read into memory;
            people in frames of Dask and Spark stay there.
        person : str, optional
            The id column; without one every row is a person. So are rows without an id, or with a
            placeholder such as 0 in several of them.
        waves : sequence of str, optional
            The waves to take, in the order of fieldwork; by default all that items name, in the
            order that they name them in.
        items : dict of str to Item, Score or Multiple
            Name to question, each naming its column by wave.
        groups : sequence of str, or dict of str
            Columns to group people by. A person's value is that of the first wave with an answer. A
            dict says otherwise: ``{"region": "latest"}``, ``{"age_group": "wave"}`` for the value
            at each wave, or `Grouping` for columns with another name in each wave, for states and
            for bands of numbers. A group may have any name: where a result has a column of its own
            by that name, such as ``wave`` or ``estimate``, the group's stands beside it as
            ``wave (group)``, in labels, frames and tables.
        design : Design, ReplicateDesign or Resampling, optional
            None means unweighted people drawn independently; captions then say so.
        fixed : sequence of str, or dict of str
            Columns that cannot change, such as gender and year of birth; a dict as for groups.
            Linked people who disagree on them far more often than a mistake would are an error.
        duplicates : {"error", "drop_all"}
            Ids that stand in several rows of a wave: refuse, or drop all of these rows.
        no_id : sequence
            Values of id columns that stand for no id, such as ``[-1]``: blanks. In a list of id
            columns those are blanks as well that look like it and stand in several rows.
        interviewed : Status, "weight" or None
            Who was interviewed, of those who have a row at a wave: by default everyone;
            ``"weight"`` takes those with a positive weight. Other rows are left out of the wave, as
            are those with a code of an item's `no_interview`.
        due : dict of str to list of str, or Cohorts, optional
            For a rotating panel, the wave at which people were first interviewed, to the waves at
            which they were to be interviewed; the first may be left out. Who was not due is neither
            lost nor not interviewed. For waves that are not named: of 10 people or more first
            interviewed there none of whom was interviewed at a later wave, nobody was due at that
            one, and a note says so. `Cohorts` takes a column of rotation groups instead.
        count : str, optional
            A column of frequencies: each row then stands for that many people.
        dates : dict of str to str, date or pair, optional
            Fieldwork by wave: its first and last day, as dates or as text,
            ``("2024-07-08", "2024-07-17")``, which captions write as "8–17 July 2024"; one date for
            a single day; or words, which captions show as they are. Those that tell a year must be
            in the order of the waves. Of words are read numbers, such as ``"2024-07-18"``,
            ``"18.07.2024"`` and ``"07/2024"``, and names of months in English and Russian; all
            others are left alone.
        source : str
            Where the data come from, for captions.

        Returns
        -------
        Panel
            The people; everything else is measured on it. A person with no answer to any item at a
            wave counts as not interviewed there, unless `interviewed` tells who was.

        Raises
        ------
        ReadError
            A column does not exist.
        LinkError
            Missing or duplicate ids, ids of different forms, no overlap between waves, ids that
            start again in every wave, dates that contradict the order of the waves, a last day of
            fieldwork before the first.
        ItemError
            Answer codes mapped to no state, or with another meaning in another wave.
        SelectionError
            Changes of an item at a wave that the panel does not have; an item that does not name
            its columns by wave; counts that are not whole numbers.
        DesignError
            Negative or infinite weights, a wave without weights, a single-PSU stratum.

        Examples
        --------
        >>> import pandas as pd
        >>> import opinionpanel as op
        >>> table = pd.DataFrame({"May": ["yes", "yes"], "June": ["yes", "no"], "n": [30, 10]})
        >>> vote = op.Item({"May": "May", "June": "June"}, {"yes": ["yes"], "no": ["no"]})
        >>> panel = op.Panel.from_wide(table, items={"vote": vote}, count="n")
        >>> op.flows(panel, "vote").value.tolist()
        [0.75, 0.25, 0.0, 0.0]
        """
        options: dict[str, Any] = {
            "waves": waves,
            "count": count,
            "duplicates": duplicates,
            "no_id": no_id,
            "interviewed": interviewed,
        }
        needs = declared(
            # Without ids every row is a person; they are numbered below.
            person=person or (),
            items=items,
            groups=groups,
            design=design,
            fixed=fixed,
            duplicates=duplicates,
            no_id=no_id,
            interviewed=interviewed,
            due=due,
        )
        wide = take_wide(frame, person, needs.items, [count, *mentioned(needs)], **options)
        return cls._of(
            wide.waves,
            replace(needs, person=wide.person, items=wide.items),
            dates=dates,
            source=source,
            one_frame=True,
            same_ids=True,
        )

    @classmethod
    def _of(
        cls,
        waves: "Waves",
        declared: Declared,
        *,
        dates: Mapping[str, Fieldwork] | None,
        source: str,
        one_frame: bool = False,
        same_ids: bool = False,
    ) -> "Panel":
        """Link waves; they may have stood in one frame, and an id may be sure to mean the same."""
        people: LinkedPeople
        if isinstance(waves, EngineRows):
            people = link_on_engine(waves, declared)
        elif isinstance(waves, Mapping):
            people = link_in_memory(waves, declared)
        else:
            # Loaded where something comes in batches, as in `taking`.
            from opinionpanel.panel.streaming import link_streamed

            people = link_streamed(waves, declared)
        record = assemble(people, declared, one_frame=one_frame, same_ids=same_ids)
        words, days = read_fieldwork(dates or {}, record.waves)
        check_dates(record.waves, words)
        return cls(**vars(replace(record, dates=words, days=days, source=source)))

    @checked
    def group_of(
        self, item: str, *, wave: str, name: str | None = None, bands: Sequence[float] = ()
    ) -> "Panel":
        """Group people by their answer to an item, or to a score in bands, at a wave.

        Parameters
        ----------
        item : str
            The name of the item or the score in the panel.
        wave : str
            The wave whose answers count.
        name : str, optional
            What to call the group; by default the item and the wave, such as
            ``peace (Jul 2024)``.
        bands : sequence of float
            Of a score, which needs it: where its numbers are cut, as of a `Grouping`.
            ``[0, 50, 76]`` makes "0–49", "50–75" and "76+", and "under 0" where somebody is.

        Returns
        -------
        Panel
            The same people and design, with the group for ``by=`` of any measure, for formulas
            and for `where`. Its categories are the states of the item, in their order, or the
            bands. People without an answer at the wave have no value, and are in no table by the
            group.

        Raises
        ------
        SelectionError
            An item or wave that the panel does not have, a wave that did not ask the item or at
            which nobody answered it, a name that is taken by another group, a score without bands,
            or bands that do not ascend or are of an item.

        Notes
        -----
        A person's value is the same for all waves. Earlier answers are measured with error: part
        of a difference between these groups at a later wave is less steady answering.

        Examples
        --------
        >>> import opinionpanel as op
        >>> panel = op.datasets.load("attitudes_2024").panel
        >>> panel = panel.group_of("peace", wave="Jul 2024")
        >>> moves = op.turnover(
        ...     panel, "support", waves=["Jul 2024", "Nov 2024"], by="peace (Jul 2024)"
        ... )
        >>> found = moves.select(component="total").to_frame()
        >>> found[["peace (Jul 2024)", "estimate", "n"]].round(3)
          peace (Jul 2024)  estimate    n
        0              yes     0.265  230
        1           unsure     0.198  249
        2               no     0.287  599
        """
        return with_answers(self, item, wave, name, bands)

    @called
    def linkage(self) -> pd.DataFrame:
        """Count who links with whom, over everyone, whatever `where` narrowed the panel to.

        Returns
        -------
        pandas.DataFrame
            A row for each wave (``what="wave"``, both wave columns name it), each pair of waves
            (``"pair"``) and the whole panel (``"all"``, from the first to the last wave), with

            people
                Interviewed at the wave; at both waves of the pair; at all waves.
            new
                For a wave, interviewed for the first time; for a pair, at its later wave only.
            returning
                For a wave, interviewed before but not at the wave before it, or the last at which
                they were due.
            lost
                For a wave, interviewed at the wave before it and not here; for a pair, at its
                earlier wave only; in both, not those who were not due.
            <trait>_compared, <trait>_disagree
                For each fixed trait and group: people with a valid value at both waves of the pair,
                and how many of them differ; in the last row, people with a valid value at two waves
                or more, and how many of them differ at any.

            What does not apply is missing: at the first wave nobody can be returning or lost.

        Raises
        ------
        SelectionError
            The waves are independent samples: nobody links.

        Examples
        --------
        >>> import opinionpanel as op
        >>> linkage = op.datasets.load("nes_ideology").linkage()
        >>> linkage[["what", "from_wave", "to_wave", "people"]].head(4)
           what from_wave to_wave  people
        0  wave    wave 1  wave 1     408
        1  wave    wave 2  wave 2     408
        2  wave    wave 3  wave 3     408
        3  pair    wave 1  wave 2     408
        """
        self.check_same_people()
        return linkage_frame(self)

    def __str__(self) -> str:
        return panel_text(self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<pre>{html_text(self)}</pre>"
