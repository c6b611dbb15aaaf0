"""Missing answers drawn one question and wave after the other, given all other answers.

Fully conditional specification: each question at each wave has a model of its own, given the
answers at all other waves, the groups and the design, and those that are missing are drawn from
it, round after round.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from opinionpanel.arrays import Booleans, Floats, Integers, SignedIntegers
from opinionpanel.models.penalised_logit import fit_logit, fit_mean, probabilities
from opinionpanel.questions import NOT_ASKED

# Rounds through all questions with gaps: after the first few nothing depends on the start.
ROUNDS = 10
# Of a variable with more values, each enters by how its other members answer.
MOST_DUMMIES = 12
# As many people as speak for the whole sample beside the members of a unit.
PRIOR_PEOPLE = 5.0
# What fewer people with an answer have tells nothing of who has it too.
FEWEST = 5
# Of a score, the answer is that of one of so many people with the nearest expected number.
DONORS = 5

# A question and the position of a wave.
Key = tuple[str, int]
Codes = Mapping[Key, SignedIntegers]


@dataclass(frozen=True, eq=False)
class Known:
    """All that missing answers are drawn from.

    Attributes
    ----------
    codes : dict of Key to numpy.ndarray of int, shape (people,)
        Positions of states, or of numbers of a score; negative where there is no answer.
    numbers : dict of str to numpy.ndarray
        The numbers of scores.
    gaps : dict of Key to numpy.ndarray of bool, shape (people,)
        Whose answer is to be drawn; only those with any.
    weights : dict of Key to numpy.ndarray, shape (people,)
        The weight of the wave, 0 for nobody's.
    traits : dict of Key to list of numpy.ndarray of int, shape (people,)
        Of each of `gaps`, groups and strata at the wave; -1 for unknown.
    units : numpy.ndarray of int, shape (people,), or None
        The PSU of each; None where people are their own.
    """

    codes: Codes
    numbers: Mapping[str, Floats]
    gaps: Mapping[Key, Booleans]
    weights: Mapping[Key, Floats]
    traits: Mapping[Key, Sequence[Integers]]
    units: Integers | None

    @cached_property
    def models(self) -> "Mapping[Key, QuestionModel]":
        """The model of each question with gaps, in the order in which they are drawn."""
        return {key: QuestionModel(self, key) for key in self.gaps}


def draw(known: Known, shocks: Mapping[Key, Floats], rng: np.random.Generator) -> Codes:
    """Draw all missing answers once.

    Parameters
    ----------
    known : Known
    shocks : dict of Key to numpy.ndarray, shape (people,)
        By how much this draw counts each person more or less, in parts of the weight: their sums
        vary as the design says that weighted sums do.
    rng : numpy.random.Generator

    Returns
    -------
    dict of Key to numpy.ndarray of int, shape (people,)
        The answers to questions with gaps, drawn ones included.

    Notes
    -----
    Parameters are drawn as well, from what the design says of them: β̂ + H⁻¹ Σ w h x (y − p), with
    h the shocks, so that imputations vary as much as the model is uncertain (Rubin 1987, ch. 4,
    "proper"). With a main effect of each other answer, the models are those of one log-linear
    model with all associations of two answers, and agree with each other.

    Whether a question was put to somebody is never drawn on, only what they answered: it may follow
    from the very answer that is missing. Who has a value of another answer, a group or a stratum
    that under five of those with an answer have is drawn without that variable.
    """
    models = known.models
    codes = {key: known.codes[key].copy() for key in known.codes}
    for key, model in models.items():
        codes[key][model.gaps] = model.started(rng)
    start: dict[Key, Floats | None] = {}
    # A question alone depends on no other that is drawn.
    alone = len(models) == 1 and not models[next(iter(models))].has_units
    for _ in range(1 if alone else ROUNDS):
        for key, model in models.items():
            found, start[key] = model.drawn(codes, shocks[key], rng, start.get(key))
            codes[key][model.gaps] = found
    return {key: codes[key] for key in models}


class QuestionModel:
    """The model of one question at a wave, given the answers to all others.

    Parameters
    ----------
    known : Known
    key : Key
        The question, and the wave.
    """

    def __init__(self, known: Known, key: Key) -> None:
        self._numbers, self._key = known.numbers, key
        self._own = known.numbers.get(key[0])
        self.gaps, weight = known.gaps[key], known.weights[key]
        self._fitted = ~self.gaps & (known.codes[key] >= 0) & (weight > 0)
        self._weight = weight[self._fitted] / weight[self._fitted].mean()
        given = known.codes[key][self._fitted]
        self._seen, self._given = np.unique(given, return_inverse=True)
        # Who counts among the members of a unit, and the units that enter by their members.
        self._members = weight * ((known.codes[key] >= 0) | self.gaps)
        many = [trait for trait in known.traits[key] if trait.max(initial=-1) >= MOST_DUMMIES]
        self._units = [*many, *([] if known.units is None else [known.units])]
        self._few = [one for one in known.traits[key] if one.max(initial=-1) < MOST_DUMMIES]
        self._log_weight = _log_weight(weight)[:, None]

    @property
    def has_units(self) -> bool:
        """Whether other members of a unit count, whose answers may have been drawn."""
        return bool(self._units)

    def started(self, rng: np.random.Generator) -> Integers:
        """Give everyone with a gap the answer of somebody, to begin with."""
        return np.asarray(self._seen[rng.choice(self._given, int(self.gaps.sum()))])

    def drawn(
        self, codes: Codes, shocks: Floats, rng: np.random.Generator, start: Floats | None
    ) -> tuple[Integers, Floats | None]:
        """Draw the missing answers, given all answers as they are now.

        Also give the parameters, to begin the next round with.
        """
        found = np.full(int(self.gaps.sum()), self._seen[0])
        if len(self._seen) == 1:
            return found, start
        columns, variable = self._columns(codes)
        shocked = self._weight * shocks[self._fitted]
        tells = self._tells(codes)
        for known in np.unique(tells, axis=0):
            rows = (tells == known).all(axis=1)
            kept = columns[:, np.append(known, True)[variable]]
            x, missing = kept[self._fitted], kept[self.gaps][rows]
            found[rows], fit = self._drawn_from(x, missing, shocked, rng, start)
            start = fit if known.all() else start
        return found, start

    def _drawn_from(
        self,
        x: Floats,
        missing: Floats,
        shocked: Floats,
        rng: np.random.Generator,
        start: Floats | None,
    ) -> tuple[Integers, Floats]:
        """Draw the missing answers of some people, given columns of theirs and of the others."""
        # A column may be there in one round and constant in another.
        usable = start if start is not None and len(start) == x.shape[1] else None
        if self._own is not None:
            y = self._own[self._seen][self._given]
            fit, moved = fit_mean(x, y, self._weight, shocked)
            return self._near(x @ fit, missing @ moved, rng), fit[:, None]
        fit, moved = fit_logit(x, self._given, len(self._seen), self._weight, shocked, usable)
        reached = np.cumsum(probabilities(missing, moved), axis=1)
        chosen = (reached[:, :-1] < rng.random(len(missing))[:, None]).sum(axis=1)
        return self._seen[chosen], fit

    def _others(self, codes: Codes) -> Iterator[tuple[SignedIntegers, Floats | None]]:
        """Give the answers to all other questions, with the numbers of scores."""
        for other, answers in codes.items():
            if other != self._key:
                yield answers, self._numbers.get(other[0])

    def _tells(self, codes: Codes) -> Booleans:
        """Say which variables tell something of each gap, shape (gaps, variables).

        Nothing is learnt of a value from fewer than a few people who have it and an answer.
        """
        values = [*self._few]
        for answers, numbers in self._others(codes):
            values.append(answers if numbers is None else np.minimum(answers, 0))
        found = [np.ones((int(self.gaps.sum()), 0), dtype=bool)]
        for each in values:
            place = np.maximum(each, -1) + 1
            people = np.bincount(place[self._fitted], minlength=int(place.max(initial=0)) + 1)
            enough = (people >= FEWEST)[place] | (each == NOT_ASKED)
            found.append(enough[self.gaps][:, None])
        return np.hstack(found)

    def _near(self, given: Floats, missing: Floats, rng: np.random.Generator) -> Integers:
        """Take the number of one of the few people whose expected number is nearest."""
        order = np.argsort(given, kind="stable")
        ordered, few = given[order], min(DONORS, len(given))
        # The nearest stand in a row: it begins at most so many places before.
        place = np.searchsorted(ordered, missing)
        first = np.clip(place[:, None] + np.arange(-few, 1), 0, len(given) - few)
        ends = np.maximum(
            np.abs(ordered[first] - missing[:, None]),
            np.abs(ordered[first + few - 1] - missing[:, None]),
        )
        begin = first[np.arange(len(missing)), ends.argmin(axis=1)]
        donors = order[begin + rng.integers(0, few, len(missing))]
        return np.asarray(self._seen[self._given[donors]])

    def _columns(self, codes: Codes) -> tuple[Floats, Integers]:
        """Give the columns of everyone, on one scale among those with an answer.

        Also give the variable of each, in the order of `_tells`; -1 for what is always known.
        """
        variables = [_dummies(one) for one in self._few]
        for answers, numbers in self._others(codes):
            variables.append(_answers(answers, numbers, self._fitted))
        steady = [self._log_weight]
        if self._units:
            own = _indicators(codes[self._key], self._seen[:-1])
            if self._own is not None:
                own = _numbers(codes[self._key], self._own)[:, :1]
            steady += [_of_others(unit, own, self._members) for unit in self._units]
        columns = np.hstack([*steady, *variables])
        inside = columns[self._fitted]
        mean, spread = inside.mean(axis=0), inside.std(axis=0)
        kept = spread > 1e-9
        scaled = (columns[:, kept] - mean[kept]) / spread[kept]
        sizes = [sum(part.shape[1] for part in steady), *(part.shape[1] for part in variables)]
        variable = np.repeat(np.arange(-1, len(variables)), sizes)[kept]
        return np.hstack([np.ones((len(columns), 1)), scaled]), np.append(-1, variable)


def _answers(codes: SignedIntegers, numbers: Floats | None, fitted: Booleans) -> Floats:
    """Give the columns of an answer; who was not asked has the mean of those who were."""
    asked = codes != NOT_ASKED
    found = _dummies(codes, asked) if numbers is None else _numbers(codes, numbers)
    if (asked & fitted).any():
        found[~asked] = found[asked & fitted].mean(axis=0)
    return found


def _numbers(codes: SignedIntegers, numbers: Floats) -> Floats:
    """Give a score's number, and whether there is one."""
    there = codes >= 0
    value = np.where(there, numbers[np.maximum(codes, 0)], 0.0)
    middle = value[there].mean() if there.any() else 0.0
    return np.stack([np.where(there, value - middle, 0.0), (~there).astype(np.float64)], axis=1)


