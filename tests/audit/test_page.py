"""docs/encryption.md is enough to read an audit: by a decoder that shares no code with us."""

from __future__ import annotations

import hmac
import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from helder.audit.acts import Act
from helder.audit.audit import Audit
from helder.audit.tables import audit as table
from helder.audit.tables import audit_head
from helder.conversation.keyring import MASTER, FileKeyring
from tests.vectors.decoder import DataKey, bound, gcm_open

WRITTEN = (
    (Act.VIEW, "anna", "conversation 1"),
    (Act.SIGN_OUT, "anna", ""),
    (Act.TRANSFER, "bram", "conversation 1"),
)


def stored(engine: Engine, source: sa.Table) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(sa.select(source)).mappings()]


def hmac_of(key: DataKey, label: str, **values: Any) -> bytes:
    return hmac.digest(key.head, bound(label, **values), "sha256")


def test_the_page_is_enough_to_read_and_verify_it(
    audit: Audit, engine: Engine, keyring: FileKeyring
) -> None:
    for number, (act, actor, subject) in enumerate(WRITTEN):
        audit.record(act, actor, subject, n=number)
    head = stored(engine, audit_head)[0]
    master = keyring.get(MASTER, head["key_version"]).secret
    wrapping = bound("helder wrapped key", owner="the audit", **head)
    key = DataKey.of(gcm_open(master, head["wrapped_key"], wrapping))
    assert key.commitment == head["commitment"]

    previous = bytes(32)
    rows = sorted(stored(engine, table), key=lambda row: int(row["number"]))
    for place, (row, (act, actor, subject)) in enumerate(zip(rows, WRITTEN, strict=True)):
        content = json.loads(key.open(row["body"], bound("helder audit body")))
        assert content == [place + 1, row["minute"], act.value, actor, subject, {"n": place}]
        assert row["actor"] == hmac_of(key, "helder audit actor", name=actor).hex()
        assert row["subject"] == hmac_of(key, "helder audit subject", name=subject).hex()
        assert row["tag"] == hmac_of(key, "helder audit entry", previous=previous, **row)
        previous = row["tag"]
    assert (head["count"], head["tag"]) == (len(WRITTEN), previous)
    assert head["head"] == hmac_of(key, "helder audit head", **head)
