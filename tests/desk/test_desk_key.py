"""The access key: made once, private, shown on command only."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from helder import keyfiles
from helder.conversation.errors import KeyringError
from helder.desk.sessions import Sessions

ROOT = Path(__file__).parents[2]


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


def test_a_new_key_signs_everybody_out(keys: Path) -> None:
    from helder.desk.errors import SessionOver

    old = Sessions(keyfiles.desk_key(keys))
    cookie = old.cookie(old.begin())
    assert old.resume(cookie)
    with pytest.raises(SessionOver):
        Sessions("another key" * 4).resume(cookie)


def run(*arguments: str, keys: Path) -> subprocess.CompletedProcess[str]:
    environment = {n: value for n, value in os.environ.items() if not n.startswith("HELDER_")}
    return subprocess.run(
        [sys.executable, "-m", "helder.cli", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment | {"HELDER_VAR": str(keys.parent)},
        timeout=60,
        check=False,
    )


def test_the_command_prints_the_key_and_nothing_else(keys: Path) -> None:
    done = run("desk-key", keys=keys)
    assert (done.returncode, done.stdout, done.stderr) == (0, keyfiles.desk_key(keys) + "\n", "")


def test_without_a_key_the_command_says_what_to_do(keys: Path) -> None:
    (keys / "desk.key").unlink()
    done = run("desk-key", keys=keys)
    assert (done.returncode, done.stdout) == (1, "")
    assert "desk.key is missing; `helder run` makes a new one." in done.stderr
