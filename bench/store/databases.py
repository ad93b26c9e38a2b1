"""Where the two stores keep what they are given: a database each, of the same kind."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from sqlalchemy.engine import Engine


@dataclass(frozen=True)
class Size:
    """Bytes, with indices and the free space in pages, and rows."""

    bytes: int
    rows: int

    def __sub__(self, other: Size) -> Size:
        return Size(self.bytes - other.bytes, self.rows - other.rows)


class Database(Protocol):
    """A kind of database, with one for each store."""

    name: str
    title: str

    def stock(self, domain: Domain) -> SQLTrackerStore:
        """Rasa's store on its database."""

    def helder_url(self) -> str:
        """The address of Helder's, which is empty at first."""

    def size(self, system: str) -> Size:
        """What one of the two takes now."""

    def durability(self, engine: Engine) -> str:
        """How an engine commits, in words.

        Raises:
            BenchFailed: not so that it lasts.
        """


Served = AbstractContextManager[Database]
