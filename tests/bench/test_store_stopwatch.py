"""The time of cryptography is added up without counting any of it twice, and all is put back."""

from __future__ import annotations

import time
import zlib
from pathlib import Path

import pytest

from bench.store.stopwatch import COMPRESSION, CRYPTOGRAPHY, Stopwatch, watching
from helder.conversation import cipher, transaction
from helder.conversation.keyring import FileKeyring, create_missing


def held() -> tuple[object, ...]:
    """What is watched, as it is now; a module of ours that imports a function holds it too."""
    return (
        *(vars(cipher.DataKey).copy(), zlib.compress, zlib.decompressobj, zlib.compressobj),
        vars(transaction)["bind"],
    )


class Clock:
    """A clock that is moved by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now

    def work(self, seconds: float) -> None:
        """Take so long."""
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    hand = Clock()
    monkeypatch.setattr(time, "perf_counter", hand)
    return hand


def test_a_call_within_a_call_counts_once(clock: Clock) -> None:
    watch = Stopwatch()
    inner = watch.timed(CRYPTOGRAPHY, lambda: clock.work(1))

    def both() -> None:
        clock.work(2)
        inner()

    watch.timed(CRYPTOGRAPHY, both)()
    assert watch.read() == {CRYPTOGRAPHY: 3, COMPRESSION: 0}


def test_compression_within_cryptography_is_not_cryptography(clock: Clock) -> None:
    watch = Stopwatch()
    deflate = watch.timed(COMPRESSION, lambda: clock.work(5))

    def seal() -> None:
        clock.work(2)
        deflate()

    watch.timed(CRYPTOGRAPHY, seal)()
    deflate()
    assert watch.read() == {CRYPTOGRAPHY: 2, COMPRESSION: 10}


def test_what_fails_is_timed_too(clock: Clock) -> None:
    watch = Stopwatch()

    def fail() -> None:
        clock.work(1)
        raise KeyError

    for _ in range(2):
        with pytest.raises(KeyError):
            watch.timed(CRYPTOGRAPHY, fail)()
    assert watch.read()[CRYPTOGRAPHY] == 2


def test_reading_begins_anew(clock: Clock) -> None:
    watch = Stopwatch()
    watch.timed(CRYPTOGRAPHY, lambda: clock.work(1))()
    watch.read()
    assert watch.read() == {CRYPTOGRAPHY: 0, COMPRESSION: 0}


def test_sealing_and_opening_are_watched_and_all_is_put_back(tmp_path: Path) -> None:
    create_missing(tmp_path / "keys")
    keyring = FileKeyring(tmp_path / "keys")
    before = held()
    with watching() as watch:
        assert vars(transaction)["bind"] is cipher.bind is not before[-1]
        key, _ = cipher.DataKey.create(keyring, "owner")
        created = watch.read()
        assert created[CRYPTOGRAPHY] > 0
        assert created[COMPRESSION] == 0
        plain = b"what the customer said " * 100
        assert key.open_sealed(key.seal(plain, b"bound"), b"bound") == plain
        sealed = watch.read()
        assert sealed[CRYPTOGRAPHY] > 0
        assert sealed[COMPRESSION] > 0
    after = held()
    assert after == before


def test_a_compression_object_is_watched() -> None:
    with watching() as watch:
        deflated = zlib.compress(b"x" * 1000)
        assert zlib.decompressobj().decompress(deflated) == b"x" * 1000
        squeeze = zlib.compressobj(6, zlib.DEFLATED, -15)
        assert squeeze.compress(b"y" * 1000) + squeeze.flush()
        assert watch.read()[COMPRESSION] > 0
