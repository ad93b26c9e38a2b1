"""Key files: private, whole, versioned, noticed when they come and destroyed when they go."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from helder.conversation.cipher import DataKey, WrappedKey, bind
from helder.conversation.errors import EntryTampered, KeyringError, WrongKey
from helder.conversation.keyring import (
    HIGHEST_VERSION,
    FileKeyring,
    Key,
    create_missing,
    destroy,
    finish_destroying,
    write_new,
    write_private,
)


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


def test_a_copy_of_a_key_is_no_new_version(folder: Path) -> None:
    write_private(folder / "master.2.key", (folder / "master.1.key").read_text().strip())
    with pytest.raises(KeyringError, match="Versions 1 and 2 of the master key"):
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


def test_every_new_key_is_noticed_at_once_however_quickly_they_come(folder: Path) -> None:
    keyring = FileKeyring(folder)
    for version in range(2, 60):
        assert write_new(folder, "index") == version
        assert keyring.current("index").version == version
        assert keyring.versions("index")[0] == version


def test_a_key_that_another_process_used_is_found_though_nobody_told(folder: Path) -> None:
    keyring = FileKeyring(folder)
    write_new(folder, "master")
    assert keyring.get("master", 2).version == 2
    with pytest.raises(KeyringError, match="of version 3 is missing"):
        keyring.get("master", 3)


def test_a_version_that_something_was_made_with_is_never_given_to_another_key(folder: Path) -> None:
    assert write_new(folder, "master", known=7) == 8


def test_no_key_is_made_with_a_number_under_which_it_would_never_be_found(folder: Path) -> None:
    with pytest.raises(KeyringError, match="nothing was made"):
        write_new(folder, "master", known=HIGHEST_VERSION)
    assert FileKeyring(folder).versions("master") == (1,)
    assert write_new(folder, "master", known=HIGHEST_VERSION - 1) == HIGHEST_VERSION
    assert FileKeyring(folder).current("master").version == HIGHEST_VERSION


def test_whoever_looks_at_any_moment_finds_whole_keys(folder: Path) -> None:
    failed: list[Exception] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            try:
                keyring = FileKeyring(folder)
                keyring.get("master", keyring.current("master").version)
            except Exception as error:
                failed.append(error)
                return

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for version in range(2, 80):
        write_new(folder, "master")
        destroy(folder / f"master.{version - 1}.key")
    done.set()
    for thread in threads:
        thread.join()
    assert failed == []


def test_a_destroyed_key_is_overwritten_and_gone(folder: Path) -> None:
    secret = (folder / "master.1.key").read_bytes()
    os.link(folder / "master.1.key", folder.parent / "what-is-on-the-disk")
    write_new(folder, "master")
    keyring = FileKeyring(folder)
    destroy(folder / "master.1.key")
    assert (folder.parent / "what-is-on-the-disk").read_bytes() != secret
    assert {path.name for path in folder.iterdir()} == {"master.2.key", "index.1.key"}
    assert keyring.versions("master") == (2,)


def test_a_destruction_that_was_killed_half_way_is_finished(folder: Path) -> None:
    (folder / "master.1.key").rename(folder / ".master.1.key.destroyed")
    assert finish_destroying(folder) == 1
    assert [path.name for path in folder.iterdir()] == ["index.1.key"]


def test_a_key_is_never_written_over(folder: Path) -> None:
    before = (folder / "master.1.key").read_text()
    with pytest.raises(FileExistsError):
        write_private(folder / "master.1.key", "ab" * 32)
    assert (folder / "master.1.key").read_text() == before
    assert len(list(folder.iterdir())) == 2


def test_a_key_that_is_printed_shows_no_secret(folder: Path) -> None:
    assert repr(Key(1, b"secret")) == str(Key(1, b"secret")) == "Key(version=1)"
    assert "secret" not in repr(FileKeyring(folder).__dict__)
