"""A report on paper: one document, printed by a browser into a PDF."""

import base64
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from opinionpanel.drawing import MOMENT, described, pictures_of
from opinionpanel.errors import OpinionPanelError
from opinionpanel.escaping import html_text
from opinionpanel.interruptions import held
from opinionpanel.report.blocks import Block, Picture
from opinionpanel.report.contents import Contents
from opinionpanel.report.html import html_of, tints
from opinionpanel.report.one_document import LISTED, Heading, opening, reading_order
from opinionpanel.report.running import end_processes
from opinionpanel.report.told import Told
from opinionpanel.written_files import write_file

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
# In seconds.
LONGEST = 300
# The time of printing, which would make two prints of the same study differ.
PRINTED = re.compile(rb"(/(?:CreationDate|ModDate) ?\(D:)\d{14}([^)]*\))")


def pdf_of(contents: Contents) -> bytes:
    """Print the whole report.

    Raises
    ------
    OpinionPanelError
        There is no browser to print with, or it fails.
    """
    browser, page = _browser(), document(contents)
    with tempfile.TemporaryDirectory(prefix="opinionpanel-") as name:
        # Which page a heading is on is known once all are printed.
        first = _print(browser, page, Path(name) / "first")
        printed = _print(browser, numbered(page, first), Path(name) / "second")
    # Of equal length, so that the places of all parts of the file stay as they are.
    return PRINTED.sub(_undated, printed)


def _undated(found: "re.Match[bytes]") -> bytes:
    return found[1] + MOMENT.strftime("%Y%m%d%H%M%S").encode() + found[2]


def installed_browser() -> str | None:
    """Give the path of a browser that prints, or none where none is installed."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None and sys.platform == "darwin" and ON_MACOS.exists():
        return str(ON_MACOS)
    return found


def _browser() -> str:
    found = installed_browser()
    if found is None:
        raise OpinionPanelError(
            "A PDF is printed by Chromium or Chrome, and none is installed. Install one (Debian, "
            "Ubuntu: apt-get install chromium), or write --format docx."
        )
    return found


def _print(browser: str, page: str, folder: Path) -> bytes:
    """Let a browser print a page, without a network, and end it with all that it started."""
    process = None
    folder.mkdir()
    write_file(folder / "report.html", page)
    command = [
        browser,
        *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
        "--host-resolver-rules=MAP * ~NOTFOUND",
        f"--user-data-dir={folder / 'profile'}",
        *("--no-pdf-header-footer", "--generate-pdf-document-outline"),
        f"--print-to-pdf={folder / 'report.pdf'}",
        (folder / "report.html").as_uri(),
    ]
    try:
        with held():
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                # Not its TMPDIR: a browser's socket there has no room for a longer path.
                env=os.environ | {"HOME": str(folder)},
                start_new_session=True,
            )
        process.wait(LONGEST)
    except subprocess.TimeoutExpired:
        raise OpinionPanelError(f"{browser!r} did not print within {LONGEST} seconds.") from None
    finally:
        if process is not None and process.poll() is None:
            with held():
                end_processes(process.pid)
                process.wait()
    printed = folder / "report.pdf"
    if not printed.is_file():
        raise OpinionPanelError(
            f"{browser!r} could not print the report. Try another version, or write --format docx."
        )
    return printed.read_bytes()


def document(contents: Contents) -> str:
    """Write the whole report as one page of HTML, pictures within it."""
    told = contents.told
    title, lang = html_text(told.study.title), html_text(told.language.code)
    head = html_text(told.say("Contents"))
    first = "".join(_printed(block, told) for block in opening(contents))
    entries, body = [], []
    for number, part in enumerate(reading_order(contents)):
        if not isinstance(part, Heading):
            body.append(_printed(part, told))
            continue
        text, level, name = html_text(part.text), part.level, f"h{number}"
        body.append(f'<h{level} id="{name}">{text}</h{level}>')
        if part.level <= LISTED:
            entries.append(
                f'<p class="level-{level}"><a href="#{name}"><span>{text}</span>'
                f'<span class="number" data-page="{name}"></span></a></p>'
            )
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_style()}</style></head><body>"
        f'<header><p class="title">{title}</p>{first}</header>'
        f'<nav><p class="head">{head}</p>{"".join(entries)}</nav>{"".join(body)}</body></html>'
    )


def _style() -> str:
    style = (Path(__file__).parent / "static" / "paper.css").read_text(encoding="utf-8")
    return style + "".join(f".{name} {{ background: {tone}; }}" for name, tone in tints().items())


def _printed(block: Block, told: Told) -> str:
    if not isinstance(block, Picture):
        return html_of([block], told, downloads=False)
    spec = block.printed.chart().to_dict(validate=False)
    svg = pictures_of(spec, [".svg"])[".svg"]
    # As a picture of its own, so that names within it are no names of the page.
    data = base64.b64encode(svg.encode() if isinstance(svg, str) else svg).decode()
    alt = html_text(described(spec))
    return f'<img class="chart" alt="{alt}" src="data:image/svg+xml;base64,{data}">'


def numbered(page: str, printed: bytes) -> str:
    """Fill the table of contents of a page with the numbers that a print of it shows.

    A print that keeps its pages in another way than Chromium does leaves the table without any.
    """
    pages = re.findall(rb"^(\d+) 0 obj\s<</Type /Page\s", printed, flags=re.MULTILINE)
    targets = re.findall(rb"^(?:<<)?/(h\d+) \[(\d+) 0 R /XYZ", printed, flags=re.MULTILINE)
    places = {name.decode(): pages.index(page) + 1 for name, page in targets if page in pages}

    def filled(entry: "re.Match[str]") -> str:
        return f"{entry[0]}{places.get(entry[1], '')}"

    return re.sub(r'data-page="(h\d+)">', filled, page)
