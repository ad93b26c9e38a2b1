"""The supervisor, with real processes: small HTTP servers that behave as they are told."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from helder import keyfiles, settings
from helder.child import Process
from helder.runlock import AlreadyRunning, RunLock
from helder.supervisor import Pace, Stack, SupervisorError, helder_processes

ROOT = Path(__file__).resolve().parent.parent
FAST = Pace(poll=0.01, start=20, back_off=0.01, longest_back_off=0.02, grace=5)

SERVER = """
import http.server, os, signal, subprocess, sys
port, behaviour = int(sys.argv[1]), sys.argv[2]
if behaviour == "dies":
    print("a first line"); sys.exit("The setting HELDER_X is missing.")
if behaviour == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if behaviour == "parent":
    subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(600)"])
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        good = self.path == "/healthz" and behaviour != "never"
        self.send_response(200 if good else 503)
        self.end_headers()
        self.wfile.write(os.environ.get("HELDER_GATEWAY_PORT", "").encode())
    def log_message(self, *args):
        pass
class Server(http.server.HTTPServer):
    allow_reuse_address = True
Server(("127.0.0.1", port), Handler).serve_forever()
"""


@pytest.fixture
def chosen(tmp_path: Path) -> settings.Settings:
    environment = {"HELDER_VAR": str(tmp_path / "var"), "HELDER_GATEWAY_PORT": "18080"}
    made = settings.load(environment)
    keyfiles.prepare(made.keys, make_keys=True)
    return made


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fake(name: str, behaviour: str = "serves", port: int | None = None) -> Process:
    port = port or free_port()
    command = (sys.executable, "-S", "-c", SERVER, str(port), behaviour)
    return Process(name, command, port, "/healthz", f"HELDER_{name.upper()}_PORT")


def until(condition: Callable[[], object], seconds: float = 20) -> None:
    """Wait for something that other processes do; fail when it does not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_it_says_when_each_process_is_ready_and_stops_them_all(chosen: settings.Settings) -> None:
    one, two, said = fake("one"), fake("two"), list[str]()
    with Stack(chosen, (one, two), say=said.append, pace=FAST) as stack:
        pids = stack.pids()
        assert answers(one.port)
        assert answers(two.port)
    assert sorted(line.split(" (")[0] for line in said) == ["✓ one is ready", "✓ two is ready"]
    assert not any(psutil.pid_exists(pid) for pid in pids.values())
    assert not answers(one.port)


