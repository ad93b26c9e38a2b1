"""The scenario of format 2 played on a new database, with all that is random or moves fixed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from helder import migrate
from helder.database import connect
from tests.vectors.fixed import FixedKeyring, randomness
from tests.vectors.frozen import Frozen, rows_of
from tests.vectors.scenario import House, play, play_generations

KEYS = {
    purpose: {
        version: hashlib.sha256(f"format 2 {purpose} {version}".encode()).hexdigest()
        for version in ("1", "2")
    }
    for purpose in ("master", "index")
}


def replay(folder: Path) -> Frozen:
    """What is written today, and what it stands for."""
    url = f"sqlite:///{folder / 'replay.db'}"
    migrate.upgrade(url)
    engine, keyring = connect(url), FixedKeyring.of_hex(KEYS)
    keyring.newest = {"master": 1, "index": 1}
    house = House.on(engine, keyring)
    with randomness("format 2"):
        play(house)
        play_generations(house)
    decoded = house.view.everything()
    decoded["names"] = {
        name: {"conversation": conversation, "token": token}
        for name, (conversation, token) in house.opened.items()
    }
    with engine.connect() as connection:
        rows = rows_of(connection)
    engine.dispose()
    return Frozen(KEYS, rows, decoded)
