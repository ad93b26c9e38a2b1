"""The key that the desk signs with: made once, and private."""

from __future__ import annotations

from pathlib import Path

import pytest

from helder import keyfiles
from helder.conversation.errors import KeyringError
from helder.desk.errors import SessionOver
from helder.desk.signing import Signing


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    keyfiles.prepare(tmp_path / "var" / "keys", make_keys=True)
    return tmp_path / "var" / "keys"


def test_the_first_run_makes_a_key_that_only_the_owner_can_read(keys: Path) -> None:
    assert (keys / "desk.key").stat().st_mode & 0o777 == 0o600
    assert len(keyfiles.desk_key(keys)) >= 43  # 256 bits


def test_a_later_run_keeps_the_key_and_makes_a_lost_one_anew(keys: Path) -> None:
    before = keyfiles.desk_key(keys)
    assert keyfiles.prepare(keys, make_keys=False) == []
    assert keyfiles.desk_key(keys) == before
    (keys / "desk.key").unlink()
    assert keyfiles.prepare(keys, make_keys=False) == [keys / "desk.key"]
    assert keyfiles.desk_key(keys) != before


def test_a_key_that_others_can_read_is_refused(keys: Path) -> None:
    (keys / "desk.key").chmod(0o644)
    with pytest.raises(KeyringError, match="chmod 600"):
        keyfiles.desk_key(keys)
    with pytest.raises(KeyringError, match="chmod 600"):
        keyfiles.prepare(keys, make_keys=False)


@pytest.mark.parametrize("content", [b"", b"short\n", b"\xff" * 60])
def test_a_damaged_key_is_refused(keys: Path, content: bytes) -> None:
    (keys / "desk.key").write_bytes(content)
    with pytest.raises(KeyringError, match="damaged"):
        keyfiles.desk_key(keys)


def test_a_new_key_makes_what_was_signed_before_worthless(keys: Path) -> None:
    old, new = Signing(keyfiles.desk_key(keys)), Signing("another key" * 4)
    token, cookie = old.form_token("somebody"), old.cookie(old.begin("anna-id", 1))
    assert old.is_form_token("somebody", token)
    assert not new.is_form_token("somebody", token)
    assert old.resume(cookie).employee == "anna-id"
    with pytest.raises(SessionOver):
        new.resume(cookie)
