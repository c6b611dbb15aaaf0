"""How many answers of a panel were imputed, so that no figure of it goes without a word of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from opinionpanel.phrases import Phrase, per_cent


@dataclass(frozen=True)
class ImputedAnswers:
    """Which answers of a panel nobody gave.

    Attributes
    ----------
    counts : dict of (str, str) to (int, int)
        Item and wave, to how many answers were imputed, and how many there are with these.
    times : int
        Of how many imputed data sets the figures will be made: 1 for those of this panel alone.
    """

    counts: Mapping[tuple[str, str], tuple[int, int]]
    times: int = 1

    def words(self, items: Iterable[str], waves: Iterable[str]) -> str:
        """Say how many of the answers to some items at some waves were imputed; "" for none."""
        keys = [(item, wave) for item in items for wave in waves if (item, wave) in self.counts]
        imputed, answers = (sum(self.counts[key][place] for key in keys) for place in (0, 1))
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
