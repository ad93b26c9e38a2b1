"""How much of a turn is cryptography: functions are timed from outside, in a pass of its own.

Cryptography is everything that happens in `helder.conversation.cipher` (opening the data key with
its derivation and commitment, sealing and opening entries, authenticators, the bytes that they are
bound to), but for the compression in between, which is told apart. What the timing itself costs is
counted as cryptography too.
"""

from __future__ import annotations

import functools
import sys
import threading
import time
import types
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from helder.conversation import cipher

CRYPTOGRAPHY, COMPRESSION = "cryptography", "compression"
_ZLIB = ("compress", "decompress", "compressobj", "decompressobj")
_OF_OBJECTS = ("compress", "decompress", "flush")


class Stopwatch:
    """Adds up the seconds inside of functions, by kind; no second counts twice."""

    def __init__(self) -> None:
        self.seconds = {CRYPTOGRAPHY: 0.0, COMPRESSION: 0.0}
        self._within = threading.local()

    def read(self) -> dict[str, float]:
        """What has added up since it was read last; cryptography without the compression in it."""
        taken, self.seconds = self.seconds, dict.fromkeys(self.seconds, 0.0)
        return taken

    def timed(self, kind: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, timed."""

        @functools.wraps(function)
        def around(*args: Any, **kwargs: Any) -> Any:
            within: list[str] = self._within.__dict__.setdefault("kinds", [])
            if kind in within:
                return function(*args, **kwargs)
            within.append(kind)
            begun = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                elapsed = time.perf_counter() - begun
                within.remove(kind)
                self.seconds[kind] += elapsed
                for outer in within:
                    self.seconds[outer] -= elapsed

        return around


@contextmanager
def watching() -> Iterator[Stopwatch]:
    """Time all of it until the block ends."""
    watch = Stopwatch()
    undo: list[Callable[[], None]] = []
    try:
        _watch_cipher(watch, undo)
        _watch_zlib(watch, undo)
        yield watch
    finally:
        for put_back in reversed(undo):
            put_back()


def _watch_cipher(watch: Stopwatch, undo: list[Callable[[], None]]) -> None:
    for name, thing in list(vars(cipher).items()):
        if getattr(thing, "__module__", None) != cipher.__name__:
            continue
        if isinstance(thing, types.FunctionType):
            _replace_everywhere(thing, watch.timed(CRYPTOGRAPHY, thing), undo)
        elif isinstance(thing, type) and name == "DataKey":
            for method, function in list(vars(thing).items()):
                if isinstance(function, classmethod):
                    around = watch.timed(CRYPTOGRAPHY, function.__func__)
                    _replace(thing, method, classmethod(around), undo)
                elif isinstance(function, types.FunctionType):
                    _replace(thing, method, watch.timed(CRYPTOGRAPHY, function), undo)


def _watch_zlib(watch: Stopwatch, undo: list[Callable[[], None]]) -> None:
    for name in _ZLIB:
        original = getattr(zlib, name)
        if name.endswith("obj"):
            _replace(zlib, name, _making(watch, original), undo)
        else:
            _replace(zlib, name, watch.timed(COMPRESSION, original), undo)


def _making(watch: Stopwatch, original: Callable[..., Any]) -> Callable[..., Any]:
    """`zlib.compressobj` and its like: making the object is timed, and what it then does."""
    make = watch.timed(COMPRESSION, original)

    def made(*args: Any, **kwargs: Any) -> Any:
        return _Watched(watch, make(*args, **kwargs))

    return made


class _Watched:
    """A compression object, timed."""

    def __init__(self, watch: Stopwatch, made: Any) -> None:
        self._watch = watch
        self._made = made

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._made, name)
        return self._watch.timed(COMPRESSION, found) if name in _OF_OBJECTS else found


def _replace_everywhere(
    old: Callable[..., Any], new: Callable[..., Any], undo: list[Callable[[], None]]
) -> None:
    """Modules of ours import functions by name, and so hold them themselves."""
    for module in [m for name, m in sys.modules.items() if name.startswith("helder.")]:
        for name, thing in list(vars(module).items()):
            if thing is old:
                _replace(module, name, new, undo)


def _replace(owner: Any, name: str, new: Any, undo: list[Callable[[], None]]) -> None:
    old = vars(owner)[name]
    undo.append(lambda: setattr(owner, name, old))
    setattr(owner, name, new)
