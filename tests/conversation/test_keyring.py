"""Key files: private, whole, and versioned."""

from __future__ import annotations

from pathlib import Path

import pytest

from helder.conversation.cipher import DataKey, WrappedKey, bind
from helder.conversation.errors import EntryTampered, KeyringError, WrongKey
from helder.conversation.keyring import FileKeyring, create_missing, write_private


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_missing(tmp_path / "keys")
    return tmp_path / "keys"


def test_keys_are_made_once_and_only_their_owner_can_read_them(folder: Path) -> None:
    before = {path.name: path.read_text() for path in folder.iterdir()}
    assert create_missing(folder) == []
    assert {path.name: path.read_text() for path in folder.iterdir()} == before
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o700])
def test_a_key_that_others_can_read_is_refused(folder: Path, mode: int) -> None:
    (folder / "master.1.key").chmod(mode)
    with pytest.raises(KeyringError, match="chmod 600"):
        FileKeyring(folder)


def test_a_folder_that_others_can_look_into_is_refused(folder: Path) -> None:
    folder.chmod(0o755)
    with pytest.raises(KeyringError, match="chmod 700"):
        FileKeyring(folder)


@pytest.mark.parametrize("content", ["", "xyz", "ab" * 31, "ab" * 33])
def test_a_damaged_key_is_refused(folder: Path, content: str) -> None:
    (folder / "master.1.key").write_text(content)
    with pytest.raises(KeyringError, match="damaged"):
        FileKeyring(folder)


def test_a_lost_key_is_not_replaced(folder: Path) -> None:
    (folder / "master.1.key").unlink()
    with pytest.raises(KeyringError, match="backup"):
        FileKeyring(folder)


def test_what_an_old_key_wrapped_opens_after_a_new_one_came(folder: Path) -> None:
    key, wrapped = DataKey.create(FileKeyring(folder), "gesprek")
    sealed = key.seal(b"hoi", bind("a"))
    write_private(folder / "master.2.key", "cd" * 32)
    keyring = FileKeyring(folder)
    assert keyring.current("master").version == 2
    assert DataKey.open(keyring, "gesprek", wrapped).open_sealed(sealed, bind("a")) == b"hoi"


def test_a_wrapped_key_opens_for_its_owner_and_version_only(folder: Path) -> None:
    write_private(folder / "master.2.key", "cd" * 32)
    keyring = FileKeyring(folder)
    _, wrapped = DataKey.create(keyring, "gesprek")
    with pytest.raises(WrongKey):
        DataKey.open(keyring, "een ander", wrapped)
    with pytest.raises(WrongKey):
        DataKey.open(keyring, "gesprek", WrappedKey(1, wrapped.wrapped, wrapped.commitment))


def test_what_is_sealed_opens_only_with_what_it_is_bound_to(folder: Path) -> None:
    key, _ = DataKey.create(FileKeyring(folder), "gesprek")
    sealed = key.seal(b"hoi", bind("a", "bc"))
    with pytest.raises(EntryTampered):
        key.open_sealed(sealed, bind("ab", "c"))
