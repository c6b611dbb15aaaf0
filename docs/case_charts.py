"""Two charts of the article about 2024 that rest on published figures, not on a panel."""

import altair as alt
import pandas as pd

INK, GREY, BLUE, PALE, RUST = "#222222", "#595959", "#174a7e", "#a8b5d3", "#8a4500"
FONT = "Arial, Opinionpanel Sans, Liberation Sans, Helvetica, sans-serif"
WIDTHS = {"page": 520, "phone": 200}


def published(table, *, size):
    """Draw shares with their intervals, one below the other, and write them at the end."""
    text = [_told(*row) for row in zip(table.share, table.low, table.high, strict=True)]
    names = alt.Axis(grid=False, labelColor=INK, labelFontSize=13, labelLimit=200, minExtent=130)
    scale = alt.Scale(domain=[0, 0.4])
    ticks = alt.Axis(format="%", orient="top", values=[0, 0.1, 0.2, 0.3, 0.4])
    base = alt.Chart(table.assign(text=text)).encode(
        alt.Y("figure:N", sort=None, title=None, axis=names)
    )
    low = alt.X("low:Q", title=None, scale=scale, axis=ticks)
    bars = base.mark_bar(height=9, color=PALE).encode(
        low, alt.X2("high:Q"), tooltip=["figure", "text"]
    )
    dots = base.mark_circle(size=75, color=BLUE, opacity=1, aria=False).encode(x="share:Q")
    # On a phone the numbers find room above their bars.
    beside = {"align": "left", "dx": 8} if size == "page" else {"dy": -15}
    at = "high:Q" if size == "page" else "share:Q"
    texts = base.mark_text(fontSize=12, color=INK, aria=False, **beside).encode(x=at, text="text:N")
    listed = "; ".join(f"{name} {one}" for name, one in zip(table.figure, text, strict=True))
    return _dressed(
        bars + dots + texts,
        size,
        title=["What was published, and the", "interval that n = 461 gives it"],
        subtitle=["95% intervals, at the least"],
        description=f"Published shares and 95% intervals from n = 461: {listed}.",
    )


def detectable(smallest, *, size, told):
    """Draw the smallest difference that is likely to be shown, by the number of people."""
    first, last = smallest.iloc[0], smallest.iloc[-1]
    ticks = alt.Axis(values=[461, 2_000, 10_000, 40_000], format=",", grid=False)
    scale = alt.Scale(type="log", domain=[300, 60_000], nice=False)
    people = alt.X("people:Q", scale=scale, title="people who answer both times", axis=ticks)
    points = alt.Y("points:Q", title=None, axis=alt.Axis(tickCount=5))
    line = alt.Chart(smallest).mark_line(color=BLUE, strokeWidth=2.5).encode(people, points)
    level = alt.Chart(pd.DataFrame({"points": [told], "text": [f"published: {told:.1f}"]}))
    rule = level.mark_rule(color=RUST, strokeDash=[5, 4]).encode(y="points:Q")
    note = level.mark_text(align="left", dy=-9, color=RUST, fontSize=12, aria=False)
    note = note.encode(x=alt.value(4), y="points:Q", text="text:N")
    start = alt.Chart(smallest.head(1).assign(text=f"{first.points:.1f} points"))
    start = start.encode(people, points)
    dot = start.mark_circle(size=75, color=BLUE, opacity=1, aria=False)
    label = start.mark_text(align="left", dx=9, dy=-3, fontSize=12, color=INK, aria=False)
    return _dressed(
        line + rule + note + dot + label.encode(text="text:N"),
        size,
        title=["How small a difference", "so many people can show"],
        subtitle=["Between two opposite flows of", "8.6% together; percentage points"],
        description=f"With {first.people:.0f} people a difference of {first.points:.1f} points is "
        f"likely to be shown; {told:.1f} points take some {last.people:,.0f} people.",
    )


def _told(share, low, high):
    digits = 1 if share < 0.1 else 0
    share, low, high = (f"{100 * one:.{digits}f}" for one in (share, low, high))
    return f"{share}% ({low}–{high})"


def _dressed(chart, size, *, title, subtitle, description):
    """Give a chart the letters and colours of the others."""
    wide = size == "page"
    head = alt.Title(
        " ".join(title) if wide else title,
        subtitle=" ".join(subtitle) if wide else subtitle,
        anchor="start",
        frame="bounds",
        offset=14,
        color=INK,
        fontSize=19 if wide else 16,
        subtitleFontSize=13,
        subtitleColor=GREY,
    )
    chart = chart.properties(width=WIDTHS[size], height=180, title=head, description=description)
    axes = {"labelFontSize": 12, "labelColor": GREY, "titleFontSize": 12, "titleColor": GREY}
    return (
        chart.configure(font=FONT, background="#ffffff", padding=10)
        .configure_view(stroke=None)
        .configure_axis(**axes, titleFontWeight="normal", domain=False, ticks=False, aria=False)
    )
