"""Which answers of a panel were imputed, so that no figure of it goes without a word of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from opinionpanel.arrays import Booleans
from opinionpanel.phrases import Phrase, per_cent


@dataclass(frozen=True, eq=False)
class ImputedAnswers:
    """Which answers of a panel nobody gave.

    Attributes
    ----------
    gaps, answers : dict of (str, str) to numpy.ndarray of bool, shape (people,)
        Item and wave, to those who count there and whose answer was imputed; and to those of them
        who have one now, imputed or not.
    missed : tuple of str
        The waves at which people count as interviewed who were not.
    times : int
        Of how many imputed data sets the figures will be made: 1 for those of this panel alone.
    """

    gaps: Mapping[tuple[str, str], Booleans] = field(default_factory=dict)
    answers: Mapping[tuple[str, str], Booleans] = field(default_factory=dict)
    missed: tuple[str, ...] = ()
    times: int = 1

    def count(
        self, items: Iterable[str], waves: Iterable[str], domain: Booleans | None = None
    ) -> tuple[int, int]:
        """Count the imputed answers to some items at some waves, and all with these."""
        inside = slice(None) if domain is None else domain
        keys = [(item, wave) for item in items for wave in waves if (item, wave) in self.gaps]
        imputed, answers = (
            sum(int(np.count_nonzero(people[key][inside])) for key in keys)
            for people in (self.gaps, self.answers)
        )
        return imputed, answers

    def words(self, items: Iterable[str], waves: Iterable[str], domain: Booleans) -> str:
        """Say how many of the answers of some people were imputed; "" for none."""
        imputed, answers = self.count(items, waves, domain)
        if not imputed:
            return ""
        share = imputed / answers
        # Of one in a thousand it would say that there is none.
        text = per_cent(share) if share >= 0.005 else Phrase("under {share}", share=per_cent(0.01))
        if self.times == 1:
            return Phrase(
                "{share} of the answers were imputed, and only once: intervals are too narrow.",
                share=text,
            )
        return Phrase(
            "{share} of the answers were imputed ({times} times), taking those who did not answer "
            "to differ only by what is known of them.",
            share=text,
            times=self.times,
        )
