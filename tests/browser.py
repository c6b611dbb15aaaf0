"""Pages in a headless Chromium, all in one run: what they show, load, say and run."""

import json
import re
import subprocess
from html import unescape
from pathlib import Path

from chromium import CHROMIUM

# Shows each page in a frame, waits until its charts are drawn, points at every mark of them, and
# writes down what the page shows and has loaded.
DRIVER = """<!DOCTYPE html><meta charset="utf-8"><script>
const pages = %s, found = {};
async function look(name) {
  const frame = document.createElement("iframe");
  frame.style = "width: 1200px; height: 900px";
  await new Promise(function (done) {
    frame.onload = done; frame.src = name; document.body.append(frame);
  });
  const view = frame.contentWindow, page = frame.contentDocument, tips = new Set();
  const wanted = page.querySelectorAll("script.opinionpanel-spec, script.spec").length;
  const drawn = () => page.querySelectorAll("svg.marks").length;
  for (let turn = 0; turn < 100 && drawn() < wanted; turn++)
    await new Promise((done) => setTimeout(done, 50));
  for (const mark of page.querySelectorAll(".mark-area path, .mark-rect path")) {
    const at = {bubbles: true, clientX: 9, clientY: 9};
    mark.dispatchEvent(new view.PointerEvent("pointermove", at));
    mark.dispatchEvent(new view.MouseEvent("mousemove", at));
    const tip = page.getElementById("vg-tooltip-element");
    if (tip) for (const row of tip.querySelectorAll("tr"))
      tips.add(JSON.stringify([...row.cells].map((cell) => cell.textContent)));
    if (tip && tip.querySelector("img, h2")) tips.add("more than a table");
  }
  await new Promise((done) => setTimeout(done, 300));
  found[name] = {
    ran: view.ran || 0, title: page.title, text: page.body.textContent,
    wanted: wanted, drawn: drawn(), tips: [...tips],
    elements: [...new Set([...page.querySelectorAll("*")].map((one) => one.localName))],
    labels: [...page.querySelectorAll("[aria-label]")].map((one) => one.ariaLabel),
    loaded: view.performance.getEntriesByType("resource").map((one) => one.name),
  };
}
window.onload = async function () {
  for (const name of pages) await look(name);
  const out = document.createElement("pre");
  out.id = "found"; out.textContent = JSON.stringify(found);
  document.body.replaceChildren(out);
};
</script><body></body>"""


def look_at(pages, folder):
    """Open pages, named from their folder; what was found by page, and what was said."""
    return opened(DRIVER % json.dumps(pages), folder)


def opened(page, folder, *, size=(1300, 1000)):
    """Open a page that writes what it finds into an element; that, and what the console said."""
    driver = Path(folder) / "driver.html"
    driver.write_text(page, encoding="utf-8")
    result = subprocess.run(
        [
            CHROMIUM,
            *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
            # The driver reads the pages in its frames, which lie on disk as it does.
            *("--disable-web-security", "--allow-file-access-from-files"),
            "--host-resolver-rules=MAP * ~NOTFOUND",
            f"--window-size={size[0]},{size[1]}",
            f"--user-data-dir={Path(folder) / 'profile'}",
            *("--enable-logging=stderr", "--virtual-time-budget=600000", "--dump-dom"),
            driver.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    shown = re.search(r'<pre id="found">(.*?)</pre>', result.stdout, flags=re.DOTALL)
    assert shown, f"Chromium showed nothing: {result.stderr[-2000:]}"
    said = [line for line in result.stderr.splitlines() if "CONSOLE" in line]
    return json.loads(unescape(shown[1])), said
