"""Keys that are not in files: given by the environment, or by a command that asks a vault.

A key is written `<purpose>.<version>:<64 hexadecimal digits>`, and several with spaces or line ends
between them. What the command prints is never logged nor shown, whatever goes wrong.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Callable

from helder.conversation.errors import KeyringError
from helder.conversation.keyring import PURPOSES, HeldKeyring, Key, Keys

COMMAND_SECONDS = 30.0
# Whoever can write the database can name versions that there never were, one in every row: the
# command is not to be run for each of them.
PAUSE_SECONDS = 30.0
_KEY = re.compile(r"([a-z]+)\.([1-9][0-9]{0,8}):([0-9A-Fa-f]{64})")


class EnvironmentKeyring(HeldKeyring):
    """Keys that were given as text, `master.1:<64 digits> index.1:…`. New ones need a restart.

    Raises:
        KeyringError: something in it is no key, or a purpose has none.
    """

    def __init__(self, material: str) -> None:
        super().__init__(lambda: _written(material, "HELDER_KEY_MATERIAL"), "HELDER_KEY_MATERIAL")


class CommandKeyring(HeldKeyring):
    """Keys that a command prints, in the same form: the way to a vault.

    Asked at the start, and for a version that was not there, but not again within `PAUSE_SECONDS`.
    That another version is the current one is noticed then, or at a restart.

    Raises:
        KeyringError: the command cannot be run, fails, takes too long, or prints no keys.
    """

    slow = True

    def __init__(
        self,
        command: str,
        patience: float = COMMAND_SECONDS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._now = now
        self._asked = now() - PAUSE_SECONDS
        super().__init__(lambda: _asked(command, patience), "what HELDER_KEYS_COMMAND prints")

    def refresh(self) -> None:
        """Run the command again, unless it has just been run."""
        now = self._now()
        if now - self._asked >= PAUSE_SECONDS:
            self._asked = now
            super().refresh()


def _asked(command: str, patience: float) -> Keys:
    try:
        process = subprocess.Popen(  # noqa: S603 - the operator's own command
            shlex.split(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, ValueError, IndexError):
        raise KeyringError(
            "HELDER_KEYS_COMMAND cannot be run; it must be a program with its arguments, and is "
            "not given to a shell."
        ) from None
    with process:
        try:
            printed, _ = process.communicate(timeout=patience)
        except subprocess.TimeoutExpired:
            # With all that it started: what lives on would keep the pipe open.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            raise KeyringError(f"HELDER_KEYS_COMMAND did not end within {patience:g} s.") from None
    if process.returncode:
        # Neither what it printed nor its arguments: there may be secrets among them.
        raise KeyringError(f"HELDER_KEYS_COMMAND failed with exit code {process.returncode}.")
    return _written(printed.decode("utf-8", "replace"), "what HELDER_KEYS_COMMAND prints")


def _written(text: str, where: str) -> Keys:
    keys: Keys = {}
    for word in text.split():
        match = _KEY.fullmatch(word)
        if not match or match[1] not in PURPOSES:
            raise KeyringError(f"There is something in {where} that is no key.")
        key = Key(int(match[2]), bytes.fromhex(match[3]))
        if key.version in keys.setdefault(match[1], {}):
            raise KeyringError(f"A version of the {match[1]} key is twice in {where}.")
        keys[match[1]][key.version] = key
    return keys
