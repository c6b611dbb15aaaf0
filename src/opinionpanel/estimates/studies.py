"""Estimates of independent studies side by side, as one: a column tells which study each is of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.arguments import checked
from opinionpanel.arrays import Booleans, Floats
from opinionpanel.errors import SelectionError, listing
from opinionpanel.estimates.about import About, Later
from opinionpanel.estimates.captions import not_asked_text, undeclared_text
from opinionpanel.estimates.covariances import side_by_side as independent
from opinionpanel.estimates.estimates import USUAL_LEVEL, Estimates
from opinionpanel.estimates.frames import bounded, limits
from opinionpanel.estimates.freedom import Freedom
from opinionpanel.estimates.imputations import Imputations, joined, none_of
from opinionpanel.estimates.labels import Labels
from opinionpanel.estimates.own_limits import JoinedLimits
from opinionpanel.estimates.values import Sources
from opinionpanel.phrases import Phrase, one_after_another

Abouts = Mapping[str, About]
# By study, the names of its waves beside those of others.
Names = Mapping[str, Mapping[str, str]]


@checked
def side_by_side(studies: Mapping[str, Estimates], *, name: str = "study") -> Estimates:
    """Put estimates of independent studies side by side, with a column that names the study.

    Parameters
    ----------
    studies : dict of str to Estimates
        Two studies or more: the name of each to the same measure of its panel, with the same
        states and the same columns of labels. Their people must have been drawn independently.
    name : str
        What to call the column.

    Returns
    -------
    Estimates
        The rows of one study after those of the other. Nothing varies between studies: their
        covariance is 0, and a difference has the sum of both variances; its degrees of freedom are
        the fewer of the two. Each study keeps its base, weight and fieldwork, which the caption
        names one by one, and is withheld as on its own. Another wording, other codes behind the
        same answer, and other people who count as having answered a question that takes several
        answers are noted. Replicates become the covariance that they give.
        Where each has a single wave and these are not the same, they get a name in common, so that
        the studies can be compared.

    Raises
    ------
    SelectionError
        Fewer than two studies; other measures, units, columns, states or ends of a score; two
        estimates of the same panel, which share people, or of panels made from it: compare these
        with `Estimates.difference`. The same files read twice are two panels, and not found out.

    Notes
    -----
    For independent estimates, V(a − b) = V(a) + V(b) (Lumley 2010, Complex Surveys, ch. 2).

    Examples
    --------
    >>> import opinionpanel as op
    >>> first, second = (op.datasets.load(name) for name in ("thomas_1991_3", "agresti_approval"))
    >>> changes = {
    ...     "Thomas": op.turnover(first, "opinion").select(component="total"),
    ...     "Agresti": op.turnover(second, "opinion").select(component="total"),
    ... }
    >>> both = op.side_by_side(changes)
    >>> both.to_frame()[["study", "estimate", "n"]].round(3)
         study  estimate     n
    0   Thomas     0.446   991
    1  Agresti     0.148  1600
    >>> both.difference("study", "Thomas", minus="Agresti").std_error.round(3).tolist()
    [0.018]
    """
    if len(studies) < 2:
        raise SelectionError("Side by side stand two studies or more: {'Russia': …, 'Ukraine': …}.")
    _check(studies, name)
    names = _names(studies)
    parts = [*studies.values()]
    labels = [_labels(part, name, study, names[study]) for study, part in studies.items()]
    about = about_each({study: part.about for study, part in studies.items()}, name, names)
    about = replace(about, family=_family(parts))
    return stacked(parts, Labels.of(pd.concat(labels)), about)


def stacked(parts: Sequence[Estimates], named: Labels, about: About) -> Estimates:
    """Put estimates below each other in one table, with no covariance between them.

    Of the same people there would be one: figures of several parts are then shown beside each
    other, and not compared.

    Parameters
    ----------
    parts : sequence of Estimates
    named : Labels
        Of all rows.
    about : About
    """
    return Estimates(
        named=named,
        value=np.concatenate([part.value for part in parts]),
        # What is not known of one part is not known of its difference from another.
        spread=independent([part.spread.without(np.isnan(part.std_error)) for part in parts]),
        freedom=Freedom(lambda: np.concatenate([part.df for part in parts])),
        n=np.concatenate([part.n for part in parts]),
        n_effective=np.concatenate([part.n_effective for part in parts]),
        about=about,
        n_cell=_joined([part.n_cell for part in parts]),
        size=_joined([part.size for part in parts]),
        unit=parts[0].unit,
        possible=np.concatenate([np.stack(part.ends, axis=1) for part in parts]),
        wald=_marks(parts, "wald"),
        rough=_marks(parts, "rough"),
        exact=_marks(parts, "exact"),
        own_limits=_limits(parts),
        sources=_sources(parts),
        imputations=_imputations(parts),
    )


def _imputations(parts: Sequence[Estimates]) -> Imputations | None:
    """Keep what imputed figures vary by; beside them nothing was imputed of the others."""
    if all(part.imputations is None for part in parts):
        return None
    return joined(
        [
            part.imputations or none_of(part.spread, part.freedom, part.n, part.n_cell)
            for part in parts
        ]
    )


def _sources(parts: Sequence[Estimates]) -> Sources | None:
    """Keep what each part was computed from."""
    rows = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    kept = []
    for number, part in enumerate(parts):
        for depends, values in part.sources.parts if part.sources is not None else ():
            wide = np.zeros((len(rows), depends.shape[1]), dtype=bool)
            wide[rows == number] = depends
            kept.append((wide, values))
    return Sources(tuple(kept)) if kept else None


def _family(parts: Sequence[Estimates]) -> int:
    """Count the intervals that hold at once: those of families of which some were kept, and others.

    0 where nothing was left out of any family: the intervals that there are will be counted.
    """
    sizes = [part.about.family for part in parts]
    if not any(sizes):
        return 0
    every = zip(parts, sizes, strict=True)
    return sum(size or bounded(*limits(part, USUAL_LEVEL, "logit")) for part, size in every)


def _limits(parts: Sequence[Estimates]) -> JoinedLimits | None:
    """Keep the limits that estimates have of their own, as quantiles have."""
    own = [part.own_limits for part in parts if part.own_limits is not None]
    if len(own) < len(parts):
        return None
    return JoinedLimits(own, np.repeat(np.arange(len(parts)), [len(part) for part in parts]))


def _check(studies: Mapping[str, Estimates], name: str) -> None:
    """Refuse what is not the same measure of independent panels."""
    if not all(map(str.strip, (name, *studies))):
        raise SelectionError(
            "Studies and the column that tells them apart have names, and one is empty: "
            f"name={name!r} and {listing(list(studies))}."
        )
    if any(name in part.named for part in studies.values()):
        raise SelectionError(
            f"The estimates have a label column {name!r} already. Call the studies something else, "
            "with name=."
        )
    seen: dict[str, str] = {}
    for study, part in studies.items():
        for mark in part.about.marks:
            if mark in seen:
                raise SelectionError(
                    f"{seen[mark]!r} and {study!r} are of the same panel: the same people stand on "
                    "both sides, and vary together. Compare them within one result, with by= or "
                    "waves= and .difference(…)."
                )
            seen[mark] = study
    (first, one), *others = studies.items()
    for study, other in others:
        both = f"{first!r} and {study!r}"
        if (a := (one.about.measure, one.unit)) != (b := (other.about.measure, other.unit)):
            raise SelectionError(
                f"{both} are other measures: {a[0]} ({a[1]}) and {b[0]} ({b[1]}). Ask both panels "
                "the same way."
            )
        if one.about.ends != other.about.ends:
            raise SelectionError(
                f"{both} are scores with other ends: {_ends(one.about)} and {_ends(other.about)}. "
                "Their numbers cannot be compared. Bring one to the ends of the other in its data, "
                "and declare it with these."
            )
        if [*one.named] != [*other.named]:
            raise SelectionError(
                f"{both} have other columns of labels: {listing(one.named)}; "
                f"{listing(other.named)}. Ask both panels the same way."
            )
        for column in one.named:
            role = one.about.role(column)
            if role not in ("time", "group") or column in one.about.together:
                _check_values(both, column, one.named.values(column), other.named.values(column))


def _ends(about: About) -> str:
    low, high = about.ends or (float("nan"), float("nan"))
    return f"{low:.15g} to {high:.15g}"


def _check_values(both: str, column: str, one: Sequence[Any], other: Sequence[Any]) -> None:
    """Refuse states that only one of two studies has."""
    if set(one) != set(other):
        left = listing(value for value in one if value not in other)
        right = listing(value for value in other if value not in one)
        raise SelectionError(
            f"{both} have another {column}: {left} only in the first, {right} only in the second. "
            "Give both items the same states, or keep those of both with .select(…)."
        )


def _names(studies: Mapping[str, Estimates]) -> Names:
    """Name waves beside those of others: where each study has one, they get a name in common."""
    when = [{*part.named.keys(part.about.columns(part.named, "time"))} for part in studies.values()]
    names: dict[str, dict[str, str]] = {study: {} for study in studies}
    if any(len(one) != 1 for one in when) or all(a == b for a, b in pairwise(when)):
        return names
    # One after the other: the first wave of each study, and the second of a pair.
    for waves in zip(*(next(iter(one)) for one in when), strict=True):
        alike = ", ".join(f"{wave} ({study})" for study, wave in zip(studies, waves, strict=True))
        for study, wave in zip(studies, waves, strict=True):
            names[study][str(wave)] = str(wave) if len({*waves}) == 1 else alike
    return names


def _labels(part: Estimates, name: str, study: str, names: Mapping[str, str]) -> pd.DataFrame:
    """Give the labels of a study, its name before the others."""
    labels = part.labels.copy()
    for column in part.about.columns(part.named, "time"):
        labels[column] = [names.get(wave, wave) for wave in labels[column]]
    labels.insert(0, name, study)
    return labels


def about_each(parts: Abouts, name: str, names: Names) -> About:
    """Say what the numbers of each study rest on.

    Parameters
    ----------
    parts : dict of str to About
        The studies.
    name : str
        The label column that tells them apart.
    names : dict of str to dict of str to str
        By study, what its waves are called beside those of others.
    """
    first, *others = parts.values()
    samples = {about.sample for about in parts.values()}
    differ = any(other.undeclared != first.undeclared for other in others)

    def alike(field: str) -> str:
        value: str = getattr(first, field)
        return value if all(getattr(other, field) == value for other in others) else ""

    def each(field: str) -> str:
        return _each({study: getattr(about, field) for study, about in parts.items()})

    def by_wave(field: str) -> Mapping[Any, str]:
        return Later(lambda: _by_wave(parts, field, names))

    notes = _by_wave(parts, "notes", names)
    if more := [
        *_notes(parts, not_asked_text),
        *(_notes(parts, _open_parts) if differ else ()),
    ]:
        notes[()] = " ".join([*([notes[()]] if () in notes else []), *more])
    notes |= _put_otherwise(parts)
    return About(
        measure=first.measure,
        title=f"{each('title')}, by {name}",
        item=alike("item"),
        domain=each("domain"),
        question=each("question"),
        label=alike("label"),
        neutral=alike("neutral"),
        changes=by_wave("changes"),
        states=first.states,
        coded={} if any(other.coded != first.coded for other in others) else first.coded,
        ends=first.ends,
        answered=alike("answered"),
        waves=_union(parts, "waves", names),
        all_waves=_union(parts, "all_waves", names),
        asked_waves=_union(parts, "asked_waves", names),
        base=each("base"),
        weights=by_wave("weights"),
        weightless=by_wave("weightless"),
        lost=by_wave("lost"),
        design=each("design"),
        undeclared=() if differ else first.undeclared,
        population=next((about.population for about in parts.values() if about.population), ""),
        # What must be said of an opt-in sample is said of all.
        sample="nonprobability" if "nonprobability" in samples else first.sample,
        dates=by_wave("dates"),
        source=each("source"),
        notes=notes,
        cautions=first.cautions,
        roles={**first.roles, name: "group"},
        together=first.together,
        flows=first.flows and all(other.flows for other in others),
        independent=all(about.independent for about in parts.values()),
        simultaneous=all(about.simultaneous for about in parts.values()),
        modelled=each("modelled"),
        study=name,
        marks=first.marks.union(*(other.marks for other in others)),
    )


def _of(study: str, text: str) -> Phrase:
    return Phrase("{study}: {text}", study=study, text=text)


def _each(texts: Mapping[str, str]) -> str:
    """Say what all studies say, or what each does."""
    if len(set(texts.values())) == 1:
        return next(iter(texts.values()))
    return one_after_another([_of(study, text) for study, text in texts.items() if text])


def _by_wave(parts: Abouts, field: str, names: Names) -> dict[Any, str]:
    """Say what each study says of a wave or of a pair of waves that its figures are of."""
    told: dict[Any, list[str]] = {}
    for study, about in parts.items():
        known = names[study]
        for key, text in getattr(about, field).items():
            when: Any = known.get(key, key)
            if isinstance(key, tuple):
                when = tuple(known.get(wave, wave) for wave in key)
            elif key not in about.waves:
                continue
            told.setdefault(when, []).append(_of(study, text))
    return {key: one_after_another(texts) for key, texts in told.items()}


def _notes(parts: Abouts, say: Callable[[About], str]) -> list[Phrase]:
    return [_of(study, text) for study, about in parts.items() if (text := say(about))]


def _put_otherwise(parts: Abouts) -> dict[Any, str]:
    """Say so where the question or what counts as an answer is not the same in all studies.

    Of no wave and no pair of waves, so that it stays whatever is selected.
    """
    found: dict[Any, str] = {}
    if len({about.question for about in parts.values()}) > 1:
        found["", "", "wording"] = Phrase(
            "The wording is not the same in all studies: part of a difference may be the question."
        )
    first, *others = [about.coded for about in parts.values()]
    if any(other != first for other in others):
        texts = {study: about.coded.items() for study, about in parts.items()}
        codes = _each(
            {
                study: ", ".join(f"{state} = {text}" for state, text in coded)
                for study, coded in texts.items()
            }
        )
        found["", "", "codes"] = Phrase(
            "Other codes count as the same answer: {codes}.", codes=codes
        )
    answered = {study: about.answered for study, about in parts.items()}
    if len({*answered.values()}) > 1:
        found["", "", "answered"] = Phrase(
            "The shares of options are of other people in each study: {people}.",
            people=_each(answered),
        )
    return found


def _open_parts(about: About) -> str:
    return undeclared_text(about, alone=True) if about.undeclared else ""


def _union(parts: Abouts, field: str, names: Names) -> tuple[str, ...]:
    waves = [(study, wave) for study, about in parts.items() for wave in getattr(about, field)]
    return tuple(dict.fromkeys(names[study].get(wave, wave) for study, wave in waves))


def _joined(columns: Sequence[Floats | None]) -> Floats | None:
    known = [column for column in columns if column is not None]
    return np.concatenate(known) if len(known) == len(columns) else None


def _marks(parts: Sequence[Estimates], field: str) -> Booleans | None:
    """Join marks of values, none of which are marked where a study marks none."""
    found = [getattr(part, field) for part in parts]
    if all(marks is None for marks in found):
        return None
    none = (np.zeros(len(part), dtype=bool) for part in parts)
    return np.concatenate([a if b is None else b for a, b in zip(none, found, strict=True)])
