"""The keyring and the anchor of this installation, as its settings say."""

from __future__ import annotations

from helder.conversation.anchor import FileAnchor
from helder.conversation.keyring import FileKeyring, HeldKeyring
from helder.conversation.keysources import CommandKeyring, EnvironmentKeyring
from helder.settings import SettingError, Settings


def keyring_of(settings: Settings) -> HeldKeyring:
    """The keys that conversations are encrypted with.

    Raises:
        SettingError: it is not said where the keys are.
        KeyringError: a key is missing, damaged or readable by others.
    """
    if settings.keys_from == "environment":
        return EnvironmentKeyring(_given(settings.key_material, "HELDER_KEY_MATERIAL"))
    if settings.keys_from == "command":
        return CommandKeyring(_given(settings.keys_command, "HELDER_KEYS_COMMAND"))
    return FileKeyring(settings.keys)


def anchor_of(settings: Settings) -> FileAnchor:
    """The anchor outside the database. Raises AnchorError: it is missing or unusable."""
    return FileAnchor(settings.anchor)


def _given(value: str | None, name: str) -> str:
    if not value:
        raise SettingError(f"HELDER_KEYS_FROM needs the setting {name}, which is not set.")
    return value
