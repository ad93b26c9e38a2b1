"""The customer's own overview of what they agreed to, over the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import jsonschema
import pytest

from helder.consent.purposes import ORDER_DATA
from helder.conversation.shredding import Shredder
from helder.links import MINUTES, InvoiceLink, ReceiptLink
from tests.gateway.conftest import Front

Json = dict[str, Any]


def answer(front: Front, address: str, headers: dict[str, str], **body: Any) -> Any:
    return front.client.post(f"{address}/consents", headers=headers, json=body)


def states(front: Front, address: str, headers: dict[str, str]) -> dict[str, str]:
    found = front.client.get(f"{address}/consents", headers=headers).json()["consents"]
    return {each["purpose"]: each["state"] for each in found}


@pytest.mark.parametrize(("language", "yes"), [("en", "Yes, you may"), ("nl", "Ja, dat mag")])
def test_every_purpose_is_told_in_the_language_of_the_conversation(
    front: Front, language: str, yes: str
) -> None:
    address, headers = front.open(language)
    told = front.client.get(f"{address}/consents", headers=headers).json()
    assert told["language"] == language
    assert [each["purpose"] for each in told["consents"]] == [
        "order_data",
        "keep_conversation",
        "improvement",
    ]
    order_data = told["consents"][0]
    assert (order_data["state"], order_data["since"], order_data["yes"]) == ("not_asked", None, yes)
    other = {"en": "nl", "nl": "en"}[language]
    wanted = front.client.get(
        f"{address}/consents", headers=headers, params={"language": other}
    ).json()
    assert wanted["language"] == other
    assert wanted["consents"][0]["yes"] != yes


def test_a_yes_and_a_no_take_one_request_each_and_are_said_in_the_conversation(
    front: Front,
) -> None:
    address, headers = front.open("en")
    given = answer(front, address, headers, purpose="improvement", given=True)
    assert (given.status_code, given.json()["state"]) == (200, "given")
    assert states(front, address, headers)["improvement"] == "given"
    taken = answer(front, address, headers, purpose="improvement", given=False)
    assert (taken.status_code, taken.json()["state"]) == (200, "withdrawn")
    assert states(front, address, headers) == {
        "order_data": "not_asked",
        "keep_conversation": "not_asked",
        "improvement": "withdrawn",
    }
    said = front.messages(address, headers, 2)
    assert [each["author"] for each in said] == ["system", "system"]
    assert "You agreed: “Improve the assistant”" in said[0]["text"]
    assert "“Improve the assistant” is off." in said[1]["text"]


def test_a_no_before_anybody_asked_is_remembered_as_one(front: Front) -> None:
    address, headers = front.open("en")
    refused = answer(front, address, headers, purpose="order_data", given=False).json()
    assert refused["state"] == "refused"


def test_the_same_again_is_said_once(front: Front) -> None:
    address, headers = front.open("en")
    for _ in range(3):
        assert answer(front, address, headers, purpose="order_data", given=True).status_code == 200
    assert len(front.messages(address, headers, 1)) == 1
    receipts = front.client.get(f"{address}/receipts", headers=headers).json()["receipts"]
    assert len(receipts) == 1


def test_what_is_given_counts_for_the_services(front: Front) -> None:
    address, headers = front.open("en")
    conversation = address.rsplit("/", 1)[1]
    assert not front.gateway.consents.granted(conversation, ORDER_DATA)  # type: ignore[arg-type]  # the id is a plain str here
    answer(front, address, headers, purpose="order_data", given=True)
    assert front.gateway.consents.granted(conversation, ORDER_DATA)  # type: ignore[arg-type]  # the id is a plain str here


@pytest.mark.parametrize(
    "body",
    [
        {"purpose": "telemarketing", "given": True},
        {"purpose": "order_data"},
        {"given": True},
        {"purpose": "order_data", "given": "yes"},
        {"purpose": "order_data", "given": True, "more": 1},
    ],
)
def test_what_cannot_be_answered_is_refused(front: Front, body: Json) -> None:
    address, headers = front.open("en")
    refused = answer(front, address, headers, **body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "bad_request")
    assert set(states(front, address, headers).values()) == {"not_asked"}


def test_another_conversations_token_sees_and_changes_nothing(front: Front) -> None:
    address, headers = front.open("en")
    _, others = front.open("en")
    for path in ("consents", "receipts"):
        for given in (others, {}):
            assert front.client.get(f"{address}/{path}", headers=given).status_code == 401
    assert answer(front, address, others, purpose="order_data", given=True).status_code == 401
    assert states(front, address, headers)["order_data"] == "not_asked"


def test_answers_count_as_messages_for_the_rates(front: Front) -> None:
    front.gateway.limits.__init__(  # type: ignore[misc]  # made anew, with other settings
        front.gateway.settings.__class__(
            **{**vars(front.gateway.settings), "messages_per_minute": 2}
        )
    )
    address, headers = front.open("en")
    codes = [
        answer(front, address, headers, purpose="order_data", given=bool(n % 2)).status_code
        for n in range(3)
    ]
    assert codes == [200, 200, 429]


def receipt_of(front: Front, language: str = "en") -> tuple[str, dict[str, str], Json]:
    address, headers = front.open(language)
    answer(front, address, headers, purpose="order_data", given=True)
    (only,) = front.client.get(f"{address}/receipts", headers=headers).json()["receipts"]
    return address, headers, only


@pytest.mark.parametrize(
    ("language", "title", "other"),
    [("en", "Receipt of your consent", "nl"), ("nl", "Bewijs van je toestemming", "en")],
)
def test_a_receipt_is_read_in_both_languages_and_downloaded(
    front: Front, language: str, title: str, other: str
) -> None:
    _, _, only = receipt_of(front, language)
    page = front.client.get(only["page"])
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert f'<html lang="{language}">' in page.text
    assert f"<h1>{title}: {only['title']}</h1>" in page.text
    assert only["receipt"] in page.text
    assert f'<html lang="{other}">' in front.client.get(f"{only['page']}?language={other}").text
    kept = front.client.get(only["download"])
    assert "attachment" in kept.headers["content-disposition"]
    schema = front.client.get("/api/receipt.schema.json").json()
    jsonschema.Draft202012Validator(schema).validate(kept.json())
    assert kept.json()["record_id"] == only["receipt"]
    assert kept.json()["pii_processing"]["language"] == language


def test_a_receipt_says_when_it_was_taken_back(front: Front) -> None:
    address, headers, only = receipt_of(front)
    assert "You took it back" not in front.client.get(only["page"]).text
    front.clock.move(minutes=2)
    answer(front, address, headers, purpose="order_data", given=False)
    assert "You took it back" in front.client.get(only["page"]).text
    events = front.client.get(only["download"]).json()["event"]
    assert [each["event_state"] for each in events] == ["given", "withdrawn"]


def test_a_link_to_a_receipt_ends_with_time_and_with_the_conversation(front: Front) -> None:
    address, headers, only = receipt_of(front)
    front.clock.move(minutes=MINUTES)
    assert front.client.get(only["page"]).status_code == 404
    assert front.client.get(only["download"]).status_code == 404
    (fresh,) = front.client.get(f"{address}/receipts", headers=headers).json()["receipts"]
    assert front.client.get(fresh["page"]).status_code == 200
    gateway = front.gateway
    shredder = Shredder(gateway.engine, gateway.log.keyring, front.clock, gateway.anchor)
    shredder.shred(address.rsplit("/", 1)[1], "asked")  # type: ignore[arg-type]  # the id is a plain str here
    assert front.client.get(fresh["page"]).status_code == 404


def test_a_link_opens_only_what_it_was_made_for(front: Front) -> None:
    address, _, only = receipt_of(front)
    mine = address.rsplit("/", 1)[1]
    links = front.gateway.links
    invoice = links.seal(InvoiceLink(mine, "HD-204817", "IN-204817", "en"))
    assert front.client.get(f"/receipts/{invoice}").status_code == 404
    receipt = only["page"].rsplit("/", 1)[1]
    assert front.client.get(f"/invoices/{receipt}").status_code == 404
    elsewhere = front.gateway.log.open("en", timedelta(hours=1)).conversation
    stolen = links.seal(ReceiptLink(elsewhere, only["receipt"], "en"))
    assert front.client.get(f"/receipts/{stolen}").status_code == 404
