"""Keys from the environment and from a command: the same keys, and every refusal one sentence."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from helder.conversation.cipher import DataKey
from helder.conversation.errors import KeyringError
from helder.conversation.keyring import FileKeyring, create_missing, write_new
from helder.conversation.keysources import PAUSE_SECONDS, CommandKeyring, EnvironmentKeyring

ONE = f"master.1:{'ab' * 32} index.1:{'cd' * 32}"
Script = Callable[[str], str]


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """Makes a program of a shell script; the answer is the command that runs it."""

    def make(text: str) -> str:
        path = tmp_path / "print keys"
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o700)
        return f"'{path}' --with 'an argument'"

    return make


def written(folder: Path) -> str:
    """The keys of a folder as the environment would give them."""
    names = sorted(folder.glob("*.key"))
    return "\n".join(f"{p.name.removesuffix('.key')}:{p.read_text().strip()}" for p in names)


def test_what_a_key_from_a_file_wrapped_opens_with_the_same_key_from_elsewhere(
    tmp_path: Path, script: Script
) -> None:
    folder = tmp_path / "keys"
    create_missing(folder)
    _, wrapped = DataKey.create(FileKeyring(folder), "gesprek")
    write_new(folder, "master")
    given = EnvironmentKeyring(written(folder))
    asked = CommandKeyring(script(f"cat <<END\n{written(folder)}\nEND"))
    for keyring in (given, asked):
        assert keyring.current("master").version == 2
        assert keyring.versions("master") == (2, 1)
        DataKey.open(keyring, "gesprek", wrapped)


@pytest.mark.parametrize(
    ("material", "sentence"),
    [
        ("", "There is no master key"),
        (f"master.1:{'ab' * 32}", "There is no index key"),
        (f"{ONE} {'ef' * 32}", "something in HELDER_KEY_MATERIAL that is no key"),
        (f"{ONE} master.2:{'ef' * 31}", "that is no key"),
        (f"{ONE} master.2:{'xy' * 32}", "that is no key"),
        (f"{ONE} master.0:{'ef' * 32}", "that is no key"),
        (f"{ONE} master.01:{'ef' * 32}", "that is no key"),
        (f"{ONE} other.1:{'ef' * 32}", "that is no key"),
        (f"{ONE} master.1:{'ef' * 32}", "A version of the master key is twice"),
        (f"{ONE} {ONE}", "A version of the master key is twice"),
        (f"{ONE} master.2:{'ab' * 32}", "Versions 1 and 2 of the master key"),
    ],
)
def test_what_is_no_set_of_keys_is_refused_without_showing_it(
    material: str, sentence: str, script: Script
) -> None:
    for make in (EnvironmentKeyring, lambda text: CommandKeyring(script(f"echo '{text}'"))):
        with pytest.raises(KeyringError) as refused:
            make(material)
        said = str(refused.value).replace("what HELDER_KEYS_COMMAND prints", "HELDER_KEY_MATERIAL")
        assert sentence in said
        assert not any(part in said for part in ("abab", "cdcd", "efef", "xyxy"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"echo {ONE}; echo secret >&2; exit 3", "failed with exit code 3"),
        ("kill -9 $$", "failed with exit code -9"),
        ("true", "There is no master key in what HELDER_KEYS_COMMAND prints"),
        ("head -c 9999 /dev/urandom", "that is no key"),
    ],
)
def test_a_command_that_fails_is_one_sentence_without_what_it_printed(
    script: Script, text: str, sentence: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(KeyringError, match=sentence) as refused:
        CommandKeyring(script(text))
    assert "\n" not in str(refused.value)
    assert not any(part in str(refused.value) for part in ("secret", "abab", "argument"))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("command", ["/nowhere/at/all --token=secret", "'unclosed secret", " "])
def test_a_command_that_is_none_is_one_sentence_without_its_arguments(command: str) -> None:
    with pytest.raises(KeyringError, match="cannot be run") as refused:
        CommandKeyring(command)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("hanging", ["exec sleep 60", "sleep 60 & wait", "cat; sleep 60 &"])
def test_a_command_that_hangs_is_ended_with_all_that_it_started(
    script: Script, hanging: str
) -> None:
    begun = time.monotonic()
    with pytest.raises(KeyringError, match=r"did not end within 0\.3 s"):
        CommandKeyring(script(hanging), patience=0.3)
    assert time.monotonic() - begun < 10


def test_a_command_is_asked_for_a_version_that_was_not_there_but_not_for_each(
    tmp_path: Path, script: Script
) -> None:
    printed, runs, now = tmp_path / "printed", tmp_path / "runs", [0.0]
    printed.write_text(ONE)
    keyring = CommandKeyring(script(f"echo >> {runs}; cat {printed}"), now=lambda: now[0])
    printed.write_text(f"{ONE} master.2:{'ef' * 32}")
    assert keyring.get("master", 2).version == 2
    assert keyring.current("master").version == 2
    for version in range(3, 50):
        with pytest.raises(KeyringError, match="missing in what HELDER_KEYS_COMMAND prints"):
            keyring.get("master", version)
    assert runs.read_text().count("\n") == 2
    now[0] += PAUSE_SECONDS
    printed.write_text(f"{ONE} master.3:{'ef' * 32}")
    assert keyring.get("master", 3).version == 3
    assert runs.read_text().count("\n") == 3
