"""Every kind of chart on every panel, theme and size, and what a browser sees of it.

`PYTHONPATH=src python tests/charts/gallery.py FOLDER` draws all of them, looks at each in Chromium,
writes sheets of pictures to look at, and prints what is wrong. The tests take a sample of it.
"""

import json
import sys
from itertools import product
from pathlib import Path

# Run by itself it stands beside no other test.
sys.path.append(str(Path(__file__).parents[1]))

from browser import opened
from chart_panels import cases

import opinionpanel as op
from opinionpanel import charts
from opinionpanel.drawing import script_bundle
from opinionpanel.drawing.font_faces import EXACT, FAMILY, font_faces
from opinionpanel.errors import SelectionError
from opinionpanel.escaping import script_code, script_json

KINDS = ("sankey", "heatmap", "trend", "dots", "stacked", "paths")
THEMES, SIZES = ("light", "dark", "print"), ("page", "slide", "card", "phone")
WIDTHS = {"page": 760, "slide": 1280, "card": 600, "phone": 358}
LEAST_LETTERS, LEAST_CONTRAST = 9, 4.5

# Draws one chart after the other; notes texts that meet, leave their chart, are small or pale, what
# the pointer and the keyboard find, and how wide the page is.
LOOK = """<!DOCTYPE html><meta charset="utf-8"><style>body { margin: 0 } .box { width: 0 }
%(style)s</style><script>%(bundle)s</script>
<script type="application/json" id="specs">%(specs)s</script><script>
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const channels = (color) => (color.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
const light = (color) => {
  const [r, g, b] = color.map((one) => one / 255).map((one) =>
    one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one, other) => {
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};
const under = (text, x, y) => {
  const below = document.elementsFromPoint(x, y).filter((one) => one.localName === "path");
  let color = [255, 255, 255];
  for (const one of below.reverse()) {
    const style = getComputedStyle(one), fill = channels(style.fill);
    if (style.fill === "none") continue;
    const cover = (fill[3] ?? 1) * style.fillOpacity * style.opacity;
    color = color.map((part, k) => part * (1 - cover) + fill[k] * cover);
  }
  return color;
};
const look = async (spec, width) => {
  const box = document.createElement("div");
  box.style.width = width + "px";
  document.body.replaceChildren(box);
  const drawn = await vegaEmbed(box, spec, { renderer: "svg", actions: false });
  const svg = box.querySelector("svg"), wrong = [], out = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll("text")].filter((one) => one.textContent.trim());
  for (const one of texts) one.style.pointerEvents = "none";
  // What lies below a text counts, also where the pointer goes through it.
  const paths = [...svg.querySelectorAll("path")];
  for (const one of paths) one.style.pointerEvents = "all";
  const boxes = texts.map((one) => one.getBoundingClientRect());
  texts.forEach((text, k) => {
    const at = boxes[k], size = parseFloat(getComputedStyle(text).fontSize);
    const name = JSON.stringify(text.textContent.slice(0, 40));
    if (size < %(letters)s) wrong.push(name + " has letters of " + size);
    if (at.left < out.left - 1 || at.right > out.right + 1 || at.top < out.top - 1 ||
        at.bottom > out.bottom + 1) wrong.push(name + " leaves the chart");
    // Fonts leave room above and below their letters, which may overlap.
    const slack = 0.14 * size;
    for (let other = 0; other < k; other++) {
      const there = boxes[other];
      const across = Math.min(at.right, there.right) - Math.max(at.left, there.left);
      const down = Math.min(at.bottom, there.bottom) - Math.max(at.top, there.top);
      if (across > 1 && down > 1 + 2 * slack)
        wrong.push(name + " meets " + JSON.stringify(texts[other].textContent.slice(0, 40)));
    }
    window.scrollTo(0, Math.max(0, at.top - 300));
    const shift = window.scrollY, ink = channels(getComputedStyle(text).fill);
    for (const part of [0.02, 0.5, 0.98]) {
      const paper = under(text, at.left + part * at.width, at.top + at.height / 2 - shift);
      const found = contrast(ink, paper);
      if (found < %(contrast)s) {
        wrong.push(name + " has a contrast of " + found.toFixed(1)); break;
      }
    }
    window.scrollTo(0, 0);
  });
  for (const one of paths) one.style.pointerEvents = "";
  const marks = [...svg.querySelectorAll('[role="graphics-symbol"][aria-label]')];
  const first = marks[0];
  let tip = "", faded = 0;
  if (first) {
    first.focus();
    await wait(30);
    tip = (document.getElementById("vg-tooltip-element") || {}).textContent || "";
    faded = svg.querySelectorAll('[opacity="0.2"]').length;
    first.blur();
  } else wrong.push("no mark says anything");
  if (document.documentElement.scrollWidth > Math.max(width, innerWidth) + 1)
    wrong.push("the page scrolls sideways");
  drawn.finalize();
  return { wrong, tip, faded, marks: marks.length, texts: texts.length };
};
window.onload = async () => {
  const specs = JSON.parse(document.getElementById("specs").textContent), found = {};
  await Promise.all(["", "bold "].map((face) => document.fonts.load(face + '12px "%(family)s"')));
  for (const [name, [spec, width]] of Object.entries(specs))
    found[name] = await look(spec, width).catch((error) => ({ wrong: ["" + error] }));
  const pre = document.createElement("pre");
  pre.id = "found";
  pre.textContent = JSON.stringify(found);
  document.body.replaceChildren(pre);
};
</script><body></body>"""


