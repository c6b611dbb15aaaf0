"""Parts of pages that are made where the page is read: they link to pages that the project has."""

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

from opinionpanel.report.blocks import Block, Links
from opinionpanel.report.contents import Contents
from opinionpanel.report.html import DOWNLOADS
from opinionpanel.report.page_nodes import part_nodes
from opinionpanel.report.parts_on_pages import LEADS_TO_FILES
from opinionpanel.report.plan import blocks_of
from opinionpanel.report.prepared import prepared
from opinionpanel.report.projects import contents_of, remember

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment


def live_part(env: "BuildEnvironment", part: str, about: str) -> Iterator[nodes.Node]:
    """Make a part for the page that is being read.

    Raises
    ------
    OpinionPanelError
        There is no study, no such part, or nothing that it could be about.
    """
    contents = contents_of(env)
    blocks = blocks_of(contents, part, about)
    remember(env, part, about)
    for block in blocks:
        yield from _block_nodes(block, contents, env)


def _block_nodes(block: Block, contents: Contents, env: "BuildEnvironment") -> Iterator[nodes.Node]:
    if isinstance(block, Links) and not any(map(_is_file, block.targets)):
        paragraph = nodes.paragraph("", "", classes=["opinionpanel-links"])
        for place, target in enumerate(block.targets):
            paragraph += [nodes.Text(" · ")] * (place > 0)
            paragraph += _link(*target, env)
        yield paragraph
        return
    for node in part_nodes(prepared([block], contents.told)):
        if isinstance(node, nodes.raw):
            node[LEADS_TO_FILES] = True
        yield node


def _is_file(target: tuple[str, str]) -> bool:
    return target[1].startswith(f"{DOWNLOADS}/")


def _link(text: str, place: str, env: "BuildEnvironment") -> nodes.Node:
    """Lead to a page as far as the project has it beside this one."""
    page = posixpath.join(posixpath.dirname(env.docname), place.removesuffix(".html"))
    if page not in env.found_docs:
        return nodes.inline("", text)
    wanted = {"refdomain": "std", "reftype": "doc", "reftarget": f"/{page}"}
    more = {"refdoc": env.docname, "refexplicit": True, "refwarn": True}
    return addnodes.pending_xref("", nodes.inline("", text), **wanted, **more)
