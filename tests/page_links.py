"""Links of built pages: each leads to a file that is there, and to a place that is in it.

What a page loads is beside it: a browser asks for a picture only once a reader is near it, and for
one of several by the window.
"""

from collections import Counter
from functools import cache
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    """What a page names: its places, where its links lead, and what it loads."""

    def __init__(self, text):
        super().__init__()
        self.names, self.links, self.loaded = Counter(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id" or (tag == "a" and name == "name"):
                self.names[value] += 1
            if name == "href" and value is not None:
                self.links.append(value)
            elif name == "src" and value is not None:
                self.loaded.append(value)
            elif name == "srcset" and value is not None:
                # Pictures, each with a width or a density, such as "a.png 2x, b.png 3x".
                self.loaded += [one.split()[0] for one in value.split(",") if one.strip()]


@cache
def page(path):
    """Read a page once."""
    return Page(path.read_text(encoding="utf-8"))


def broken(path):
    """Say which links of a page lead nowhere or outside, and which names stand in it twice."""
    for name, count in page(path).names.items():
        if count > 1:
            yield f"{count} elements have the id {name!r}"
    for link in dict.fromkeys(page(path).loaded):
        if urlsplit(link).netloc:
            yield f"loads {link!r} from outside"
    for link in dict.fromkeys(page(path).links + page(path).loaded):
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        if not target.is_file():
            yield f"no file where the link {link!r} leads"
            continue
        place = unquote(parts.fragment)
        if place and target.suffix == ".html" and place not in page(target).names:
            yield f"no place where the link {link!r} leads"
