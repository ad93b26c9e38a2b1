"""The desk in two languages, and that its words are complete."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from helder.desk.texts import Texts
from helder.desk.times import Times
from helder.texts import TextsError, accepted

from .conftest import House
from .visitor import Visitor

ROOT = Path(__file__).parents[2]


def test_the_browser_chooses_the_language_at_first(come: Callable[..., Visitor]) -> None:
    dutch = come(**{"Accept-Language": "nl-BE,nl;q=0.9,en;q=0.8"}).get("/sign-in")
    assert 'lang="nl"' in dutch.text
    assert "Wachtwoord" in dutch.text
    assert dutch.headers["content-language"] == "nl"


@pytest.mark.parametrize(
    ("header", "language"),
    [(None, "en"), ("", "en"), ("de", "en"), ("nl", "nl"), ("en;q=0.2, nl;q=x, nl;q=0.5", "nl")],
)
def test_a_browser_may_ask_in_any_way(header: str | None, language: str) -> None:
    assert accepted(header) == language


def test_a_chosen_language_stays(agent: Visitor) -> None:
    assert "<h1>Berichten</h1>" in agent.get("/messages?language=nl").text
    assert "<h1>Berichten</h1>" in agent.get("/messages").text
    assert "<h1>Messages</h1>" in agent.get("/messages?language=en").text
    assert "<h1>Messages</h1>" in agent.get("/messages?language=xx").text


def test_the_switch_keeps_the_page(agent: Visitor) -> None:
    page = agent.get("/messages?page=1").text
    assert 'href="?page=1&amp;language=nl" hreflang="nl" lang="nl"' in page


@pytest.mark.parametrize(
    ("minutes", "dutch", "english"),
    [
        (-3, "0 minuten", "0 minutes"),
        (1, "1 minuut", "1 minute"),
        (59, "59 minuten", "59 minutes"),
        (60, "1 uur", "1 hour"),
        (47 * 60 + 59, "47 uur", "47 hours"),
        (48 * 60, "2 dagen", "2 days"),
    ],
)
def test_an_age_has_words_in_both_languages(minutes: int, dutch: str, english: str) -> None:
    texts, zone = Texts(ROOT / "policies" / "desk.yml"), ZoneInfo("Europe/Amsterdam")
    assert Times(zone, "nl", texts).age(minutes) == dutch
    assert Times(zone, "en", texts).age(minutes) == english


def test_dutch_pages_hold_dutch_dates(agent: Visitor, house: House) -> None:
    house.leave(language="en")
    page = agent.get("/messages/KD-7F3K-9Q?language=nl").text
    assert "vrijdag 20 november 2026, 14:03" in page
    assert "Engels" in page
    assert "subject=Your%20message" in page  # the customer writes English


def test_every_word_that_a_page_asks_for_is_there() -> None:
    texts = Texts(ROOT / "policies" / "desk.yml")
    folder = ROOT / "helder" / "desk"
    sources = "".join(path.read_text() for path in (*folder.glob("*.py"), *folder.rglob("*.html")))
    sections = "general|sign_in|password|app|code|recovery|account|list|find|message|answer"
    asked = set(re.findall(rf"[\"']((?:{sections})\.(?!html)\w+)[\"']", sources))
    codes = set(re.findall(r'(?:DeskError|_known_as)\(\d+, "(\w+)"', sources))
    codes |= set(re.findall(r'40\d: "(\w+)"', sources)) | {"bad_request"}
    asked |= {f"errors.{code}{end}" for code in codes for end in ("", "_text")}
    assert (len(asked) > 60, len(codes) > 10) == (True, True)
    values = dict.fromkeys(
        ("wait", "time", "number", "last", "reference", "age", "title", "count"), "…"
    )
    for name in sorted(asked):
        assert texts.say("en", name, **values) != ""
        assert texts.say("nl", name, **values) != ""


def test_a_text_that_lacks_a_language_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "desk.yml"
    path.write_text("list:\n  title: {en: Messages}\n")
    with pytest.raises(TextsError, match=r"desk\.yml: list\.title has no text in nl"):
        Texts(path)
