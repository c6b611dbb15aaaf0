"""What a page about one item shows; its template only says in which order."""

from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, Literal, Self

from opinionpanel import hypotheses
from opinionpanel.charts import draw_sankey
from opinionpanel.disclosure import Shown, publish
from opinionpanel.errors import OpinionPanelError, SelectionError
from opinionpanel.escaping import closed_names, html_text
from opinionpanel.models import latent_markov
from opinionpanel.panel import Panel
from opinionpanel.report import words
from opinionpanel.report.embed import Html, chart_html, table, table_html
from opinionpanel.study import read_study

# Groups with more categories make tables that nobody reads.
MOST_CATEGORIES = 6
LEFT_OUT = "Left out: this would tell of few people, by itself or beside what is shown above."


def table_groups(panel: Panel) -> list[str]:
    """Name the groups that have a table on the pages of items."""
    return [
        name
        for name, group in panel.groups.items()
        if group.unused < len(group.categories) - 1 and len(group.categories) <= MOST_CATEGORIES
    ]


def _of_pair(
    part: Callable[["ItemPage", str, str], Html],
) -> Callable[["ItemPage", str, str], Html]:
    """Show a part about two waves only where their tables are not left out."""

    @wraps(part)
    def shown(page: "ItemPage", first: str, second: str) -> Html:
        there = page.published.has(first, second)
        return part(page, first, second) if there else _left_out(LEFT_OUT)

    return shown


class ItemPage:
    """The parts of the page about one item, which show only what may leave together.

    Parameters
    ----------
    study : str or pathlib.Path
        The study's declaration.
    item : str
        The item's name.
    """

    def __init__(self, study: str | Path, item: str) -> None:
        self._open(read_study(study).panel, item)

    @classmethod
    def of(cls, panel: Panel, item: str) -> Self:
        """Make the page of a panel that was read already."""
        page = cls.__new__(cls)
        page._open(panel, item)
        return page

    def _open(self, panel: Panel, item: str) -> None:
        self.item = item
        self.published = publish(panel, item, table_groups(panel))
        # With the people and states that all tables are about.
        self.panel = self.published.panel

    def question(self) -> Html:
        """Show the wording, which answers count as which state, and what was put together."""
        item = self.panel.item(self.item)
        wording = item.question or "The study declares no wording for this item."
        notes = "".join(map(self._paragraph, self.published.notes))
        return Html(
            f'<p class="opinionpanel-question">{html_text(wording)}</p>{notes}'
            '<details class="opinionpanel-numbers"><summary>Which answer codes count as which '
            f"state</summary><pre>{html_text(item)}</pre></details>"
        )

    def shares(self) -> Html:
        """Show the share of every state at every wave."""
        shown, out = self.published.shares()
        table = "" if shown is None else table_html(shown)
        return Html(table + (self._paragraph(words.waves_left_out(out)) if out else ""))

    def shares_by(self, group: str, wave: str) -> Html:
        """Show the shares in the categories of a group; those at a wave of the main pair."""
        shown = self.published.shares_by(group, wave)
        return _left_out(LEFT_OUT) if shown is None else Html(table_html(shown))

    @_of_pair
    def flows(self, first: str, second: str) -> Html:
        """Draw who went where between two waves, with the same numbers in a table."""
        return _drawn(self.published.flows(first, second))

    @_of_pair
    def opposites(self, first: str, second: str) -> Html:
        """Compare opposite flows, the largest two in words."""
        flows = self.published.flows(first, second)
        differences = words.opposite_flows(flows)
        shown = table_html(differences) if len(differences.estimates) else ""
        return Html(self._paragraph(words.opposites(flows)) + shown)

    @_of_pair
    def transitions(self, first: str, second: str) -> Html:
        """Show the transition matrix between two waves."""
        return Html(table_html(self.published.transitions(first, second)))

    @_of_pair
    def turnover(self, first: str, second: str) -> Html:
        """Say and show how many answered otherwise, and the parts of that."""
        parts = self.published.turnover(first, second)
        return self._with_words(words.turnover(parts, first, second), parts)

    @_of_pair
    def symmetry(self, first: str, second: str) -> Html:
        """Say whether any two states lost more to each other than they won, beyond chance."""
        if not self.published.every_move(first, second):
            return Html(self._paragraph(words.NO_SYMMETRY))
        try:
            test = hypotheses.symmetry(self.panel, self.item, waves=[first, second])
        except OpinionPanelError as error:
            return Html(self._paragraph(f"No test of symmetry: {error}"))
        return Html(self._paragraph(words.symmetry(test)))

    def response_error(self) -> Html:
        """Set true beside observed turnover; where no model can, say what errors could explain."""
        try:
            fit = latent_markov(self.panel, self.item)
        except OpinionPanelError as error:
            rates = self.published.break_even()
            reason = self._paragraph(str(error))
            return Html(reason + self._with_words(words.break_even(rates), rates).text)
        return self._with_words(words.LATENT, self.published.latent(fit.turnover))

    @_of_pair
    def net_change(self, first: str, second: str) -> Html:
        """Say and show by how much each state grew or shrank."""
        changes = self.published.net_change(first, second)
        return self._with_words(words.net_change(changes, first, second), changes)

    def all_waves(self) -> Html:
        """Draw the whole way of those who answered first, drop-out included."""
        way = self.published.way()
        if way is None:
            return _left_out(LEFT_OUT)
        flows, shares = way
        return Html(self._paragraph(words.drop_out(shares)) + _drawn(flows).text)

    def _with_words(self, sentence: str, shown: Shown) -> Html:
        return Html(self._paragraph(sentence) + table_html(shown))

    def _paragraph(self, text: str) -> str:
        """Write sentences, in which figures follow names."""
        panel = self.panel
        groups = (name for group in panel.groups.values() for name in group.categories)
        names = [*panel.waves, *panel.item(self.item).state_names, *panel.groups, *groups]
        return f"<p>{html_text(closed_names(text, [self.item, *names]))}</p>"


def _drawn(flows: Shown) -> Html:
    pairs = flows.estimates.labels["from_wave"].drop_duplicates()
    numbers = [flows.of_pair(first) for first in pairs]
    if flows.hidden.all():
        return _without_chart("all flows are withheld.", numbers)
    try:
        wide = _sankey(flows, "page")
    except SelectionError as error:
        # More states than colours, or names that leave no room for flows.
        return _without_chart(str(error), numbers)
    try:
        phone = _sankey(flows, "phone")
    except SelectionError:
        phone = None
    return Html(chart_html(wide, phone=phone) + table(*numbers).text)


def _sankey(flows: Shown, size: Literal["page", "phone"]) -> dict[str, Any]:
    chart = draw_sankey(flows.estimates, flows.withheld, size=size)
    # Checking the whole specification against its schema would take a fifth of the page's time.
    specification: dict[str, Any] = chart.to_dict(validate=False)
    return specification


def _without_chart(why: str, numbers: Sequence[Shown]) -> Html:
    """Say why there is no chart; the numbers still stand, as far as they are shown."""
    return Html(f"<p>No chart: {html_text(why)}</p>" + "".join(map(table_html, numbers)))


def _left_out(why: str) -> Html:
    return Html(f"<p>{html_text(why)}</p>")
