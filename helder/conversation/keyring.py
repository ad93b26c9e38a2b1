"""Where keys come from: a small port, and three ways to fill it.

Keys lie in files, or are given by the environment, or by a command that asks a vault. A key has a
purpose and a version; the highest version is the current one, and older ones stay as long as
something is wrapped with them. A key file is `<purpose>.<version>.key`, 64 hexadecimal digits, mode
0600 in a folder of mode 0700; elsewhere a key is written `<purpose>.<version>:<64 digits>`.
"""

from __future__ import annotations

import re
import secrets
import shlex
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Protocol

from helder.conversation.errors import KeyringError

MASTER = "master"
INDEX = "index"
PURPOSES = (MASTER, INDEX)
KEY_BYTES = 32
COMMAND_SECONDS = 30
_NAME = re.compile(r"(?P<purpose>[a-z]+)\.(?P<version>[1-9][0-9]{0,8})\.key")
_WRITTEN = re.compile(r"([a-z]+)\.([1-9][0-9]{0,8}):([0-9A-Fa-f]{64})")


class Key(NamedTuple):
    """A key and its version, which is written beside everything made with it."""

    version: int
    secret: bytes


Keys = dict[str, dict[int, Key]]


class Keyring(Protocol):
    """Keys by purpose and version."""

    def current(self, purpose: str) -> Key:
        """The key that new things are made with."""

    def get(self, purpose: str, version: int) -> Key:
        """The key that an old thing was made with. Raises KeyringError: it is not here."""

    def versions(self, purpose: str) -> tuple[int, ...]:
        """All versions that are here, the newest first."""


class HeldKeyring:
    """Keys held in memory, and read again when a version is asked for that was not there."""

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
        return keys


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
        try:
            changed = self.folder.stat().st_mtime_ns
        except OSError:
            raise KeyringError(f"{self.folder} is missing.") from None
        if changed != self._changed:
            self.refresh()
        return super().current(purpose)

    def _files(self) -> Keys:
        keys: Keys = {}
        _refuse_wide(self.folder, 0o077)
        self._changed = self.folder.stat().st_mtime_ns
        for path in sorted(self.folder.glob("*.key")):
            match = _NAME.fullmatch(path.name)
            if match and match["purpose"] in PURPOSES:
                key = Key(int(match["version"]), _read(path))
                keys.setdefault(match["purpose"], {})[key.version] = key
        return keys


class EnvironmentKeyring(HeldKeyring):
    """Keys that were given as text, `master.1:<64 digits> index.1:…`. New ones need a restart."""

    def __init__(self, material: str) -> None:
        super().__init__(lambda: _written(material, "HELDER_KEY_MATERIAL"), "HELDER_KEY_MATERIAL")


class CommandKeyring(HeldKeyring):
    """Keys that a command prints, in the same form: the way to a vault.

    Asked at the start and for a version that was not there; `refresh` asks for a new current one.
    """

    def __init__(self, command: str) -> None:
        super().__init__(lambda: _asked(command), "what HELDER_KEYS_COMMAND prints")


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


def write_new(folder: Path, purpose: str) -> int:
    """The next version of a key, made and written; returns the version."""
    version = max(FileKeyring(folder).versions(purpose)) + 1
    write_private(folder / f"{purpose}.{version}.key", secrets.token_hex(KEY_BYTES))
    return version


def _asked(command: str) -> Keys:
    try:
        done = subprocess.run(  # noqa: S603 - the operator's own command
            shlex.split(command), capture_output=True, timeout=COMMAND_SECONDS, check=False
        )
    except (OSError, ValueError) as error:
        raise KeyringError(f"HELDER_KEYS_COMMAND cannot be run: {error}.") from None
    except subprocess.TimeoutExpired:
        raise KeyringError(f"HELDER_KEYS_COMMAND did not end within {COMMAND_SECONDS} s.") from None
    if done.returncode:
        # Neither what it printed nor its arguments: there may be secrets among them.
        raise KeyringError(f"HELDER_KEYS_COMMAND failed with exit code {done.returncode}.")
    return _written(done.stdout.decode("utf-8", "replace"), "what HELDER_KEYS_COMMAND prints")


def _written(text: str, where: str) -> Keys:
    keys: Keys = {}
    for word in text.split():
        match = _WRITTEN.fullmatch(word)
        if not match or match[1] not in PURPOSES:
            raise KeyringError(f"There is something in {where} that is no key.")
        key = Key(int(match[2]), bytes.fromhex(match[3]))
        if key.version in keys.setdefault(match[1], {}):
            raise KeyringError(f"A version of the {match[1]} key is twice in {where}.")
        keys[match[1]][key.version] = key
    return keys


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
