"""A report on paper: one document, printed by a browser into a PDF."""

import base64
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from opinionpanel.drawing import described, pictures_of
from opinionpanel.errors import OpinionPanelError
from opinionpanel.escaping import html_text
from opinionpanel.interruptions import held
from opinionpanel.report.blocks import Block, Folded, Links, Picture
from opinionpanel.report.contents import Contents
from opinionpanel.report.html import html_of
from opinionpanel.report.plan import Page, blocks_of, every_page, pages_of
from opinionpanel.report.told import Told
from opinionpanel.written_files import write_file

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
# Parts that lead to files, which paper cannot.
ELSEWHERE = ("all-files",)
# In seconds.
LONGEST = 300
# The time of printing, which would make two prints of the same study differ.
PRINTED = re.compile(rb"/(CreationDate|ModDate) ?\(D:[^)]*\)")
STYLE = (Path(__file__).parent / "static" / "paper.css").read_text


def pdf_of(contents: Contents) -> bytes:
    """Print the whole report.

    Raises
    ------
    OpinionPanelError
        There is no browser to print with, or it fails.
    """
    browser = _browser()
    with tempfile.TemporaryDirectory(prefix="opinionpanel-") as name:
        folder = Path(name)
        write_file(folder / "report.html", document(contents))
        _print(browser, folder)
        printed = folder / "report.pdf"
        if not printed.is_file():
            raise OpinionPanelError(f"The report could not be printed by {browser!r}.")
        # Of equal length, so that the places of all parts of the file stay as they are.
        return PRINTED.sub(_undated, printed.read_bytes())


def _undated(found: "re.Match[bytes]") -> bytes:
    return re.sub(rb"\d", b"0", found.group())


def _browser() -> str:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None and sys.platform == "darwin" and ON_MACOS.exists():
        found = str(ON_MACOS)
    if found is None:
        raise OpinionPanelError(
            "A PDF is printed by Chromium or Chrome, and none is installed. Install one (Debian, "
            "Ubuntu: apt-get install chromium), or write --format docx."
        )
    return found


def _print(browser: str, folder: Path) -> None:
    """Let a browser print a page, without a network, and end it with all that it started."""
    process = None
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
                env=os.environ | {"HOME": str(folder), "TMPDIR": str(folder)},
                start_new_session=True,
            )
        process.wait(LONGEST)
    except subprocess.TimeoutExpired:
        raise OpinionPanelError(f"{browser!r} did not print within {LONGEST} seconds.") from None
    finally:
        if process is not None and process.poll() is None:
            from opinionpanel.report.running import end_processes

            with held():
                end_processes(process.pid)
                process.wait()


def document(contents: Contents) -> str:
    """Write the whole report as one page of HTML, pictures within it."""
    told, front = contents.told, pages_of(contents)
    title = html_text(told.study.title)
    chapters = "".join(_chapter(page, contents) for page in list(every_page(front))[1:])
    head = html_text(told.say("Contents"))
    first = f'<h1 id="index">{title}</h1>'
    listed = "".join(_entry(page) for page in front.children)
    return (
        f'<!DOCTYPE html><html lang="{html_text(told.language.code)}"><head>'
        f'<meta charset="utf-8"><title>{title}</title><style>{STYLE(encoding="utf-8")}</style>'
        f"</head><body>{first}{_sections(front, contents)}<nav><h2>{head}</h2><ul>{listed}</ul>"
        f"</nav>{chapters}</body></html>"
    )


def _entry(page: Page) -> str:
    below = "".join(map(_entry, page.children))
    link = f'<a href="#{html_text(page.name)}">{html_text(page.title)}</a>'
    return f"<li>{link}{f'<ul>{below}</ul>' if below else ''}</li>"


def _chapter(page: Page, contents: Contents) -> str:
    head = f'<h1 id="{html_text(page.name)}">{html_text(page.title)}</h1>'
    return f'<section class="page">{head}{_sections(page, contents)}</section>'


def _sections(page: Page, contents: Contents) -> str:
    parts = []
    for section in page.sections:
        if section.part in ELSEWHERE:
            continue
        if section.heading:
            parts.append(f"<h2>{html_text(section.heading)}</h2>")
        blocks = on_paper(blocks_of(contents, section.part, section.about))
        parts += [_printed(block, contents.told) for block in blocks]
    return "".join(parts)


def on_paper(blocks: Iterable[Block]) -> Iterator[Block]:
    """Unfold what is folded, and leave out what leads elsewhere."""
    for block in blocks:
        if isinstance(block, Folded):
            yield from on_paper(block.blocks)
        elif isinstance(block, Picture):
            yield block
            yield from block.grids
        elif not isinstance(block, Links):
            yield block


def _printed(block: Block, told: Told) -> str:
    if not isinstance(block, Picture):
        return html_of([block], told, downloads=False)
    spec = block.printed.chart().to_dict(validate=False)
    svg = pictures_of(spec, [".svg"])[".svg"]
    # As a picture of its own, so that names within it are no names of the page.
    data = base64.b64encode(svg.encode() if isinstance(svg, str) else svg).decode()
    alt = html_text(described(spec))
    return f'<img class="chart" alt="{alt}" src="data:image/svg+xml;base64,{data}">'
