"""What is not the API: the widget's files, the demo page, the privacy page, and health."""

from __future__ import annotations

import asyncio
import math
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from ruamel.yaml import YAML
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from helder.conversation.clock import utc_now
from helder.conversation.errors import AnchorError, ConversationError
from helder.gateway.api import gateway_of
from helder.gateway.metrics import LOCKED
from helder.gateway.openapi import document
from helder.settings import Settings
from helder.shop.rules import local_day
from helder.shop.seed import demo_orders, open_shop
from helder.shop.sql import SqlShop
from helder.texts import accepted, pick

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True
)


def routes(settings: Settings) -> list[BaseRoute]:
    """The routes of these pages. The demo is there only with the example shop."""
    found: list[BaseRoute] = [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
        Route("/api/openapi.json", openapi),
        Route("/privacy", privacy),
        Mount("/widget", StaticFiles(directory=settings.project / "widget")),
    ]
    if settings.shop_api is None:
        found += [Route("/", demo), Route("/demo/orders", orders)]
    return found


async def healthz(_request: Request) -> JSONResponse:
    """Is this process alive?"""
    return JSONResponse({"alive": True})


async def readyz(request: Request) -> JSONResponse:
    """Can a customer be helped: database, keys and Rasa?"""
    gateway = gateway_of(request)
    try:
        await asyncio.to_thread(gateway.log.prove_working)
        log = True
    except (ConversationError, SQLAlchemyError):
        log = False
    checks = {"log": log, "assistant": await gateway.brain.is_ready()}
    return JSONResponse(checks, 200 if all(checks.values()) else 503)


async def metrics(request: Request) -> Response:
    """For Prometheus."""
    try:
        LOCKED.set(len(await asyncio.to_thread(gateway_of(request).anchor.locks)))
    except AnchorError:
        LOCKED.set(math.nan)  # unknown; the other figures are wanted all the more now
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def openapi(_request: Request) -> JSONResponse:
    """The API, described (OpenAPI 3.1)."""
    return JSONResponse(document())


async def demo(request: Request) -> FileResponse:
    """A shop's page with the widget on it."""
    return FileResponse(gateway_of(request).settings.project / "widget" / "demo.html")


async def orders(request: Request) -> JSONResponse:
    """A few orders of the example shop to try."""
    found = await asyncio.to_thread(_demo_orders, gateway_of(request).settings)
    return JSONResponse(found)


async def privacy(request: Request) -> HTMLResponse:
    """What happens to a customer's data, in both languages (GDPR art. 13)."""
    gateway = gateway_of(request)
    wanted = request.query_params.get("language")
    language = pick(wanted) if wanted else accepted(request.headers.get("accept-language"))
    policies = gateway.settings.project / "policies"
    page = YAML(typ="safe").load(policies / "privacy.yml")[language]
    kept = YAML(typ="safe").load(policies / "retention.yml")
    values = {
        "minutes": kept["conversation"]["minutes_after_last_message"],
        "kept_days": kept["conversation"]["days_with_consent"],
        "days": kept["left_message"]["days"],
        "opt_out_days": kept["opt_out"]["days_after_last_conversation"],
    }
    sections = [{"title": s["title"], "text": s["text"].format(**values)} for s in page["sections"]]
    html = TEMPLATES.get_template("privacy.html").render(
        language=language, title=page["title"], sections=sections, other=page["other"]
    )
    return HTMLResponse(html)


def _demo_orders(settings: Settings) -> list[dict[str, Any]]:
    names = YAML(typ="safe").load(settings.project / "policies" / "texts.yml")["demo"]
    shop = _shop_of(settings.shop_url, local_day(utc_now()))
    return [
        {
            "order": order.number,
            "postcode": order.postcode,
            "state_en": names[order.scenario]["en"],
            "state_nl": names[order.scenario]["nl"],
        }
        for order in demo_orders(shop)
    ]


@lru_cache(maxsize=1)
def _shop_of(url: str, _day: date) -> SqlShop:
    # Opened once a day: opening moves the example's dates up to today, and writes.
    return open_shop(url)
