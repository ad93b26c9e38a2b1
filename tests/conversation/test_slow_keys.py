"""Asking a vault for a key may take long; meanwhile others write."""

from __future__ import annotations

from sqlalchemy.engine import Engine

from helder.conversation.entries import ConversationId, MessageId
from helder.conversation.inbox import Inbox, Received
from helder.conversation.keyring import FileKeyring, HeldKeyring, Keys, write_private
from helder.conversation.log import ConversationLog
from tests.conversation.test_log import NOW, opened


class Vault(HeldKeyring):
    """Held keys, without those that came later until they are asked for."""

    slow = True


def test_a_key_that_is_not_held_is_fetched_while_others_can_write(
    log: ConversationLog, engine: Engine, keyring: FileKeyring
) -> None:
    before = {p: {v: keyring.get(p, v) for v in keyring.versions(p)} for p in ("master", "index")}
    write_private(keyring.folder / "master.2.key", "ab" * 32)
    late = ConversationLog(engine, FileKeyring(keyring.folder), log.clock)
    mine, other = opened(late), opened(log)
    asked: list[ConversationId] = []

    def read() -> Keys:
        if not asked:
            asked.append(other)
            return before
        Inbox(engine, keyring).put(other, Received(MessageId("b"), "intussen", NOW))
        return before | {"master": {2: FileKeyring(keyring.folder).get("master", 2)}}

    assert Inbox(engine, Vault(read, "a vault")).put(mine, Received(MessageId("a"), "hoi", NOW))
    assert Inbox(engine, keyring).next(other) is not None
