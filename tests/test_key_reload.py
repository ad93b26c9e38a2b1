"""Keys change under four running processes, and come from elsewhere; everybody goes on talking."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import psutil

from helder.conversation.wrappings import CONVERSATIONS
from helder.database import connect
from helder.handoff.messages import LEFT_MESSAGES
from tests.desk.visitor import Visitor
from tests.installed import Installed, succeeded
from tests.running import PATIENCE, Running, Talk, running
from tests.staffed import somebodys_session

KEYS = f"master.1:{'1a' * 32} index.1:{'1b' * 32}"


def versions(stack: Running) -> tuple[dict[int, int], dict[int, int]]:
    """How many conversations and left messages are wrapped with each version."""
    engine = connect(stack.settings.database_url)
    found = CONVERSATIONS.versions(engine), LEFT_MESSAGES.versions(engine)
    engine.dispose()
    return found


def leave_a_message(talk: Talk) -> str:
    """Through the gateway, Rasa and the actions; the answer is the reference."""
    talk.say("I want to speak to a human being")
    talk.say("My parcel arrived broken.")
    taken = " ".join(talk.say("jane@example.com"))
    found = re.search(r"KD-[0-9A-Z]{4}-[0-9A-Z]{2}", taken)
    assert found, taken
    return found[0]


def goes_on(talk: Talk) -> None:
    """An answer comes, and all that was said before is there."""
    before = len(talk.read())
    assert talk.say("are you a robot?")
    assert len(talk.read()) >= before + 2


def is_read_at_the_desk(stack: Running, reference: str) -> None:
    with httpx.Client(base_url=stack.desk_url, timeout=PATIENCE, trust_env=False) as client:
        visitor = Visitor(client).sign_in(somebodys_session(stack.settings))
        page = visitor.get(f"/messages/{reference}")
        assert "My parcel arrived broken." in page.text, page.status_code


def shows_no_secret(stack: Running, *secrets: str) -> None:
    """Neither in the list of processes nor in any log."""
    for pid in stack.stack.pids().values():
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        arguments = " ".join(" ".join(process.cmdline()) for process in family)
        assert not [secret for secret in secrets if secret in arguments]
    for path in (stack.settings.var / "log").iterdir():
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not [secret for secret in secrets if secret in text], path.name


def test_a_key_is_rotated_wrapped_anew_and_destroyed_and_nobody_is_restarted(
    tmp_path: Path,
) -> None:
    house = Installed(tmp_path / "var")
    with running(house.var) as stack:
        pids = stack.stack.pids()
        old = stack.talk("en")
        first = leave_a_message(old)
        assert versions(stack) == ({1: 1}, {1: 1})

        succeeded(house.helder("keys", "rotate"))
        new = stack.talk("en")
        second = leave_a_message(new)
        goes_on(old)
        assert versions(stack) == ({1: 1, 2: 1}, {1: 1, 2: 1})

        succeeded(house.helder("keys", "rewrap"))
        assert versions(stack) == ({2: 2}, {2: 2})
        goes_on(old)

        house.age_keys()
        secret = (house.settings.keys / "master.1.key").read_text().strip()
        succeeded(house.helder("keys", "retire", "1"))
        assert not (house.settings.keys / "master.1.key").exists()
        for talk in (old, new, stack.talk("nl")):
            goes_on(talk)
        for reference in (first, second, leave_a_message(stack.talk("en"))):
            is_read_at_the_desk(stack, reference)
        assert set(versions(stack)[0]) == set(versions(stack)[1]) == {2}
        assert stack.stack.pids() == pids

        succeeded(house.helder("keys", "rotate", "index"))
        is_read_at_the_desk(stack, leave_a_message(new))
        shows_no_secret(stack, secret, (house.settings.keys / "master.2.key").read_text().strip())
    assert "as it was written" in succeeded(house.helder("log", "verify"))


def test_keys_come_from_the_environment_and_then_from_a_command(tmp_path: Path) -> None:
    var = tmp_path / "var"
    given = {"HELDER_KEYS_FROM": "environment", "HELDER_KEY_MATERIAL": KEYS}
    with running(var, **given) as stack:
        old = stack.talk("en")
        first = leave_a_message(old)
        assert not list(stack.settings.keys.glob("*.[0-9].key"))
        shows_no_secret(stack, "1a1a", "1b1b")

    script = tmp_path / "vault"
    script.write_text(f"#!/bin/sh\necho '{KEYS} master.2:{'2a' * 32}'\n")
    script.chmod(0o700)
    asked = {"HELDER_KEYS_FROM": "command", "HELDER_KEYS_COMMAND": f"{script} --token=hunter2"}
    with running(var, **asked) as stack:
        client = httpx.Client(base_url=stack.gateway_url, timeout=PATIENCE, trust_env=False)
        again = Talk(client, old.conversation, old.token, "en", seen=old.seen)
        goes_on(again)
        second = leave_a_message(stack.talk("en"))
        for reference in (first, second):
            is_read_at_the_desk(stack, reference)
        assert versions(stack) == ({1: 1, 2: 1}, {1: 1, 2: 1})
        succeeded(Installed(var, asked).helder("keys", "rewrap"))
        assert versions(stack) == ({2: 2}, {2: 2})
        goes_on(again)
        shows_no_secret(stack, "1a1a", "1b1b", "2a2a", "hunter2")
