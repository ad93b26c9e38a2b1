"""Where keys come from: a small port, and the first way to fill it, with files.

A key has a purpose and a version; the highest version is the current one, and older ones stay as
long as something is wrapped with them. A key file is `<purpose>.<version>.key`, 64 hexadecimal
digits, mode 0600 in a folder of mode 0700. keysources.py has the other ways.
"""

from __future__ import annotations

import os
import re
import secrets
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Protocol

from helder.conversation.errors import KeyringError
from helder.conversation.whole import folder_to_disk

MASTER = "master"
INDEX = "index"
PURPOSES = (MASTER, INDEX)
KEY_BYTES = 32
# A file with a larger number is not read as a key.
HIGHEST_VERSION = 999_999_999
# A change of the folder may have the same time as one before it: file systems count in ticks. Until
# it is so old, in nanoseconds, the folder is read again.
_SETTLED_NS = 1_000_000_000
_DIGITS = re.compile(rb"[0-9A-Fa-f]{%d}" % (2 * KEY_BYTES))
_NAME = re.compile(r"(?P<purpose>[a-z]+)\.(?P<version>[1-9][0-9]{0,8})\.key")


class Key(NamedTuple):
    """A key and its version, which is written beside everything made with it."""

    version: int
    secret: bytes

    def __repr__(self) -> str:
        """Without the secret: what is printed or logged holds none."""
        return f"Key(version={self.version})"


Keys = dict[str, dict[int, Key]]


class Keyring(Protocol):
    """Keys by purpose and version. `slow`: to look for a version that is not held may take long."""

    slow: bool

    def current(self, purpose: str) -> Key:
        """The key that new things are made with."""

    def get(self, purpose: str, version: int) -> Key:
        """The key that an old thing was made with. Raises KeyringError: it is not here."""

    def versions(self, purpose: str) -> tuple[int, ...]:
        """All versions that are here, the newest first."""


class HeldKeyring:
    """Keys held in memory, and read again when a version is asked for that was not there."""

    slow = False

    def __init__(self, read: Callable[[], Keys], where: str) -> None:
        self._read = read
        self._where = where
        self._mutex = threading.Lock()
        self._keys = self._complete()

    def current(self, purpose: str) -> Key:
        """The highest version."""
        keys = self._keys[purpose]
        return keys[max(keys)]

    def get(self, purpose: str, version: int) -> Key:
        """The version asked for.

        Raises:
            KeyringError: there is no such version, even now.
        """
        if version not in self._keys[purpose]:
            self.refresh()
        try:
            return self._keys[purpose][version]
        except KeyError:
            raise KeyringError(
                f"The {purpose} key of version {version} is missing in {self._where}."
            ) from None

    def versions(self, purpose: str) -> tuple[int, ...]:
        """All versions, the newest first."""
        return tuple(sorted(self._keys[purpose], reverse=True))

    def refresh(self) -> None:
        """Read all keys again."""
        with self._mutex:
            self._keys = self._complete()

    def _complete(self) -> Keys:
        keys = self._read()
        for purpose in PURPOSES:
            if not keys.get(purpose):
                raise KeyringError(
                    f"There is no {purpose} key in {self._where}. Put back the key from your "
                    "backup; only a new installation may make a new one."
                )
            self._refuse_doubles(purpose, keys[purpose])
        return keys

    def _refuse_doubles(self, purpose: str, keys: dict[int, Key]) -> None:
        versions: dict[bytes, int] = {}
        for key in keys.values():
            other = versions.setdefault(key.secret, key.version)
            if other != key.version:
                raise KeyringError(
                    f"Versions {other} and {key.version} of the {purpose} key in {self._where} are "
                    "one and the same key; remove the newer one."
                )


