"""`python -m helder.desk`, as the supervisor starts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from helder.conversation.clock import utc_now
from helder.probe import is_ready

from .conftest import PASSWORD, House, MovedClock, found
from .visitor import Visitor

ROOT = Path(__file__).parents[2]


def start(house: House, log: Path) -> subprocess.Popen[bytes]:
    environment = {n: value for n, value in os.environ.items() if not n.startswith("HELDER_")}
    environment |= {
        "HELDER_VAR": str(house.settings.var),
        "HELDER_DESK_PORT": str(house.settings.desk_port),
        "HELDER_LOG_LEVEL": "debug",
    }
    command = [sys.executable, "-m", "helder.desk"]
    with log.open("ab") as out:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)


def await_ready(process: subprocess.Popen[bytes], house: House, log: Path) -> None:
    deadline = time.monotonic() + 30
    while not is_ready(house.settings.desk_port, "/healthz"):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()


def test_it_serves_a_whole_day_and_its_log_holds_no_secret_and_no_word(tmp_path: Path) -> None:
    house, log = found(tmp_path), tmp_path / "desk.log"
    house.clock = MovedClock(utc_now())  # the process has the true one
    house.leave(text="My very own words", contact="anna@example.com")
    process = start(house, log)
    try:
        await_ready(process, house, log)
        with httpx.Client(base_url=house.url, trust_env=False, timeout=60) as client:
            agent = Visitor(client)
            anna = house.hire()
            agent.try_password("anna", "a wrong password")
            agent.try_password("anna", PASSWORD)
            house.clock.now = utc_now()
            agent.try_code(anna.recovery[0])
            cookie = client.cookies["helder-desk"]
            here = "/messages/KD-7F3K-9Q"
            assert "My very own words" in agent.get(here).text
            agent.press(here, f"{here}/handled")
            assert house.is_handled("KD-7F3K-9Q")
            agent.get("/messages/find?reference=typed-by-somebody")
        process.send_signal(signal.SIGKILL)
        process.wait(20)
        process = start(house, log)
        await_ready(process, house, log)
        with httpx.Client(
            base_url=house.url, cookies={"helder-desk": cookie}, trust_env=False, timeout=60
        ) as client:
            assert Visitor(client).is_signed_in()  # a restart signs nobody out
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    finally:
        process.kill()
        process.wait()
        house.engine.dispose()
    written = log.read_text()
    assert "signed_in" in written
    assert "sign_in_refused" in written
    for secret in (PASSWORD, anna.secret, cookie, "very own", "anna", "a wrong", "typed-by"):
        assert secret not in written


@pytest.mark.parametrize("name", ["desk.key", "master.1.key"])
def test_without_a_key_it_does_not_start(tmp_path: Path, name: str) -> None:
    house, log = found(tmp_path), tmp_path / "desk.log"
    house.engine.dispose()
    (house.settings.keys / name).unlink()
    process = start(house, log)
    assert process.wait(30) != 0
