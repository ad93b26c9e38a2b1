"""The customers' API, clause by clause."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from sqlalchemy.exc import DatabaseError

from helder.conversation.entries import Author, Choice, Draft, Kind, Message
from helder.gateway.intake import MAX_BODY_BYTES, MAX_TEXT
from helder.settings import PROJECT
from tests.gateway.conftest import Front, start

NOW = "2026-11-22T09:00:00.000Z"


def new_id() -> str:
    return str(uuid.uuid4())


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_notice_says_what_it_is_in_both_languages(front: Front, language: str) -> None:
    notice = front.client.get("/api/notice", params={"language": language}).json()
    assert set(notice) >= {"version", "title", "text", "links"}
    assert {"en": "person", "nl": "mens"}[language] in notice["text"]
    assert "{" not in notice["text"]
    for link in notice["links"]:
        assert front.client.get(link["href"]).status_code == 200


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("nl-NL,nl;q=0.9,en;q=0.8", "nl"),
        ("en;q=0.1, nl;q=0.2", "nl"),
        ("de, fr", "en"),
        ("nl;q=x", "en"),
        ("", "en"),
    ],
)
def test_without_a_language_the_browsers_is_taken(front: Front, header: str, language: str) -> None:
    answer = front.client.post("/api/conversations", headers={"Accept-Language": header})
    assert answer.json()["language"] == language


def test_a_message_is_accepted_then_answered_in_the_log(front: Front) -> None:
    address, headers = front.open()
    id_ = new_id()
    sent = front.client.post(
        f"{address}/messages", headers=headers, json={"id": id_, "text": "hoi"}
    )
    assert (sent.status_code, sent.json()) == (202, {"id": id_})
    mine, answer = front.messages(address, headers, 2)
    assert (mine["author"], mine["text"], mine["id"], mine["seq"]) == ("customer", "hoi", id_, 1)
    assert (answer["author"], answer["text"], answer["choices"]) == ("assistant", "echo: hoi", [])
    later = front.client.get(f"{address}/messages", headers=headers, params={"after": 1}).json()
    assert later == {"owner": "assistant", "messages": [answer]}


def test_the_same_id_again_does_nothing(front: Front) -> None:
    address, headers = front.open()
    id_ = new_id()
    for text in ("eerst", "later", "nog later"):
        body = {"id": id_, "text": text}
        assert (
            front.client.post(f"{address}/messages", headers=headers, json=body).status_code == 202
        )
    body = {"id": new_id(), "text": "iets anders"}
    front.client.post(f"{address}/messages", headers=headers, json=body)
    texts = [m["text"] for m in front.messages(address, headers, 4)]
    assert texts == ["eerst", "echo: eerst", "iets anders", "echo: iets anders"]
    assert front.brain.asked == ["eerst", "iets anders"]


def test_a_choice_is_sent_back_opaque_and_shown_by_its_title(front: Front) -> None:
    address, headers = front.open()
    conversation = address.rsplit("/", 1)[1]
    offered = Message(Author.ASSISTANT, "Wat?", NOW, (Choice("Volgen", "/track_order"),))
    log = front.gateway.log
    log.save_turn(log.head(conversation).position, Draft(Kind.TURN, (offered,)), None)  # type: ignore[arg-type]  # the id is a plain str here
    choice = front.messages(address, headers, 1)[0]["choices"][0]
    assert choice["title"] == "Volgen"
    assert "track" not in choice["choice"]
    body = {"id": new_id(), "choice": choice["choice"]}
    assert front.client.post(f"{address}/messages", headers=headers, json=body).status_code == 202
    assert [m["text"] for m in front.messages(address, headers, 3)][1] == "Volgen"
    assert front.brain.asked == ["/track_order"]
    other, theirs = front.open()
    body = {"id": new_id(), "choice": choice["choice"]}
    refused = front.client.post(f"{other}/messages", headers=theirs, json=body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "unknown_choice")


@pytest.mark.parametrize("method", ["get", "post", "events"])
def test_a_wrong_a_foreign_and_an_expired_token_get_the_same_answer(
    front: Front, method: str
) -> None:
    address, headers = front.open()
    _, foreign = front.open()
    unknown = "/api/conversations/" + "0" * 32

    def ask(where: str, with_: dict[str, str]) -> tuple[int, str]:
        if method == "post":
            body = {"id": new_id(), "text": "hoi"}
            answer = front.client.post(f"{where}/messages", headers=with_, json=body)
        else:
            path = "events" if method == "events" else "messages"
            answer = front.client.get(f"{where}/{path}", headers=with_)
        return answer.status_code, answer.text

    refused = {
        ask(address, foreign),
        ask(address, {}),
        ask(address, {"Authorization": "Bearer "}),
        ask(address, {"Authorization": "Basic " + headers["Authorization"][7:]}),
        ask(unknown, headers),
        ask("/api/conversations/x' OR 1=1 --", headers),
    }
    front.clock.move(hours=25)
    refused.add(ask(address, headers))
    assert len(refused) == 1
    assert refused.pop()[0] == 401


def test_errors_are_in_the_language_of_the_conversation(front: Front) -> None:
    for language, word in (("nl", "leeg"), ("en", "empty")):
        address, headers = front.open(language)
        body = {"id": new_id(), "text": "   "}
        refused = front.client.post(f"{address}/messages", headers=headers, json=body)
        assert refused.status_code == 400
        assert word in refused.json()["error"]["message"]


BAD_BODIES = [
    b"",
    b"null",
    b"[]",
    b'"text"',
    b"{",
    b"\xff\xfe\x00",
    b'{"id": 1, "text": "x"}',
    b'{"id": "not-a-uuid", "text": "x"}',
    b'{"id": "%s"}',
    b'{"id": "%s", "text": 7}',
    b'{"id": "%s", "text": null}',
    b'{"id": "%s", "text": ["x"]}',
    b'{"id": "%s", "text": "x", "choice": "1-0-0123456789abcdef"}',
    b'{"id": "%s", "text": "x", "intent": "/restart"}',
    b'{"id": "%s", "choice": 3}',
    b"[" * 5000,
    b'{"id": "%s", "text": "\\ud800"}',
    b'{"id": "%s", "text": "\\u0000\\u0001"}',
    b'{"id": "%s", "text": "\\u200b\\u202e"}',
]


@pytest.mark.parametrize("body", BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_a_body_that_is_no_message_is_refused_with_a_reason(front: Front, body: bytes) -> None:
    address, headers = front.open()
    body = body.replace(b"%s", new_id().encode())
    refused = front.client.post(f"{address}/messages", headers=headers, content=body)
    assert refused.status_code == 400
    assert set(refused.json()["error"]) == {"code", "message"}
    assert front.brain.asked == []


@pytest.mark.parametrize("size", [MAX_TEXT + 1, MAX_BODY_BYTES + 1, 1_000_000])
def test_a_message_that_is_too_long_is_refused(front: Front, size: int) -> None:
    address, headers = front.open()
    body = {"id": new_id(), "text": "x" * size}
    refused = front.client.post(f"{address}/messages", headers=headers, json=body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (413, "too_long")


def test_the_longest_message_is_taken_whole(front: Front) -> None:
    address, headers = front.open()
    text = "é" * MAX_TEXT
    body = {"id": new_id(), "text": text}
    assert front.client.post(f"{address}/messages", headers=headers, json=body).status_code == 202
    assert front.messages(address, headers, 2)[0]["text"] == text


@pytest.mark.parametrize("after", ["-1", "1.5", "x", "9" * 20, "١"])
def test_a_cursor_that_is_no_number_is_refused(front: Front, after: str) -> None:
    address, headers = front.open()
    for path in ("messages", "events"):
        answer = front.client.get(f"{address}/{path}", headers=headers, params={"after": after})
        assert answer.status_code == 400


def test_a_cursor_beyond_the_end_gives_nothing(front: Front) -> None:
    address, headers = front.open()
    answer = front.client.get(f"{address}/messages", headers=headers, params={"after": 999})
    assert answer.json()["messages"] == []


def test_too_many_messages_in_a_minute_are_refused_with_the_time_to_wait(tmp_path: Path) -> None:
    for front in start(tmp_path, HELDER_MESSAGES_PER_MINUTE="3"):
        address, headers = front.open()
        codes = []
        for _ in range(4):
            body = {"id": new_id(), "text": "hoi"}
            answer = front.client.post(f"{address}/messages", headers=headers, json=body)
            codes.append(answer.status_code)
        assert codes == [202, 202, 202, 429]
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
        other, theirs = front.open()
        body = {"id": new_id(), "text": "hoi"}
        assert front.client.post(f"{other}/messages", headers=theirs, json=body).status_code == 202


def test_too_many_conversations_from_one_address_are_refused(tmp_path: Path) -> None:
    for front in start(tmp_path, HELDER_OPENINGS_PER_MINUTE="2"):
        codes = [front.client.post("/api/conversations").status_code for _ in range(3)]
        assert codes == [201, 201, 429]


def test_only_configured_origins_may_read_the_answers(tmp_path: Path) -> None:
    for front in start(tmp_path, HELDER_CORS_ORIGINS="https://shop.example"):
        for origin, allowed in (("https://shop.example", True), ("https://evil.example", False)):
            answer = front.client.get("/api/notice", headers={"Origin": origin})
            assert ("access-control-allow-origin" in answer.headers) is allowed
            preflight = front.client.options(
                "/api/conversations",
                headers={
                    "Origin": origin,
                    "Access-Control-Request-Method": "POST",
                    "Access-Control-Request-Headers": "authorization,content-type",
                },
            )
            assert (preflight.status_code == 200) is allowed


def test_an_identity_token_that_is_not_ours_is_refused(front: Front) -> None:
    for token in ("", "x.y.z", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."):
        answer = front.client.post("/api/conversations", json={"identity": token})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "identity_refused")


def test_every_page_forbids_foreign_and_inline_code(front: Front) -> None:
    for path in ("/", "/privacy", "/api/notice", "/widget/widget.js", "/nothing"):
        policy = front.client.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_what_is_not_there_is_said_in_json(front: Front) -> None:
    missing = front.client.get("/api/nothing")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "not_found")
    wrong = front.client.delete("/api/conversations")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (405, "method_not_allowed")


def test_health_metrics_and_the_description_are_there(front: Front) -> None:
    assert front.client.get("/healthz").json() == {"alive": True}
    assert front.client.get("/readyz").json() == {"log": True, "assistant": True}
    metrics = front.client.get("/metrics").text
    assert "helder_turns_total" in metrics
    assert "helder_request_seconds_count 0.0" not in metrics
    description = front.client.get("/api/openapi.json").json()
    assert "/api/conversations/{conversation}/messages" in description["paths"]


def test_files_outside_the_widget_are_not_served(front: Front) -> None:
    assert (PROJECT / "pyproject.toml").exists()
    for path in (
        "/widget/../pyproject.toml",
        "/widget/%2e%2e/pyproject.toml",
        "/widget//etc/passwd",
    ):
        assert front.client.get(path).status_code == 404


def test_a_conversation_whose_log_was_damaged_is_locked_and_others_go_on(front: Front) -> None:
    address, headers = front.open("nl")
    with front.gateway.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE conversation SET number = 9")
    locked = front.client.get(f"{address}/messages", headers=headers)
    assert (locked.status_code, locked.json()["error"]["code"]) == (423, "damaged")
    other, theirs = front.open()
    assert front.client.get(f"{other}/messages", headers=theirs).status_code == 200


@pytest.mark.parametrize("method", ["shown", "language"])
@pytest.mark.parametrize(
    ("error", "status"),
    [(DatabaseError("SELECT", {}, Exception("malformed")), 503), (ZeroDivisionError(), 500)],
    ids=["a broken database", "a mistake of ours"],
)
def test_whatever_goes_wrong_is_said_as_an_error_of_the_api(
    front: Front, monkeypatch: pytest.MonkeyPatch, method: str, error: Exception, status: int
) -> None:
    def failing(*_: object) -> None:
        raise error

    address, headers = front.open("nl")
    monkeypatch.setattr(front.gateway.log, "shown", failing)
    monkeypatch.setattr(front.gateway.log, method, failing)
    answer = front.client.get(f"{address}/messages", headers={**headers, "Accept-Language": "nl"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, "unavailable")
    assert "systeem" in answer.json()["error"]["message"]
