"""What estimates are about: question, base, weight, waves and source, for captions."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from opinionpanel.estimates.label_columns import Role

# The label columns of a pair of waves.
PAIR = ("from_wave", "to_wave")


@dataclass(frozen=True, kw_only=True)
class About:
    """What a caption needs: where the numbers come from and what they are shares of.

    ``weights`` names the weight of every wave, as ``(wave,)``, or pair of waves; ``notes`` says
    what else a reader must know of it, such as how many dropped out, or, as ``()``, of all of
    them; ``cautions`` what must be known of rough values wherever they are shown: of single ones,
    and of what is computed from them.

    ``roles`` says what label columns stand for; one that is not named there is a group of people.
    ``together`` names, by label column, the value of the row of all its others together.
    ``flows`` tells the shares of a base by origin and destination, all of them.
    """

    measure: str
    title: str
    item: str = ""
    question: str = ""
    states: tuple[str, ...] = ()
    waves: tuple[str, ...] = ()
    base: str = ""
    weights: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    design: str = ""
    sample: str = "probability"
    dates: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    notes: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    cautions: tuple[str, str] = ("", "")
    roles: Mapping[str, Role] = field(default_factory=dict)
    together: Mapping[str, str] = field(default_factory=dict)
    flows: bool = False

    @property
    def weight(self) -> str:
        """Weights in words, each once."""
        return "; ".join(dict.fromkeys(self.weights.values()))

    @property
    def smaller_base(self) -> str:
        """The base of a comparison: of the two compared the smaller counts, said once."""
        text = ", the smaller of the two compared"
        return self.base.removesuffix(text) + text

    def role(self, column: Hashable) -> Role:
        """Say what a label column stands for."""
        return self.roles.get(str(column), "group")

    def columns(self, labels: pd.DataFrame, *roles: Role) -> list[str]:
        """Name the label columns that stand for some things."""
        return [str(name) for name in labels if self.role(name) in roles]

    def narrowed(self, labels: pd.DataFrame) -> "About":
        """Leave out the waves and weights that no label names any more."""
        columns = self.columns(labels, "time")
        if not columns:
            return self
        keys = set(labels[columns].itertuples(index=False, name=None))
        named = {wave for key in keys for wave in key}
        if not named <= set(self.waves) or not keys & set(self.weights):
            # Differences between waves have a label of their own, and rest on all of them.
            return self
        return replace(
            self,
            waves=tuple(wave for wave in self.waves if wave in named),
            weights={key: text for key, text in self.weights.items() if key in keys},
            notes={key: text for key, text in self.notes.items() if not key or key in keys},
        )
