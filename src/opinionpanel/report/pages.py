"""What a page about one item shows; its template only says in which order."""

from pathlib import Path

from opinionpanel import hypotheses, measures
from opinionpanel.charts import sankey
from opinionpanel.errors import OpinionPanelError, SelectionError
from opinionpanel.escaping import html_text
from opinionpanel.estimates import Estimates
from opinionpanel.measures import break_even
from opinionpanel.models import latent_markov
from opinionpanel.report import words
from opinionpanel.report.embed import MIN_N, Html, chart_html, table, table_html
from opinionpanel.study import read_study


class ItemPage:
    """The parts of the page about one item.

    Parameters
    ----------
    study : str or pathlib.Path
        The study's declaration.
    item : str
        The item's name.
    """

    def __init__(self, study: str | Path, item: str) -> None:
        self.panel = read_study(study).panel
        self.item = item

    def question(self) -> Html:
        """Show the wording, and which answers count as which state."""
        item = self.panel.item(self.item)
        wording = item.question or "The study declares no wording for this item."
        return Html(
            f'<p class="opinionpanel-question">{html_text(wording)}</p>'
            '<details class="opinionpanel-numbers"><summary>Which answer codes count as which '
            f"state</summary><pre>{html_text(item)}</pre></details>"
        )

    def shares(self) -> Html:
        """Show the share of every state at every wave."""
        return Html(table_html(measures.shares(self.panel, self.item)))

    def shares_by(self, group: str, wave: str) -> Html:
        """Show the shares at one wave in the categories of a group."""
        return Html(table_html(measures.shares(self.panel, self.item, by=group, waves=[wave])))

    def flows(self, first: str, second: str) -> Html:
        """Draw who went where between two waves, with the same numbers in a table."""
        flows = measures.flows(self.panel, self.item, waves=[first, second])
        return _drawn(flows)

    def opposites(self, first: str, second: str) -> Html:
        """Compare opposite flows, the largest two in words."""
        flows = measures.flows(self.panel, self.item, waves=[first, second])
        differences = words.opposite_flows(flows)
        shown = table_html(differences) if len(differences) else ""
        return Html(f"<p>{html_text(words.opposites(flows))}</p>{shown}")

    def transitions(self, first: str, second: str) -> Html:
        """Show the transition matrix between two waves."""
        moves = measures.transitions(self.panel, self.item, waves=[first, second])
        return Html(table_html(moves))

    def turnover(self, first: str, second: str) -> Html:
        """Say and show how many answered otherwise, and the parts of that."""
        parts = measures.turnover(self.panel, self.item, waves=[first, second])
        return _with_words(words.turnover(parts, first, second), parts)

    def symmetry(self, first: str, second: str) -> Html:
        """Say whether any two states lost more to each other than they won, beyond chance."""
        flows = measures.flows(self.panel, self.item, waves=[first, second])
        if flows.n.min() < MIN_N:
            return Html(f"<p>{html_text(words.TOO_FEW)}</p>")
        try:
            test = hypotheses.symmetry(self.panel, self.item, waves=[first, second])
        except OpinionPanelError as error:
            return Html(f"<p>No test of symmetry: {html_text(error)}</p>")
        return Html(f"<p>{html_text(words.symmetry(test))}</p>")

    def response_error(self) -> Html:
        """Set true beside observed turnover; where no model can, say what errors could explain."""
        try:
            fit = latent_markov(self.panel, self.item)
        except OpinionPanelError as error:
            rates = break_even(self.panel, self.item)
            reason = f"<p>{html_text(error)}</p>"
            return Html(reason + _with_words(words.break_even(rates), rates).text)
        return _with_words(words.LATENT, fit.turnover)

    def net_change(self, first: str, second: str) -> Html:
        """Say and show by how much each state grew or shrank."""
        changes = measures.net_change(self.panel, self.item, waves=[first, second])
        return _with_words(words.net_change(changes, first, second), changes)

    def all_waves(self) -> Html:
        """Draw the whole way of those interviewed first, drop-out included."""
        flows = measures.flows(self.panel, self.item, base="panel")
        shares = measures.shares(self.panel, self.item, base="panel")
        return Html(f"<p>{html_text(words.drop_out(shares))}</p>" + _drawn(flows).text)


def _drawn(flows: Estimates) -> Html:
    pairs = flows.labels["from_wave"].drop_duplicates()
    numbers = [flows.select(from_wave=first) for first in pairs]
    try:
        chart = sankey(flows, min_n=MIN_N)
    except SelectionError as error:
        # More states than colours, or a base too small to draw: the numbers still stand.
        shown = "".join(table_html(part) for part in numbers)
        return Html(f"<p>No chart: {html_text(error)}</p>{shown}")
    # Checking the whole specification against its schema would take a fifth of the page's time.
    return Html(chart_html(chart.to_dict(validate=False)) + table(*numbers).text)


def _with_words(sentence: str, estimates: Estimates) -> Html:
    return Html(f"<p>{html_text(sentence)}</p>" + table_html(estimates))
