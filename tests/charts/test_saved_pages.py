"""A saved page of every kind of chart as a reader uses it: by pointer, by keyboard, on a phone."""

import json

import pytest
from browser import CHROMIUM, opened

import opinionpanel as op
from opinionpanel import charts

LIGHTS = ("sankey", "trend", "dots", "stacked")
# Shows each page in a narrow frame and in a wide one, and writes down what its chart does.
USE = """<!DOCTYPE html><meta charset="utf-8"><script>
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const shown = async (name, width) => {
  const frame = document.createElement("iframe");
  frame.style = `width: ${width}px; height: 900px; border: 0`;
  await new Promise((done) => {
    frame.onload = done; frame.src = name; document.body.append(frame);
  });
  const page = frame.contentDocument;
  const drawn = () => page.querySelectorAll("svg.marks").length;
  for (let turn = 0; turn < 100 && drawn() < 2; turn++) await wait(50);
  await wait(100);
  return frame;
};
const used = async (name) => {
  const phone = await shown(name, 390), narrow = phone.contentDocument;
  const seen = (page) =>
    [...page.querySelectorAll("svg.marks")].filter((one) => one.getBoundingClientRect().width);
  const found = {
    across: narrow.documentElement.scrollWidth,
    phone: seen(narrow).map((one) => one.getBoundingClientRect().width),
  };
  phone.remove();
  const frame = await shown(name, 1200), page = frame.contentDocument, view = frame.contentWindow;
  const [svg, ...others] = seen(page);
  const marks = [...svg.querySelectorAll('[role="graphics-symbol"][aria-label]')];
  const tip = () => {
    const box = page.getElementById("vg-tooltip-element");
    return box && box.classList.contains("visible") ? box.textContent : "";
  };
  const lit = () =>
    [...svg.querySelectorAll("path")].map((one) => one.getAttribute("opacity")).join();
  const point = (name, mark) => {
    const at = mark.getBoundingClientRect();
    const x = at.x + at.width / 2, y = at.y + at.height / 2;
    mark.dispatchEvent(new view.PointerEvent(name, { bubbles: true, clientX: x, clientY: y }));
  };
  const still = lit();
  point("pointerover", marks[0]); point("pointermove", marks[0]);
  await wait(50);
  Object.assign(found, { charts: 1 + others.length, pointed: tip(), hover: lit() !== still });
  point("mouseout", marks[0]); point("pointerout", marks[0]);
  await wait(50);
  found.left = lit() === still && !tip();
  const entries = marks.filter((one) => one.tabIndex === 0).length;
  const press = async (key) => {
    const on = page.activeElement;
    on.dispatchEvent(new view.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    await wait(50);
  };
  marks[0].focus();
  await wait(50);
  const first = tip();
  await press("ArrowRight");
  Object.assign(found, {
    entries, walked: first !== "" && tip() !== "" && page.activeElement === marks[1],
    said: marks.filter((one) => one.getAttribute("aria-label").trim()).length === marks.length,
  });
  await press("Enter");
  page.activeElement.blur();
  await wait(50);
  found.pinned = lit() !== still && !tip();
  marks[1].focus();
  await press("Escape");
  found.dismissed = !tip();
  page.activeElement.blur();
  await wait(50);
  found.freed = lit() === still;
  found.menu = page.querySelector(".chart summary").ariaLabel;
  found.tables = page.querySelectorAll("details table").length;
  found.loaded = view.performance.getEntriesByType("resource")
    .map((one) => one.name).filter((one) => !one.startsWith("data:"));
  frame.remove();
  return found;
};
window.onload = async () => {
  const found = {};
  for (const name of %s) found[name] = await used(name).catch((error) => "" + error.stack);
  const out = document.createElement("pre");
  out.id = "found"; out.textContent = JSON.stringify(found);
  document.body.replaceChildren(out);
};
</script><body></body>"""


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_a_page_of_every_kind_is_used_by_pointer_and_keyboard_and_on_phones(tmp_path):
    panel = op.datasets.load("attitudes_2024").panel
    pair, now = ["Jul 2024", "Nov 2024"], ["Jul 2025"]
    by_age = op.shares(panel, "support", by="age_group", waves=now)
    drawn = {
        "sankey": op.flows(panel, "support", waves=pair),
        "heatmap": op.transitions(panel, "support", waves=pair),
        "trend": op.shares(panel, "support"),
        "dots": by_age,
        "stacked": by_age,
        "paths": op.paths(panel, "support"),
    }
    for kind, estimates in drawn.items():
        make = getattr(charts, kind)
        phone = make(estimates, size="phone")
        charts.save(make(estimates), tmp_path / f"{kind}.html", phone=phone)
    found, said = opened(USE % json.dumps([f"{kind}.html" for kind in drawn]), tmp_path)
    assert said == []
    for name, page in found.items():
        assert isinstance(page, dict), f"{name}: {page}"
        assert page.pop("pointed"), name
        assert page.pop("tables"), name
        # What belongs to a mark lights up with it; a cell or a path stands by itself.
        lights = name.removesuffix(".html") in LIGHTS
        assert page == {
            "across": 390,
            "phone": [390 - 2 * 8],
            "charts": 1,
            "hover": lights,
            "left": True,
            "entries": 1,
            "walked": True,
            "said": True,
            "pinned": lights,
            "dismissed": True,
            "menu": "Save this chart as a picture",
            "freed": True,
            "loaded": [],
        }, name
