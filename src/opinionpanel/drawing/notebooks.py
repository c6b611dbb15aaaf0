"""Charts in notebooks that have no network."""

import hashlib
from collections import Counter
from typing import Any

import altair as alt

from opinionpanel.arguments import called
from opinionpanel.drawing.chart_pages import EMBED, on_its_paper, script_bundle
from opinionpanel.drawing.font_faces import whole_font
from opinionpanel.errors import SelectionError
from opinionpanel.escaping import script_code, script_json

# A notebook may show the same chart twice.
_shown: Counter[str] = Counter()


@called
def offline() -> None:
    """Let a notebook draw charts without a network: all Altair charts, from now on.

    What draws them, some 1 MB, becomes the output of the cell that calls this, and with that a
    part of the notebook.

    Raises
    ------
    SelectionError
        This is not a notebook.

    Examples
    --------
    In the first cell of a notebook::

        import opinionpanel as op

        op.charts.offline()
    """
    try:
        from IPython.core.getipython import get_ipython
        from IPython.display import display
    except ImportError:
        running = False
    else:
        running = get_ipython() is not None
    if not running:
        raise SelectionError(
            "charts.offline() is for notebooks, and this is none. Elsewhere save charts: "
            "charts.save(chart, 'chart.html') makes a page that opens without a network."
        )
    alt.renderers.register("opinionpanel-offline", _drawn)
    alt.renderers.enable("opinionpanel-offline")
    head = f"<style>{whole_font()}</style><script>{script_code(script_bundle())}</script>"
    display({"text/html": head}, raw=True)  # type: ignore[no-untyped-call]


def _drawn(spec: dict[str, Any], **_: Any) -> dict[str, str]:
    """Write a chart for a page that has what draws it."""
    data = script_json(on_its_paper(spec))
    name = "chart-" + hashlib.sha256(data.encode()).hexdigest()[:12]
    _shown[name] += 1
    name += f"-{_shown[name]}"
    return {
        "text/html": f'<div id="{name}"></div><script>vegaEmbed("#{name}", {data}, '
        f"{script_json(EMBED)}).catch(console.error);</script>"
    }