class FileKeyring(HeldKeyring):
    """Keys in a folder. A key that is added or removed is noticed by the folder's time.

    Raises:
        KeyringError: a folder or file that is missing, damaged or readable by others.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._changed = 0
        super().__init__(self._files, str(folder))

    def current(self, purpose: str) -> Key:
        """The highest version that is there now."""
        self._notice()
        return super().current(purpose)

    def versions(self, purpose: str) -> tuple[int, ...]:
        """All versions that are there now, the newest first."""
        self._notice()
        return super().versions(purpose)

    def path(self, purpose: str, version: int) -> Path:
        """The file of a key."""
        return self.folder / f"{purpose}.{version}.key"

    def _notice(self) -> None:
        if self._touched() != self._changed:
            self.refresh()

    def _touched(self) -> int:
        try:
            return self.folder.stat().st_mtime_ns
        except OSError:
            raise KeyringError(f"{self.folder} is missing.") from None

    def _files(self) -> Keys:
        changed = self._touched()
        _refuse_wide(self.folder, 0o077)
        keys = None
        while keys is None:  # until none went away while it was read
            keys = _read_all(self.folder)
        self._changed = changed if time.time_ns() - changed > _SETTLED_NS else 0
        return keys


def create_missing(folder: Path) -> list[Path]:
    """First run: make the folder and version 1 of every key that has no version at all."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = []
    for purpose in PURPOSES:
        if not any(folder.glob(f"{purpose}.*.key")):
            path = folder / f"{purpose}.1.key"
            write_private(path, secrets.token_hex(KEY_BYTES))
            made.append(path)
    return made


def write_private(path: Path, text: str) -> None:
    """A file that only its owner can read; never over an existing one (FileExistsError).

    It gets its name when it is whole and safe on disk: a process that looks into the folder at any
    moment finds all of it or nothing.
    """
    descriptor, unfinished = tempfile.mkstemp(prefix=".", suffix=".new", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(unfinished, path)
    finally:
        Path(unfinished).unlink()
    folder_to_disk(path.parent)


def write_new(folder: Path, purpose: str, known: int = 0) -> int:
    """The next version of a key, made and written; returns the version.

    `known` is the highest version that anything was made with: its key may be missing, and no other
    key may get that number.

    Raises:
        KeyringError: what is there cannot be used, or somebody makes a key at the same time.
    """
    keyring = FileKeyring(folder)
    version = max(known, *keyring.versions(purpose)) + 1
    if version > HIGHEST_VERSION:
        raise KeyringError(f"There is no version after {HIGHEST_VERSION}; nothing was made.")
    try:
        write_private(folder / f"{purpose}.{version}.key", secrets.token_hex(KEY_BYTES))
    except FileExistsError:
        raise KeyringError(f"Somebody else has just made version {version}.") from None
    keyring.get(purpose, version)  # it is of use only if it is found
    return version


def destroy(path: Path) -> None:
    """Overwrite a key file and remove it.

    It loses its name first: nobody reads a half overwritten key. Overwriting reaches the disk's own
    cells only where the file system and the disk write in place; docs/operators.md says so.
    """
    nameless = path.with_name(f".{path.name}.destroyed")
    path.replace(nameless)
    folder_to_disk(path.parent)
    _overwrite(nameless)


def finish_destroying(folder: Path) -> int:
    """Destroy what `destroy` was killed over; how many files."""
    left = list(folder.glob(".*.destroyed"))
    for path in left:
        _overwrite(path)
    return len(left)


def _overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(os.urandom(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    folder_to_disk(path.parent)


def _read_all(folder: Path) -> Keys | None:
    keys: Keys = {}
    for path in sorted(folder.glob("*.key")):
        match = _NAME.fullmatch(path.name)
        if match and match["purpose"] in PURPOSES:
            secret = _read(path)
            if secret is None:
                return None
            key = Key(int(match["version"]), secret)
            keys.setdefault(match["purpose"], {})[key.version] = key
    return keys


def _read(path: Path) -> bytes | None:
    """The key in a file; None if it has just been destroyed."""
    try:
        _refuse_wide(path, 0o177)
        text = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyringError(f"The key file {path} cannot be read: {error.strerror}.") from None
    if match := _DIGITS.fullmatch(text.strip()):
        return bytes.fromhex(match[0].decode())
    if not path.exists():  # it was overwritten after it was opened here
        return None
    raise KeyringError(f"The key file {path} is damaged.")


def _refuse_wide(path: Path, forbidden: int) -> None:
    if path.stat().st_mode & 0o777 & forbidden:
        wanted = "700" if path.is_dir() else "600"
        raise KeyringError(f"{path} can be read by others; run: chmod {wanted} {path}")
