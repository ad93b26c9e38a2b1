"""The key files of an installation: made at the first run, never replaced behind one's back."""

from __future__ import annotations

import secrets
from pathlib import Path

from helder.conversation import keyring
from helder.conversation.errors import KeyringError

INTERNAL = "internal.secret"
DESK = "desk.key"
# With it our processes show each other the internal secret.
SECRET_HEADER = "X-Helder-Secret"  # noqa: S105 - the header's name, not a secret
_SECRETS = (INTERNAL, DESK)


def prepare(folder: Path, *, make_keys: bool) -> list[Path]:
    """Make what is missing and check what is there; returns the files that were made.

    Conversations are unreadable without their key, so keys are made at the first run only, when
    there is no database yet, and only if they come from files. The secret of internal calls and the
    desk's key protect nothing that is stored: a lost one is replaced.

    Raises:
        KeyringError: a key is missing, damaged or readable by others; the message says what to do.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = keyring.create_missing(folder) if make_keys else []
    for name in _SECRETS:
        if not (folder / name).exists():
            keyring.write_private(folder / name, secrets.token_urlsafe(32))
            made.append(folder / name)
        _secret(folder / name)
    return made


def internal_secret(folder: Path) -> str:
    """The secret that our processes show each other.

    Raises:
        KeyringError: it is missing, empty or readable by others.
    """
    return _secret(folder / INTERNAL)


def desk_key(folder: Path) -> str:
    """What the desk signs its forms with. Removed, `helder run` makes another.

    Raises:
        KeyringError: it is missing, empty or readable by others.
    """
    return _secret(folder / DESK)


def _secret(path: Path) -> str:
    try:
        if path.stat().st_mode & 0o077:
            raise KeyringError(f"{path} can be read by others; run: chmod 600 {path}")
        secret = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise KeyringError(f"{path} is missing; `helder run` makes a new one.") from None
    except UnicodeDecodeError:
        secret = ""
    if len(secret) < 32:
        raise KeyringError(f"{path} is damaged; remove it and `helder run` makes a new one.")
    return secret
