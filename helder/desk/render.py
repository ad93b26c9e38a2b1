"""Pages: a template, the words of one language, and who is signed in."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from helder.desk import forms, visit
from helder.desk.state import desk_of
from helder.desk.times import Times
from helder.staff.permissions import Action
from helder.texts import LANGUAGES

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page in the visitor's language; `values` are the template's own."""
    desk, language = desk_of(request), visit.language(request)
    other = next(each for each in LANGUAGES if each != language)
    html = TEMPLATES.get_template(template).render(
        language=language,
        other=other,
        other_page=_in(request, other),
        say=partial(desk.texts.say, language),
        say_in=desk.texts.say,
        reason=partial(desk.texts.reason, language),
        times=Times(desk.zone, language, desk.texts),
        now=desk.minute(),
        session=visit.session(request),
        path=request.url.path,
        actions=Action,
        token_field=forms.TOKEN,
        token=desk.signing.form_token(visit.visitor(request)),
        **values,
    )
    response = HTMLResponse(html, status, headers={"Content-Language": language})
    if request.query_params.get("language") in LANGUAGES:
        visit.set_cookie(request, response, visit.LANGUAGE, language)
    if visit.session(request) is None:
        visit.set_cookie(request, response, visit.VISITOR, visit.visitor(request))
    return response


def _in(request: Request, language: str) -> str:
    """This page in the other language. What only answers a form cannot be asked for again."""
    if request.method not in ("GET", "HEAD"):
        return f"{request.url.path if request.url.path == '/sign-in' else '/'}?language={language}"
    return f"?{request.url.include_query_params(language=language).query}"
