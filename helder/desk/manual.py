"""docs/agents.md as a page of the desk: what the short guide leaves out."""

from __future__ import annotations

import asyncio
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from helder.desk.errors import DeskError
from helder.desk.guard import may
from helder.desk.render import render
from helder.desk.state import desk_of
from helder.staff.permissions import Action

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@may(Action.CLAIM)
async def manual(request: Request) -> Response:
    """How to work with Helder, whole; it is written in English only."""
    file = desk_of(request).settings.project / "docs" / "agents.md"
    try:
        made = await asyncio.to_thread(_made_of, file)
    except FileNotFoundError:
        raise DeskError(404, "not_found") from None
    return render(request, "manual.html", manual=made)


def _made_of(file: Path) -> Markup:
    tokens = _MARKDOWN.parse(file.read_text(encoding="utf-8"))
    for token in tokens:
        # Other documents are beside it in docs/, not at the desk: their names are enough.
        token.children = [
            each for each in token.children or () if each.type not in ("link_open", "link_close")
        ] or token.children
    # Our own file, and HTML in it is shown as text.
    return Markup(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))  # noqa: S704
