"""Both stores on one kind of database, with nothing of the installation touched."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rasa.shared.core.domain import Domain

from bench.store.databases import Database
from bench.store.dialogue import Dialogue
from bench.store.stores import HelderStore, StockStore
from helder import settings as settings_module
from helder.brain.store import EncryptedTrackerStore
from helder.conversation.inbox import Inbox
from helder.conversation.log import ConversationLog
from helder.database import connect
from helder.installation import anchor_of, keyring_of
from helder.preparation import prepare


@contextmanager
def stores(
    database: Database, folder: Path, domain: Domain, dialogue: Dialogue
) -> Iterator[tuple[StockStore, HelderStore]]:
    """Rasa's store as endpoints.yml would have it, and Helder's as an installation has it."""
    stock = StockStore(database.stock(domain), domain, dialogue)
    chosen = {"VAR": str(folder), "DATABASE_URL": database.helder_url()}
    settings = settings_module.load({settings_module.PREFIX + n: v for n, v in chosen.items()})
    prepare(settings, say=lambda _: None)
    engine, keyring, anchor = (
        connect(settings.database_url),
        keyring_of(settings),
        anchor_of(settings),
    )
    log = ConversationLog(engine, keyring, anchor=anchor)
    store = EncryptedTrackerStore(domain, log=log)
    helder = HelderStore(store, Inbox(engine, keyring, anchor), dialogue)
    try:
        yield stock, helder
    finally:
        engine.dispose()
        anchor.close()
        stock.store.engine.dispose()
