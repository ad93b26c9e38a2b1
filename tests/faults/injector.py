"""Something fails at the n-th point of a turn: a statement, a commit, a key, the anchor.

The points are where a process meets what may fail: SQLAlchemy's dialect, which hands every
statement and commit to SQLite; the keyring; the anchor. They are counted while the injector is
armed, in the order in which they are met, whichever process of the house meets them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from functools import partial
from typing import Any

from sqlalchemy.engine import Engine

from helder.conversation.log import ConversationLog


class Kind(Enum):
    """What is about to happen at a point."""

    CONNECT = "connect"
    BEGIN = "begin"
    READ = "read"
    WRITE = "write"
    COMMIT = "commit"
    ROLLBACK = "rollback"
    ANCHOR_READ = "anchor read"
    ANCHOR_WRITE = "anchor write"
    KEY = "key"


STATEMENTS = frozenset({Kind.BEGIN, Kind.READ, Kind.WRITE})
ANCHOR = frozenset({Kind.ANCHOR_READ, Kind.ANCHOR_WRITE})


@dataclass(frozen=True)
class Point:
    """One of them: in which process, of which kind, and the first words of a statement."""

    place: str
    kind: Kind
    what: str


@dataclass(frozen=True)
class Fault:
    """What fails, at which kinds of points.

    `error` makes the exception. With `late` the thing is done first, and only its success is never
    heard of. With `breaks` the connection is closed under it. `place` may name the only process.
    """

    name: str
    kinds: frozenset[Kind]
    error: Callable[[], Exception] | None = None
    late: bool = False
    breaks: bool = False
    place: str = ""

    def is_for(self, point: Point) -> bool:
        """Does it happen at such a point?"""
        return point.kind in self.kinds and self.place in ("", point.place)


@dataclass
class Injector:
    """Counts points, and makes some of them fail."""

    fault: Fault | None = None
    first: int = 1
    times: int = 1
    armed: bool = False
    met: list[Point] = field(default_factory=list)
    failed: list[Point] = field(default_factory=list)
    _count: int = 0
    _mutex: threading.Lock = field(default_factory=threading.Lock)
    _quiet: threading.local = field(default_factory=threading.local)

    def plan(self, fault: Fault | None, first: int = 1, times: int = 1) -> None:
        """Let the `first` point that this fault is for fail, and so many in all."""
        self.fault, self.first, self.times = fault, first, times
        self._count, self.met, self.failed, self.armed = 0, [], [], True

    def heal(self) -> None:
        """From now on everything works."""
        self.armed = False

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """What this thread does in here is not counted: it is no part of the turn."""
        self._quiet.on = True
        try:
            yield
        finally:
            self._quiet.on = False

    @property
    def is_quiet(self) -> bool:
        """Is this thread doing what is no part of the turn?"""
        return bool(getattr(self._quiet, "on", False))

    def pass_by(
        self, point: Point, act: Callable[[], Any], close: Callable[[], None] | None = None
    ) -> Any:
        """Do what is done at a point, or fail at it."""
        fault = self._fault_at(point)
        if fault is None:
            return act()
        if fault.late:
            act()
        if fault.breaks and close is not None:
            close()
        if fault.error is not None:
            raise fault.error()
        return None if fault.late else act()

    def _fault_at(self, point: Point) -> Fault | None:
        if not self.armed or self.is_quiet:
            return None
        with self._mutex:
            self.met.append(point)
            fault = self.fault
            if fault is None or not fault.is_for(point):
                return None
            self._count += 1
            if not self.first <= self._count < self.first + self.times:
                return None
            self.failed.append(point)
            return fault


def watch(injector: Injector, place: str, log: ConversationLog) -> None:
    """Make what this log works with pass by the injector; `place` names its process."""
    _watch_engine(injector, place, log.engine)
    for name in ("current", "get", "versions"):
        _watch_method(injector, Point(place, Kind.KEY, name), log.keyring, name)
    for name in ("sighting", "erased", "locked_before", "last_erasure"):
        _watch_method(injector, Point(place, Kind.ANCHOR_READ, name), log.anchor, name)
    for name in ("saw", "lock", "erase", "expire"):
        _watch_method(injector, Point(place, Kind.ANCHOR_WRITE, name), log.anchor, name)


def _watch_method(injector: Injector, point: Point, owner: Any, name: str) -> None:
    original = getattr(owner, name)

    def watched(*args: Any) -> Any:
        return injector.pass_by(point, partial(original, *args))

    setattr(owner, name, watched)


def _watch_engine(injector: Injector, place: str, engine: Engine) -> None:
    dialect = engine.dialect

    def watch_statement(name: str) -> None:
        original = getattr(dialect, name)

        def watched(cursor: Any, statement: str, *args: Any, **more: Any) -> Any:
            point = Point(place, kind_of(statement), " ".join(statement.split()[:3]))
            act = partial(original, cursor, statement, *args, **more)
            return injector.pass_by(point, act, cursor.connection.close)

        setattr(dialect, name, watched)

    def watch_end(name: str, kind: Kind) -> None:
        original = getattr(dialect, name)

        def watched(connection: Any) -> Any:
            raw = getattr(connection, "dbapi_connection", connection)
            point = Point(place, kind, kind.value)
            return injector.pass_by(point, partial(original, connection), raw.close)

        setattr(dialect, name, watched)

    def watch_connect() -> None:
        original = dialect.connect

        def watched(*args: Any, **more: Any) -> Any:
            act = partial(original, *args, **more)
            return injector.pass_by(Point(place, Kind.CONNECT, "connect"), act)

        dialect.connect = watched

    for name in ("do_execute", "do_execute_no_params", "do_executemany"):
        watch_statement(name)
    watch_end("do_commit", Kind.COMMIT)
    watch_end("do_rollback", Kind.ROLLBACK)
    watch_connect()


def kind_of(statement: str) -> Kind:
    """What a statement does."""
    word = statement.split(None, 1)[0].upper()
    return {"BEGIN": Kind.BEGIN, "SELECT": Kind.READ}.get(word, Kind.WRITE)