def estimates_of(kind, panel, name):
    """What a kind of chart draws of a panel."""
    by = next(iter(panel.groups), None)
    if kind == "sankey":
        base = "panel" if name.startswith("drop-out") else "balanced"
        return op.flows(panel, "support", base=base, by=by)
    if kind == "heatmap":
        return op.transitions(panel, "support", by=by)
    if kind == "paths":
        return op.paths(panel, "support", by=by)
    shares = op.shares(panel, "support", by=by)
    return [op.shares(panel, "support"), shares] if kind == "dots" and by else shares


def drawn(kind, estimates, theme, size, language):
    """A chart's specification as it is saved, or why there is none."""
    chart = getattr(charts, kind)(estimates, theme=theme, size=size, language=language)
    paper = {"light": "#ffffff", "dark": "#1b1d21", "print": "#ffffff"}[theme]
    return {"padding": 0, "background": paper} | chart.to_dict()


def looked_at(specs, folder):
    """What Chromium finds of named specifications, each with its width."""
    texts = "".join(sorted(set(script_json(list(specs.values())))))
    page = LOOK % {
        "style": EXACT + font_faces({"normal": texts, "bold": texts}),
        "bundle": script_code(script_bundle()),
        "specs": script_json(specs),
        "family": FAMILY,
        "letters": LEAST_LETTERS,
        "contrast": LEAST_CONTRAST,
    }
    return opened(page, folder)


def main(folder):
    """Draw and look at all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    faults = 0
    for kind, (name, panel) in product(KINDS, cases().items()):
        estimates, specs = estimates_of(kind, panel, name), {}
        for k, (theme, size) in enumerate(product(THEMES, SIZES)):
            language = "ru" if k % 2 else "en"
            label = f"{kind}, {name}, {theme}, {size}, {language}"
            try:
                specs[label] = [drawn(kind, estimates, theme, size, language), WIDTHS[size]]
            except SelectionError as error:
                print(f"{label}: refused: {error}")
        found, said = looked_at(specs, folder)
        for label, one in found.items():
            for fault in one["wrong"][:4]:
                faults += 1
                print(f"{label}: {fault}")
        faults += len(said)
        for line in said:
            print(f"{kind}, {name}: {line}")
        (folder / f"{kind} {name}.json").write_text(json.dumps(found), encoding="utf-8")
    print(f"{faults} faults")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
