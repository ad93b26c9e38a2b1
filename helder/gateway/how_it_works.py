"""The page /how-it-works: what runs, told in plain words, made when somebody opens it.

AI Act art. 50(1) and GDPR art. 13(2)(f) ask for a part of it; the rest is there to be checked.
Nothing here is known beforehand: what cannot be found out is said to be unknown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal
from starlette.requests import Request
from starlette.responses import HTMLResponse

from helder.brain.client import Model
from helder.card import Card, Measured, read_card, read_measured
from helder.content.policies import LANGUAGES
from helder.content.told import Told, load_told
from helder.gateway.api import gateway_of
from helder.gateway.pages import TEMPLATES
from helder.gateway.rules_in_words import rules_in_words
from helder.gateway.state import Gateway
from helder.handoff.opening import load_opening
from helder.shop.policy import load_policy
from helder.texts import accepted, pick

_LOCALES = {"nl": "nl_NL", "en": "en_GB"}
_OTHER = {"nl": "en", "en": "nl"}


@dataclass(frozen=True)
class Running:
    """The model that answers, and what is written down of it, as far as it is known."""

    model: Model | None
    card: Card | None
    measured: Measured | None


async def how_it_works(request: Request) -> HTMLResponse:
    """The page, in the language asked for."""
    gateway = gateway_of(request)
    wanted = request.query_params.get("language")
    language = pick(wanted) if wanted else accepted(request.headers.get("accept-language"))
    model = await gateway.brain.model()
    facts = await asyncio.to_thread(_facts, gateway, language, model)
    return HTMLResponse(TEMPLATES.get_template("how_it_works.html").render(facts))


def _facts(gateway: Gateway, language: str, model: Model | None) -> Mapping[str, Any]:
    project = gateway.settings.project
    told = load_told(project / "policies" / "how_it_works.yml")[language]
    opening = load_opening(project / "policies" / "opening_hours.yml")
    shop = load_policy(project / "policies")
    running = _running(gateway, model)
    purposes = gateway.consents.purposes
    return {
        "told": told,
        "language": language,
        "other": _OTHER[language],
        "today": _day(gateway.clock().astimezone(opening.zone), language),
        "own_shop": gateway.settings.shop_api is not None,
        "policies": rules_in_words(shop, project / "policies", language, gateway.clock()),
        "send_within_days": shop.terms(gateway.clock()).send_within_days,
        "asked": [each.said(language) for each in purposes.all.values()],
        "withdrawal": purposes.withdrawal[language],
        "kept": gateway.kept,
        "version": gateway.disclosure.version,
        "running": running,
        "rows": _rows(running, told),
        "measured": _measured(running.measured, told),
        "topics": running.card.topics.get(language, ()) if running.card else (),
        "later": _later(opening.answer_days, told),
        "without": told("person", "without", phone=opening.phone, email=opening.email),
    }


def _later(days: int, told: Told) -> str:
    if days == 1:
        return told("person", "later_one")
    return told("person", "later", answer_days=days)


def _running(gateway: Gateway, model: Model | None) -> Running:
    if model is None:
        return Running(None, None, None)
    project = gateway.settings.project
    card = read_card(project / "models" / Path(model.name).name)
    return Running(model, card, read_measured(project, card) if card else None)


def _rows(running: Running, told: Told) -> list[tuple[str, str]]:
    """Names and values of what is known of the model."""
    if running.model is None:
        return []
    rows = [
        (told("model", "name"), running.model.name.removesuffix(".tar.gz")),
        (told("model", "trained"), _day(running.model.trained, told.language)),
    ]
    if running.card:
        for each in LANGUAGES:
            count = _count(running.card.examples.get(each, 0), told.language)
            rows.append((told("model", f"examples_{each}"), count))
        rows.append((told("model", "intents"), str(running.card.intents)))
    if running.measured:
        for each in LANGUAGES:
            share = _share(running.measured, each)
            if share is not None:
                said = told("model", "share", share=share)
                rows.append((told("model", f"right_{each}"), said))
    return rows


def _measured(measured: Measured | None, told: Told) -> str | None:
    if measured is None:
        return None
    count = _count(sum(measured.read.values()), told.language)
    day = _day(date.fromisoformat(measured.day), told.language)
    return told("model", "measured", day=day, count=count)


def _share(measured: Measured, language: str) -> int | None:
    """Of a hundred, rounded down: better a little too few than too many."""
    read = measured.read.get(language, 0)
    return 100 * measured.right.get(language, 0) // read if read else None


def _day(moment: date | datetime, language: str) -> str:
    return format_date(moment, "d MMMM y", locale=_LOCALES[language])


def _count(number: int, language: str) -> str:
    return format_decimal(number, locale=_LOCALES[language])
