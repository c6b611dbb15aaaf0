"""Open every built page and say what is wrong with it: `python tests/look_at_pages.py FOLDER ...`.

Each page of the folders is opened in Chromium without a network, 1280 and 390 pixels wide, one of
the two in light and the other in dark, and of the next page the other way round. In each of these
ways it must say nothing on the console, ask nobody anything, load nothing from outside, draw every
chart, not scroll sideways, and have enough contrast by axe-core; of texts that look alike, axe-core
is asked about one. In light it must have no other violation that axe-core calls serious or
critical. Its links must lead somewhere. What is in frames is not looked at, nor is the contrast of
letters in drawings.
"""

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from itertools import cycle, product
from pathlib import Path
from queue import Empty, SimpleQueue

from chromium import CHROMIUM, LONGEST, Tab
from page_links import broken
from places import files

WAYS = list(product((1280, 390), ("light", "dark")))
# Both widths and both schemes; four looks at each page take twice as long.
PAIRS = [[WAYS[0], WAYS[3]], [WAYS[1], WAYS[2]]]
LOOK = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
# What a page may ask for.
OWN = ("file:", "data:", "blob:")


def axe():
    """Give the script of axe-core, or none where it is not installed."""
    found = find_spec("axe_core_python")
    if found is None:
        return ""
    return Path(found.origin).with_name("axe.min.js").read_text(encoding="utf-8")


def faults(folders, *, in_turn=False, tabs=1, longest=LONGEST):
    """Look at the pages of folders: what is wrong with each that is not right, by its path.

    In turn means that a page is shown in one of the ways only, and the next one in the next; all of
    axe-core's rules are held against it. A look may take so many seconds at the longest.
    """
    pages = [path for folder in folders for path in files(Path(folder), "**/*.html")]
    found = {path: list(broken(path)) for path in pages}
    if CHROMIUM is not None:
        waiting = SimpleQueue()
        for look in zip(pages, cycle([[way] for way in WAYS] if in_turn else PAIRS), strict=False):
            waiting.put(look)
        with ThreadPoolExecutor(tabs) as pool:
            for seen in pool.map(_looked, [waiting] * tabs, [longest] * tabs):
                for path, wrong in seen.items():
                    found[path] += wrong
    return {path: wrong for path, wrong in found.items() if wrong}


def _looked(waiting, longest):
    """Look at pages one after the other, until there are none."""
    seen = {}
    with Tab(axe()) as tab:
        while True:
            try:
                path, ways = waiting.get_nowait()
            except Empty:
                return seen
            seen[path] = _faults_of(path, ways, tab, longest)


def _faults_of(path, ways, tab, longest):
    """Look at a page in some ways; what is wrong in several of them is said once."""
    found = {}
    for width, scheme in ways:
        _set(tab, width, scheme)
        # What a page is made of is the same in dark.
        made_of = scheme == "light" or len(ways) == 1
        lost = False
        try:
            tab.send("Page.navigate", url=path.resolve().as_uri())
            wrong = tab.evaluate(f"{LOOK}({json.dumps(made_of)})", longest=longest)
        except (TimeoutError, RuntimeError) as error:
            wrong, lost = [f"cannot be looked at: {str(error).splitlines()[0]}"], True
        wrong += [fault for event in tab.told() if (fault := _said(*event))]
        for fault in dict.fromkeys(wrong):
            found.setdefault(fault, []).append(f"{width} {scheme}")
        if lost:
            # What it still does shall not be in the way of the next one.
            tab.end()
            tab.start()
            break
    return [f"{fault} ({', '.join(where)})" for fault, where in found.items()]


def _set(tab, width, scheme):
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    tab.send("Emulation.setDeviceMetricsOverride", **size)
    dark = {"name": "prefers-color-scheme", "value": scheme}
    tab.send("Emulation.setEmulatedMedia", features=[dark])


def _said(method, told):
    """Say what is wrong with what the browser tells of."""
    if method == "Runtime.consoleAPICalled" and told["type"] in ("error", "warning", "assert"):
        texts = (str(one.get("value", one.get("description"))) for one in told["args"])
        return f"console: {' '.join(texts)}"
    if method == "Log.entryAdded" and told["entry"]["level"] in ("error", "warning"):
        return f"log: {told['entry']['text']} {told['entry'].get('url', '')}"
    if method == "Runtime.exceptionThrown":
        details = told["exceptionDetails"]
        return f"exception: {details.get('exception', details).get('description', details['text'])}"
    if method == "Network.requestWillBeSent" and not told["request"]["url"].startswith(OWN):
        return f"asks for {told['request']['url']}"
    if method == "Page.javascriptDialogOpening":
        return f"opens a dialog: {told['message']}"
    return ""


def main(arguments):
    """Look at folders of pages, and list what is wrong."""
    parser = argparse.ArgumentParser(description="Say what is wrong with built pages.")
    parser.add_argument("folders", metavar="FOLDER", nargs="+", type=Path)
    folders = parser.parse_args(arguments).folders
    for thing, absent in (("Chromium", CHROMIUM is None), ("axe-core", not axe())):
        if absent:
            print(f"{thing} is not installed: what needs it is not looked at")
    # As many as the machine has cores, as a rule; tests have the others already.
    found = faults(folders, tabs=2)
    for path, wrong in found.items():
        print(f"{path}", *wrong, sep="\n  ")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