def _dummies(codes: SignedIntegers, asked: Booleans | slice = slice(None)) -> Floats:
    """Mark each value that occurs but the most frequent; whatever is unknown is one of them."""
    known = np.maximum(codes, -1)
    counts = np.bincount(known[asked] + 1)
    values = np.flatnonzero(counts)
    return _indicators(known, values[values != counts.argmax()] - 1)


def _indicators(codes: SignedIntegers, values: SignedIntegers) -> Floats:
    return np.asarray((codes[:, None] == values).astype(np.float64))


def _of_others(unit: Integers, own: Floats, weight: Floats) -> Floats:
    """Give how the other members of everyone's unit answer, shrunk to the mean of all.

    Those who are alone, or whose unit is unknown, have the mean of all.
    """
    code = np.where(unit >= 0, unit, unit.max(initial=-1) + 1)
    size = int(code.max(initial=0)) + 1
    total = np.bincount(code, weight, size)
    mean = (weight @ own) / weight.sum()
    prior = PRIOR_PEOPLE * weight[weight > 0].mean()
    found = np.zeros(own.shape)
    for place in range(own.shape[1]):
        mine = weight * own[:, place]
        sums = np.bincount(code, mine, size)[code] - mine
        found[:, place] = (sums + prior * mean[place]) / (total[code] - weight + prior)
    return np.where((unit >= 0)[:, None], found - mean, 0.0)


def _log_weight(weight: Floats) -> Floats:
    """Give the logarithm of weights; those of nobody's weight are as the mean."""
    there = weight > 0
    logs = np.log(np.where(there, weight, 1.0))
    middle = logs[there].mean()
    return np.where(there, logs - middle, 0.0)