def test_a_process_gets_our_settings_and_not_those_around_us(
    chosen: settings.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HELDER_GATEWAY_PORT", "9")
    probe = fake("one")
    with Stack(chosen, (probe,), say=lambda _: None, pace=FAST):
        address = f"http://127.0.0.1:{probe.port}/healthz"
        assert urllib.request.urlopen(address).read() == b"18080"


def test_a_process_that_dies_is_started_again(chosen: settings.Settings) -> None:
    said: list[str] = []
    with Stack(chosen, (fake("one"),), say=said.append, pace=FAST) as stack:
        first = stack.pids()["one"]
        stack.kill("one")
        until(lambda: len(said) == 3)
        assert stack.pids()["one"] != first
    assert said[1] == "! one ended (signal 9); it is started again in 0.01 s"
    assert said[2].startswith("✓ one is ready")


def test_a_process_that_dies_again_and_again_stops_everything(chosen: settings.Settings) -> None:
    said: list[str] = []
    other = fake("other")
    pace = Pace(poll=0.01, back_off=0.01, restarts=2, grace=5)
    with Stack(chosen, (fake("one"), other), say=said.append, pace=pace) as stack:
        for ready in (2, 4, 6):
            until(lambda ready=ready: len(said) >= ready)
            stack.kill("one")
        until(lambda: "everything is stopped" in said[-1])
        until(lambda: not answers(other.port))
    assert said[-1].startswith("one ended 3 times within 60 s (signal 9)")


def test_a_process_that_dies_at_its_start_is_quoted(chosen: settings.Settings) -> None:
    serving = fake("serving")
    stack = Stack(chosen, (serving, fake("broken", "dies")), say=lambda _: None, pace=FAST)
    with pytest.raises(SupervisorError, match="broken ended at its start") as error:
        stack.start()
    assert str(error.value).endswith("  a first line\n  The setting HELDER_X is missing.")
    assert not answers(serving.port)


def test_a_process_that_never_gets_ready_is_given_up(chosen: settings.Settings) -> None:
    said: list[str] = []
    pace = Pace(poll=0.01, start=0.3, grace=5)
    stack = Stack(chosen, (fake("one", "never"),), say=said.append, pace=pace)
    with pytest.raises(SupervisorError, match="signal 9"):
        stack.start()
    assert "does not answer" in said[0]


def test_a_port_in_use_is_named_with_the_setting_to_change(chosen: settings.Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        stack = Stack(chosen, (fake("desk", port=port),), say=lambda _: None, pace=FAST)
        with pytest.raises(SupervisorError, match=f"Port {port}.*HELDER_DESK_PORT"):
            stack.start()
    assert stack.pids() == {}


def test_one_port_for_two_processes_is_refused(chosen: settings.Settings) -> None:
    port = free_port()
    stack = Stack(chosen, (fake("one", port=port), fake("two", port=port)), pace=FAST)
    with pytest.raises(SupervisorError, match="is set for one and two; change HELDER_TWO_PORT"):
        stack.start()


def test_a_deaf_process_is_ended_after_the_grace(chosen: settings.Settings) -> None:
    pace = Pace(poll=0.01, grace=0.2)
    with Stack(chosen, (fake("one", "deaf"),), say=lambda _: None, pace=pace) as stack:
        pid = stack.pids()["one"]
    assert not psutil.pid_exists(pid)


def test_what_a_process_started_ends_with_it(chosen: settings.Settings) -> None:
    with Stack(chosen, (fake("one", "parent"),), say=lambda _: None, pace=FAST) as stack:
        grandchildren = psutil.Process(stack.pids()["one"]).children()
        assert len(grandchildren) == 1
    until(lambda: not grandchildren[0].is_running() or is_zombie(grandchildren[0]))


def is_zombie(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def test_a_second_start_on_the_same_folder_is_refused(chosen: settings.Settings) -> None:
    with Stack(chosen, (fake("one"),), say=lambda _: None, pace=FAST):
        second = Stack(chosen, (fake("one"),), say=lambda _: None, pace=FAST)
        with pytest.raises(AlreadyRunning, match=str(os.getpid())):
            second.start()
        assert RunLock(chosen.var).holder() == os.getpid()
    assert RunLock(chosen.var).holder() is None


def test_a_pid_file_that_was_left_behind_means_nothing(chosen: settings.Settings) -> None:
    (chosen.var / "run.pid").write_text("1")
    assert RunLock(chosen.var).holder() is None
    with Stack(chosen, (fake("one"),), say=lambda _: None, pace=FAST):
        assert RunLock(chosen.var).holder() == os.getpid()


def test_a_stack_can_be_started_again(chosen: settings.Settings) -> None:
    stack = Stack(chosen, (fake("one"),), say=lambda _: None, pace=FAST)
    for _ in range(2):
        with stack:
            assert stack.pids()


def test_a_large_log_is_set_aside(chosen: settings.Settings) -> None:
    folder = chosen.var / "log"
    folder.mkdir()
    with (folder / "one.log").open("wb") as log:
        log.truncate(10_000_001)
    with Stack(chosen, (fake("one"),), say=lambda _: None, pace=FAST):
        assert (folder / "one.log").stat().st_size == 0
    assert (folder / "one.log.1").stat().st_size == 10_000_001
    assert (folder / "one.log").stat().st_mode & 0o777 == 0o600


RUNNER = """
import os, sys
# As in a terminal, also where the tests themselves were started with nohup or in the background.
import signal
for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(each, signal.default_int_handler if each == signal.SIGINT else signal.SIG_DFL)
sys.path.insert(0, {root!r})
from helder import settings, supervisor
from helder.child import Process
port, behaviour, server = int(sys.argv[1]), sys.argv[2], sys.argv[3]
command = (sys.executable, "-S", "-c", server, str(port), behaviour)
one = Process("one", command, port, "/healthz", "HELDER_ONE_PORT")
pace = supervisor.Pace(poll=0.01, grace=30)
say = lambda line: print(line, flush=True)
stack = supervisor.Stack(settings.load(), (one,), say=say, pace=pace)
def ready():
    print("up", stack.pids()["one"], flush=True)
print("begun", flush=True)
supervisor.run(stack, ready)
print("stopped", flush=True)
"""


@pytest.fixture
def runner(chosen: settings.Settings) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts the supervisor in a process of its own, as `helder run` does."""
    started: list[subprocess.Popen[str]] = []

    def start(behaviour: str, port: int) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", RUNNER.format(root=str(ROOT)), str(port), behaviour, SERVER],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"HELDER_VAR": str(chosen.var)},
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def line_with(process: subprocess.Popen[str], word: str) -> str:
    assert process.stdout is not None
    return next(line for line in process.stdout if word in line)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_cleanly(
    runner: Callable[..., subprocess.Popen[str]], number: signal.Signals
) -> None:
    port = free_port()
    process = runner("serves", port)
    line_with(process, "up")
    process.send_signal(number)
    assert "stopped" in line_with(process, "stopped")
    assert process.wait(20) == 0
    assert not answers(port)


def test_ctrl_c_during_the_start_stops_everything(
    runner: Callable[..., subprocess.Popen[str]], chosen: settings.Settings
) -> None:
    process = runner("never", free_port())
    until(lambda: psutil.Process(process.pid).children())
    children = psutil.Process(process.pid).children()
    process.send_signal(signal.SIGINT)
    line_with(process, "stopped")
    assert process.wait(20) == 0
    assert not any(child.is_running() for child in children)


def test_ctrl_c_pressed_twice_does_not_wait_for_a_deaf_process(
    runner: Callable[..., subprocess.Popen[str]],
) -> None:
    port = free_port()
    process = runner("deaf", port)
    line_with(process, "up")
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    until(lambda: not process.poll() and time.monotonic() - begun > 0.2)
    process.send_signal(signal.SIGINT)
    line_with(process, "stopped")
    assert time.monotonic() - begun < 15
    assert not answers(port)


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG is Linux's")
def test_no_process_outlives_a_supervisor_that_was_killed(
    runner: Callable[..., subprocess.Popen[str]],
) -> None:
    port = free_port()
    process = runner("serves", port)
    line_with(process, "up")
    process.kill()
    process.wait()
    until(lambda: not answers(port))


def test_the_four_processes_are_ours_on_the_ports_that_were_set(
    chosen: settings.Settings,
) -> None:
    named = {process.name: process for process in helder_processes(chosen)}
    assert list(named) == ["actions", "rasa", "gateway", "desk"]
    assert named["gateway"].port == 18080
    assert all(process.setting in known_settings() for process in named.values())


def known_settings() -> set[str]:
    return {f"HELDER_{setting.name.upper()}" for setting in settings.SETTINGS}


def test_what_reads_policies_at_its_start_is_started_anew_when_asked(
    chosen: settings.Settings,
) -> None:
    said: list[str] = []
    with Stack(chosen, (fake("gateway"), fake("rasa")), say=said.append, pace=FAST) as stack:
        before = stack.pids()
        stack.ask_to_renew()
        until(lambda: len(said) == 3)
        after = stack.pids()
    assert after["gateway"] != before["gateway"]
    assert after["rasa"] == before["rasa"]
    assert said[2].startswith("✓ gateway is ready"), "it did not die: nobody is told so"
