"""Everybody is told who answers before anything is read, and the log says when, what and how."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path
from typing import Any

import pytest
import yaml

from helder.content.notices import Notices, digest, load_notices
from helder.conversation.entries import ConversationId, Kind, Notice
from helder.gateway.disclosure import Disclosure
from helder.settings import PROJECT
from tests.gateway.conftest import Front, Json

FOLDER = PROJECT / "policies" / "notices"
NOTICES = load_notices(FOLDER)
CURRENT = NOTICES.current
MINUTES = {"minutes": 30}


def begin(front: Front, **opening: Any) -> tuple[str, dict[str, str], ConversationId]:
    answer = front.client.post("/api/conversations", json=opening)
    assert answer.status_code == 201, answer.text
    opened = answer.json()
    conversation = ConversationId(opened["conversation"])
    headers = {"Authorization": f"Bearer {opened['token']}"}
    return f"/api/conversations/{conversation}", headers, conversation


def send(front: Front, address: str, headers: dict[str, str], text: str) -> None:
    body = {"id": str(uuid.uuid4()), "text": text}
    assert front.client.post(f"{address}/messages", headers=headers, json=body).status_code == 202


def shown(version: int, language: str) -> Json:
    return {"version": version, "language": language}


def logged(front: Front, conversation: ConversationId) -> list[Notice]:
    """What the log says of notices, in order."""
    return [entry.notice for entry in front.gateway.log.history(conversation) if entry.notice]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_whoever_has_shown_it_has_that_in_the_log_and_hears_it_no_more(
    front: Front, language: str
) -> None:
    notice = shown(CURRENT, language)
    address, headers, conversation = begin(front, language=language, notice=notice)
    send(front, address, headers, "hoi")
    said = front.messages(address, headers, 2)
    assert [m["author"] for m in said] == ["customer", "assistant"]
    (told,) = logged(front, conversation)
    assert (told.version, told.language, told.values) == (CURRENT, language, MINUTES)
    assert told.time.startswith(front.clock().strftime("%Y-%m-%dT%H:%M"))
    assert front.gateway.log.history(conversation)[0].kind is Kind.OPENED


@pytest.mark.parametrize("language", ["en", "nl"])
def test_whoever_has_not_is_told_in_the_first_words(front: Front, language: str) -> None:
    address, headers, conversation = begin(front, language=language)
    (first,) = front.messages(address, headers, 1)
    assert (first["author"], first["notice"]) == ("system", shown(CURRENT, language))
    assert first["language"] == language  # so that a screen reader pronounces it well
    words = NOTICES.words(CURRENT, language, MINUTES)
    assert first["text"].startswith(f"{words.title}\n\n{words.text}")
    for link in words.links:
        assert f"{link.title}: {front.gateway.settings.public_address}{link.href}" in first["text"]
    send(front, address, headers, "hoi")
    assert [m["text"] for m in front.messages(address, headers, 3)][1:] == ["hoi", "echo: hoi"]
    assert [(n.version, n.language) for n in logged(front, conversation)] == [(CURRENT, language)]


def test_whoever_was_shown_an_earlier_one_is_told_todays_before_their_first_message(
    front: Front,
) -> None:
    address, headers, conversation = begin(front, language="en", notice=shown(1, "en"))
    send(front, address, headers, "hoi")
    told, mine, _ = front.messages(address, headers, 3)
    assert (told["notice"], mine["text"]) == (shown(CURRENT, "en"), "hoi")
    assert [n.version for n in logged(front, conversation)] == [1, CURRENT]


def test_what_was_shown_in_another_language_does_not_do(front: Front) -> None:
    address, headers, conversation = begin(front, language="nl", notice=shown(CURRENT, "en"))
    assert front.messages(address, headers, 1)[0]["notice"] == shown(CURRENT, "nl")
    assert [n.language for n in logged(front, conversation)] == ["en", "nl"]


def test_whoever_switches_to_another_language_is_told_in_it_once(front: Front) -> None:
    address, headers, conversation = begin(front, language="en", notice=shown(CURRENT, "en"))
    for language in ("nl", "en", "nl"):
        answer = front.client.post(
            f"{address}/notices", headers=headers, json={"language": language}
        )
        assert (answer.status_code, answer.json()) == (200, shown(CURRENT, language))
    (told,) = front.messages(address, headers, 1)
    assert told["notice"] == shown(CURRENT, "nl")
    assert [n.language for n in logged(front, conversation)] == ["en", "nl"]


def test_when_the_notice_changed_the_next_message_waits_until_the_customer_is_told(
    front: Front, tmp_path: Path
) -> None:
    address, headers, conversation = begin(front, language="nl", notice=shown(CURRENT, "nl"))
    send(front, address, headers, "voor de wijziging")
    front.messages(address, headers, 2)
    newer, older = renewed(front, with_another(tmp_path)), front.gateway.disclosure
    front.gateway.disclosure = newer
    for text in ("erna", "en nog eens"):
        send(front, address, headers, text)
    front.messages(address, headers, 7)
    said = front.messages(address, headers, 7)
    assert [m.get("notice") for m in said[:4]] == [None, None, shown(CURRENT + 1, "nl"), None]
    assert "Voortaan" in said[2]["text"]
    assert said[3]["text"] == "erna"
    # A gateway that was not started anew yet tells nobody what holds no more.
    older.tell(conversation)
    front.gateway.disclosure = Disclosure(
        front.gateway.log, NOTICES, 30, "http://127.0.0.1", front.clock
    )
    front.gateway.disclosure.tell(conversation)
    assert [n.version for n in logged(front, conversation)] == [CURRENT, CURRENT + 1]


def test_the_words_of_every_entry_can_be_found_again(front: Front) -> None:
    _, _, conversation = begin(front, language="nl", notice=shown(1, "nl"))
    for notice in logged(front, conversation):
        words = NOTICES.words(notice.version, notice.language, notice.values)
        assert "30 minuten na je laatste bericht" in words.text


@pytest.mark.parametrize(
    "notice",
    [
        *(1, "1", [], {}, {"version": 1}, {"version": 1, "language": "en", "time": "now"}),
        *({"version": 99, "language": "en"}, {"version": "1", "language": "en"}),
        *({"version": True, "language": "en"}, {"version": 1, "language": "de"}),
        {"version": 1, "language": ["en"]},
    ],
)
def test_a_notice_that_there_is_not_is_refused(front: Front, notice: object) -> None:
    answer = front.client.post("/api/conversations", json={"notice": notice})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_request")


@pytest.mark.parametrize("body", [{}, {"language": "de"}, {"language": 1}, {"version": 1}])
def test_it_is_told_in_no_other_language(front: Front, body: Json) -> None:
    address, headers, _ = begin(front, language="en")
    answer = front.client.post(f"{address}/notices", headers=headers, json=body)
    assert answer.status_code == 400
    assert front.client.post(f"{address}/notices", json={"language": "nl"}).status_code == 401


def with_another(folder: Path) -> Notices:
    """The notices, and one more."""
    made = folder / "notices"
    shutil.copytree(FOLDER, made)
    content = yaml.safe_load((made / f"{CURRENT}.yml").read_text(encoding="utf-8"))
    for language, word in (("en", "From now on"), ("nl", "Voortaan")):
        content["texts"][language]["title"] = f"{word}: {content['texts'][language]['title']}"
    content["digest"] = digest(content["texts"])
    path = made / f"{CURRENT + 1}.yml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return load_notices(made)


def renewed(front: Front, notices: Notices) -> Disclosure:
    """As a gateway that is started anew has it."""
    return Disclosure(front.gateway.log, notices, 30, "http://127.0.0.1", front.clock)
