"""A study: a panel with its declaration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from opinionpanel.escaping import html_text, terminal_text
from opinionpanel.panel import Panel
from opinionpanel.study.estimation_forms import Estimation
from opinionpanel.study.texts import (
    LANGUAGE,
    StudyTexts,
    all_in_language,
    in_language,
    with_texts,
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Study:
    """A panel and what was declared about it once, for reports.

    Attributes
    ----------
    title : str
        What the report is called.
    source : str
        Where the data come from.
    panel : Panel
        The linked people, for every function of the library.
    texts : StudyTexts
        What the study says to readers, in all its languages.
    language : str
        The code of the language of `title`, `source`, and the labels and wordings of the items.
    name : str
        What it is called beside other studies.
    batteries : dict of str to sequence of str
        Items that reports show together, by the name of the battery.
    others : dict of str to Study
        The studies that stand beside it in reports, by their names.
    estimation : Estimation
        How figures are estimated beyond counting answers, where the file says so.
    """

    title: str
    source: str
    panel: Panel
    texts: StudyTexts = field(default_factory=StudyTexts, repr=False)
    language: str = LANGUAGE
    name: str = ""
    batteries: Mapping[str, Sequence[str]] = field(default_factory=dict, repr=False)
    others: Mapping[str, "Study"] = field(default_factory=dict, repr=False)
    estimation: Estimation = field(default_factory=Estimation, repr=False)

    def in_language(self, language: str) -> "Study":
        """Return the study with its texts in a language, as far as the file has them.

        Parameters
        ----------
        language : str
            A code, such as ``"ru"``. A text that the file does not have in it is in English;
            without that it is in the first language that is there.

        Returns
        -------
        Study

        Examples
        --------
        >>> import opinionpanel as op
        >>> study = op.datasets.load("attitudes_2024").in_language("ru")
        >>> study.panel.item("peace").label
        'Мир в течение года'
        """
        return replace(
            self,
            title=in_language(self.texts.title, language) or self.title,
            source=in_language(self.texts.source, language) or self.source,
            panel=with_texts(self.panel, self.texts, language),
            language=language,
            others={name: other.in_language(language) for name, other in self.others.items()},
        )

    @property
    def methods(self) -> Mapping[str, str]:
        """What the file says of how the data were made, by its keys."""
        return all_in_language(self.texts.methods, self.language)

    def of_wave(self, wave: str) -> Mapping[str, str]:
        """Return what the file says of how a wave was made, its own words before those for all.

        Parameters
        ----------
        wave : str

        Returns
        -------
        dict of str to str
            By key: ``mode population sampling response_rate notes``, as far as they are declared.
        """
        own = all_in_language(self.texts.waves.get(wave, {}), self.language)
        return {**self.methods, **own}

    def names(self, item: str = "") -> Mapping[str, str]:
        """Return how waves, groups, categories and states are called; others have their own names.

        Parameters
        ----------
        item : str, optional
            Whose states are meant.

        Returns
        -------
        dict of str to str
        """
        states = self.texts.states.get(item, {})
        return all_in_language({**self.texts.names, **states}, self.language)

    def said_of(self, question: str, key: str) -> str:
        """Return the label or the wording of a question or a battery; empty where it has none.

        Parameters
        ----------
        question : str
        key : {"label", "question"}

        Returns
        -------
        str
        """
        return in_language(self.texts.items.get(question, {}).get(key, ""), self.language)

    def __str__(self) -> str:
        head = [f"Study: {self.title}"] + ([f"Source: {self.source}"] if self.source else [])
        return f"{terminal_text(head)}\n\n{self.panel}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<pre>{html_text(self)}</pre>"
