"""The receipt of a yes: the fields of ISO/IEC TS 27560, as agreed to, in both languages."""

from __future__ import annotations

from dataclasses import replace

import jsonschema
import pytest

from helder.consent.purposes import IMPROVEMENT, KEEP_CONVERSATION, ORDER_DATA, Purposes
from helder.consent.receipts import receipt, schema
from helder.consent.records import Consents, Method
from helder.conversation.entries import ConversationId
from tests.conversation.conftest import MovedClock

# ISO/IEC TS 27560:2023, 6.3: what a consent record holds, as far as there is something to say.
HEADER = {"schema_version", "record_id", "pii_principal_id"}
PURPOSE = {
    *("purpose", "lawful_basis", "pii_information", "pii_controllers", "collection_method"),
    *("retention_period", "jurisdiction", "recipient_third_parties", "withdrawal_method"),
}


def check(content: object) -> None:
    jsonschema.Draft202012Validator(
        schema(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    ).validate(content)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("purpose", [ORDER_DATA, KEEP_CONVERSATION, IMPROVEMENT])
def test_every_receipt_fits_the_schema_before_and_after_it_is_taken_back(
    consents: Consents, mine: ConversationId, clock: MovedClock, purpose: str, language: str
) -> None:
    given = consents.give(mine, purpose, "nl", Method.BUTTON)
    fresh = receipt(given, mine, None, language)
    check(fresh)
    assert set(fresh) > HEADER
    assert set(fresh["pii_processing"]["purposes"][0]) > PURPOSE
    clock.move(minutes=3)
    taken_back = receipt(given, mine, consents.decline(mine, purpose, "nl", Method.WORDS), language)
    check(taken_back)
    assert [(each["event_state"], each["event_time"]) for each in taken_back["event"]] == [
        ("given", "2026-11-22T09:00:00.000Z"),
        ("withdrawn", "2026-11-22T09:03:00.000Z"),
    ]


@pytest.mark.parametrize("missing", sorted(HEADER | {"pii_processing", "event"}))
def test_a_receipt_that_lacks_something_does_not_fit(
    consents: Consents, mine: ConversationId, missing: str
) -> None:
    content = receipt(consents.give(mine, ORDER_DATA, "nl", Method.BUTTON), mine, None)
    del content[missing]
    with pytest.raises(jsonschema.ValidationError):
        check(content)


def test_a_receipt_is_in_the_language_of_the_yes_unless_another_is_wanted(
    consents: Consents, mine: ConversationId
) -> None:
    given = consents.give(mine, ORDER_DATA, "nl", Method.BUTTON)
    (dutch,) = receipt(given, mine, None)["pii_processing"]["purposes"]
    (english,) = receipt(given, mine, None, "en")["pii_processing"]["purposes"]
    assert dutch["purpose"] == "Mijn bestelgegevens gebruiken"
    assert english["purpose"] == "Use my order data"


def test_what_was_agreed_to_does_not_change_with_the_policy(
    consents: Consents, purposes: Purposes, mine: ConversationId
) -> None:
    given = consents.give(mine, ORDER_DATA, "nl", Method.BUTTON)
    before = receipt(given, mine, None)
    mine_now = purposes.all[ORDER_DATA]
    words = {each: replace(mine_now.said(each), receipt="anders") for each in ("en", "nl")}
    changed = replace(mine_now, words=words)
    consents.renew(replace(purposes, all={**purposes.all, ORDER_DATA: changed}), 1)
    record, _ = consents.grant(mine, given.id)
    assert receipt(record, mine, None) == before
