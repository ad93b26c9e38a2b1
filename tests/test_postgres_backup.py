"""A backup of PostgreSQL that is put back: noticed, accepted when said, and nobody comes back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from helder.cli import prepare
from helder.conversation.errors import UnknownConversation
from helder.conversation.log import ConversationLog
from helder.conversation.rollback import DatabaseOlder, accept_restored
from helder.conversation.shredding import Shredder
from helder.database import connect
from helder.installation import anchor_of, keyring_of
from helder.settings import Settings
from tests.conversation.test_log import save, turn
from tests.postgres import Server
from tests.running import settings_in


def log_of(settings: Settings) -> ConversationLog:
    engine = connect(settings.database_url)
    return ConversationLog(engine, keyring_of(settings), anchor=anchor_of(settings))


def test_a_backup_is_put_back_and_what_was_destroyed_since_is_destroyed_again(
    tmp_path: Path, postgres: Server
) -> None:
    settings = settings_in(tmp_path, HELDER_DATABASE_URL=postgres.empty())
    prepare(settings)
    log = log_of(settings)
    one, gone = (log.open("en", timedelta(hours=1)).conversation for _ in range(2))
    backup = postgres.dump(settings.database_url)
    Shredder(log.engine, log.keyring, anchor=anchor_of(settings)).shred(gone, "request")
    save(log, one, turn("hello", "hi"))

    restored = settings_in(tmp_path, HELDER_DATABASE_URL=postgres.empty())
    postgres.restore(restored.database_url, backup)
    with pytest.raises(DatabaseOlder):
        prepare(restored)
    log = log_of(restored)
    anchor = anchor_of(restored)
    assert accept_restored(log.engine, log.keyring, anchor) == 1
    prepare(restored)
    assert log.head(one).position.seq == 1
    with pytest.raises(UnknownConversation):
        log.head(gone)
    assert log.ids() == [one]
