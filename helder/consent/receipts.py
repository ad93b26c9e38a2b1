"""The receipt of a yes, for the customer to keep: the fields of ISO/IEC TS 27560:2023.

It says what was agreed to as it was written then, not as consent.yml has it now. The JSON Schema of
a receipt is receipt.schema.json.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from helder.consent.records import Record

SCHEMA_VERSION = "helder-receipt-1"
Json = dict[str, Any]


@lru_cache(maxsize=1)
def schema() -> Json:
    """The JSON Schema (draft 2020-12) that every receipt fits."""
    path = Path(__file__).with_name("receipt.schema.json")
    content: Json = json.loads(path.read_text(encoding="utf-8"))
    return content


def receipt(
    record: Record, conversation: str, withdrawn: Record | None, language: str | None = None
) -> Json:
    """The receipt of a grant, in the language it was given in or another; `withdrawn` took it back.

    The customer is named by the conversation alone: nothing more of them is needed, and it tells
    nobody else anything.
    """
    language = language or record.language
    terms: Mapping[str, Any] = record.terms or {}
    words, controller = terms["words"][language], terms["controller"]
    return {
        "schema_version": SCHEMA_VERSION,
        "record_id": record.id,
        "pii_principal_id": conversation,
        "pii_processing": {
            "privacy_notice": {"version": record.notice, "language": record.language},
            "language": language,
            "purposes": [
                {
                    "purpose": words["title"],
                    "purpose_id": record.purpose,
                    "purpose_version": record.version,
                    "purpose_description": words["receipt"],
                    "question": words["question"],
                    "lawful_basis": terms["legal_basis"],
                    "pii_information": [{"pii_type": each} for each in words["data"]],
                    "pii_controllers": [controller["name"]],
                    "collection_method": record.method.value,
                    "retention_period": words["retention"],
                    "jurisdiction": terms["jurisdiction"],
                    "recipient_third_parties": [],
                    "withdrawal_method": terms["withdrawal"][language],
                }
            ],
        },
        "party_identification": [
            {
                "party_name": controller["name"],
                "party_address": controller["address"],
                "party_contact": controller["contact"],
                "party_role": "pii_controller",
            }
        ],
        "event": [_event(each) for each in (record, withdrawn) if each is not None],
    }


def _event(record: Record) -> Json:
    return {
        "event_time": record.time,
        "event_type": "explicit",
        "event_state": record.state.value,
        "event_method": record.method.value,
    }
