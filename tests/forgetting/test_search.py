"""The search finds what it is to find: in every kind of place, and however it is written."""

from __future__ import annotations

import base64
import gzip
import html
import io
import json
import random
import sqlite3
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from stdnum import iban, luhn
from stdnum.nl import bsn

from helder.masking.masker import mask
from tests.forgetting.canaries import Breeder
from tests.forgetting.search import Needles, spellings

SECRET = "Joëlle van der Kruisveldhoek"
PLAIN = SECRET.encode()
Place = Callable[[Path], None]


@pytest.fixture(scope="module")
def needles() -> Needles:
    """The secret, among thousands of others."""
    others = [canary.text for canary in Breeder(random.Random(3)).brood(2_000)]
    return Needles(
        ("ours" if text is SECRET else "other", spelling)
        for text in (SECRET, *others)
        for spelling in spellings(text)
    )


def in_free_page(folder: Path) -> None:
    """In a page of a database that nothing uses any more."""
    with closing(sqlite3.connect(folder / "helder.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = OFF")
        connection.execute("CREATE TABLE said (text BLOB)")
        connection.execute("INSERT INTO said VALUES (?)", (PLAIN * 500,))
        connection.execute("DELETE FROM said")


def in_write_ahead_file(folder: Path) -> None:
    """In a page that is only in the write-ahead file yet."""
    connection = sqlite3.connect(folder / "helder.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE said (text TEXT)")
    connection.execute("INSERT INTO said VALUES (?)", (SECRET,))
    (folder / "kept-wal").write_bytes((folder / "helder.db-wal").read_bytes())
    connection.execute("DROP TABLE said")
    connection.execute("VACUUM")
    connection.close()


def in_model_archive(folder: Path) -> None:
    """In a compressed array, in an archive, in another."""
    arrays, packed = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(arrays, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("words.npy", random.Random(1).randbytes(999) + PLAIN)
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        entry = tarfile.TarInfo("components/meta.npz")
        entry.size = len(arrays.getvalue())
        archive.addfile(entry, io.BytesIO(arrays.getvalue()))
    (folder / "helder-1.tar.gz").write_bytes(packed.getvalue())


def in_deflated_blob(folder: Path) -> None:
    """In what a table holds compressed, as Rasa's cache does."""
    with closing(sqlite3.connect(folder / "cache.db", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE cache (body BLOB)")
        body = zlib.compress(b"x" * 300 + PLAIN, 6)
        connection.execute("INSERT INTO cache VALUES (?)", (body,))


def in_a_core_dump(folder: Path) -> None:
    """Somewhere in a large binary file, as a copy of memory has it."""
    dice = random.Random(2)
    content = dice.randbytes(3_000_001) + SECRET.encode("utf-16-le") + dice.randbytes(100_003)
    (folder / "core").write_bytes(content)


def in_a_hidden_folder(folder: Path) -> None:
    """In a file that is not meant to be seen."""
    (folder / ".cache" / "x").mkdir(parents=True)
    (folder / ".cache" / "x" / ".tmp").write_bytes(PLAIN)


def in_an_old_log(folder: Path) -> None:
    """In a log that was set aside and packed."""
    (folder / "rasa.log.1.gz").write_bytes(gzip.compress(b"said " + PLAIN))


@pytest.mark.parametrize(
    "plant",
    [
        in_free_page,
        in_write_ahead_file,
        in_model_archive,
        in_deflated_blob,
        in_a_core_dump,
        in_a_hidden_folder,
        in_an_old_log,
    ],
)
def test_a_secret_is_found_in_every_kind_of_file(
    tmp_path: Path, needles: Needles, plant: Place
) -> None:
    plant(tmp_path)
    assert set().union(*needles.found_under([tmp_path]).values()) == {"ours"}


WRITTEN: tuple[bytes, ...] = (
    PLAIN,
    SECRET.upper().encode(),
    SECRET.lower().encode(),
    unicodedata.normalize("NFD", SECRET).encode(),
    b"Joelle van der Kruisveldhoek",
    SECRET.encode("latin-1"),
    SECRET.encode("utf-16"),
    SECRET.encode("utf-16-be"),
    json.dumps({"text": SECRET}).encode(),
    json.dumps({"text": SECRET}, ensure_ascii=False).encode(),
    repr(PLAIN).encode(),
    ascii(SECRET).encode(),
    quote(SECRET).encode(),
    quote_plus(SECRET).encode(),
    quote(SECRET).lower().encode(),
    html.escape(SECRET).encode("ascii", "xmlcharrefreplace"),
    PLAIN.hex().encode(),
    PLAIN.hex().upper().encode(),
    *(base64.b64encode(b"x" * i + PLAIN + b"y" * j) for i in range(4) for j in range(4)),
    *(base64.urlsafe_b64encode(b"?" * i + PLAIN) for i in range(3)),
)


@pytest.mark.parametrize("content", WRITTEN)
def test_a_secret_is_found_however_it_is_written(needles: Needles, content: bytes) -> None:
    for before in range(9):
        assert "ours" in needles.found_in(b"-" * before + content + b"-")


def test_a_secret_is_found_at_the_very_beginning_and_the_very_end(needles: Needles) -> None:
    for content in (PLAIN, PLAIN + b"x" * 100_000, b"x" * 100_001 + PLAIN):
        assert needles.found_in(content) == {"ours"}


def test_what_is_only_alike_is_not_found(needles: Needles) -> None:
    for content in (b"", b"J", PLAIN[:-1], b"Jo\xc3\xablle van der Kruisveldhoed", PLAIN[1:]):
        assert needles.found_in(content) == set()


def test_the_invented_numbers_pass_their_checks_and_none_is_invented_twice() -> None:
    brood = list(Breeder(random.Random(1)).brood(4_000))
    by_kind: dict[str, list[str]] = {}
    for canary in brood:
        by_kind.setdefault(canary.kind, []).append(canary.text)
    assert len(by_kind) == 12
    assert all(luhn.is_valid(text.replace("-", "").replace(" ", "")) for text in by_kind["card"])
    assert all(bsn.is_valid(text.removeprefix("BSN ")) for text in by_kind["BSN"])
    assert all(iban.is_valid(text.replace("-", " ")) for text in by_kind["IBAN"])
    texts = [canary.text for canary in brood]
    assert len(set(texts)) > 0.99 * len(texts)
    assert all(mask(canary.text) != canary.text for canary in brood if canary.masked)
