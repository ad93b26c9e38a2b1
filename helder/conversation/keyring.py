"""Where keys come from: a small port, and the files behind it.

A key file is `<purpose>.<version>.key`, 64 hexadecimal digits, mode 0600 in a folder of mode 0700.
The highest version is the current one; older ones stay as long as something is wrapped with them.
"""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from typing import NamedTuple, Protocol

from helder.conversation.errors import KeyringError

MASTER = "master"
INDEX = "index"
PURPOSES = (MASTER, INDEX)
KEY_BYTES = 32
_NAME = re.compile(r"(?P<purpose>[a-z]+)\.(?P<version>[1-9][0-9]{0,8})\.key")


class Key(NamedTuple):
    """A key and its version, which is written beside everything made with it."""

    version: int
    secret: bytes


class Keyring(Protocol):
    """Keys by purpose and version."""

    def current(self, purpose: str) -> Key:
        """The key that new things are made with."""

    def get(self, purpose: str, version: int) -> Key:
        """The key that an old thing was made with."""


class FileKeyring:
    """Keys in a folder, read once.

    Raises:
        KeyringError: a folder or file that is missing, damaged or readable by others.
    """

    def __init__(self, folder: Path) -> None:
        self._keys: dict[str, dict[int, Key]] = {purpose: {} for purpose in PURPOSES}
        _refuse_wide(folder, 0o077)
        for path in sorted(folder.glob("*.key")):
            match = _NAME.fullmatch(path.name)
            if match and match["purpose"] in self._keys:
                key = Key(int(match["version"]), _read(path))
                self._keys[match["purpose"]][key.version] = key
        for purpose, keys in self._keys.items():
            if not keys:
                raise KeyringError(
                    f"There is no {purpose} key in {folder}. Put back the key from your backup; "
                    "only a new installation may make a new one."
                )

    def current(self, purpose: str) -> Key:
        """The highest version."""
        return self._keys[purpose][max(self._keys[purpose])]

    def get(self, purpose: str, version: int) -> Key:
        """The version asked for.

        Raises:
            KeyringError: there is no such version here.
        """
        try:
            return self._keys[purpose][version]
        except KeyError:
            raise KeyringError(f"The {purpose} key of version {version} is missing.") from None


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
    """A file that only its owner can read, from its first byte on; never over an existing one."""
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(text + "\n", encoding="ascii")


def _read(path: Path) -> bytes:
    _refuse_wide(path, 0o177)
    try:
        secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        raise KeyringError(f"The key file {path} is damaged.") from None
    if len(secret) != KEY_BYTES:
        raise KeyringError(f"The key file {path} is damaged.")
    return secret


def _refuse_wide(path: Path, forbidden: int) -> None:
    try:
        mode = path.stat().st_mode & 0o777
    except FileNotFoundError:
        raise KeyringError(f"{path} is missing.") from None
    if mode & forbidden:
        wanted = "700" if path.is_dir() else "600"
        raise KeyringError(f"{path} can be read by others; run: chmod {wanted} {path}")
