"""Starts Helder's processes, waits until each is ready, restarts what dies, stops them cleanly.

A process leads a group of its own, so that Ctrl-C in a terminal reaches only the supervisor and
stopping reaches all that a process started. On Linux the kernel ends the processes when the
supervisor itself is killed (prctl(2), PR_SET_PDEATHSIG): none is left behind.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

from helder import keyfiles
from helder.child import Child, Process
from helder.probe import is_ready, refuse_taken_ports
from helder.refusal import Refusal
from helder.runlock import RunLock
from helder.settings import Settings, process_environment

# What has read policies/ at its start and does not read it again: texts, notice, retention.
RENEWED = ("gateway", "desk")


class SupervisorError(Refusal):
    """Helder cannot start or go on; the message is a sentence that says what to do."""


class StartStopped(Exception):
    """Somebody asked to stop before everything was ready."""


@dataclass(frozen=True)
class Pace:
    """How patient the supervisor is, in seconds. More than `restarts` in `window` is too many."""

    poll: float = 0.1
    start: float = 180
    back_off: float = 0.5
    longest_back_off: float = 8
    restarts: int = 5
    window: float = 60
    grace: float = 10


def helder_processes(settings: Settings) -> tuple[Process, ...]:
    """The four of DESIGN.md §7, those behind first."""

    def process(name: str, module: str, port: int, health: str) -> Process:
        command = (sys.executable, "-m", module)
        return Process(name, command, port, health, f"HELDER_{name.upper()}_PORT")

    return (
        process("actions", "actions", settings.actions_port, "/health"),
        process("rasa", "helder.brain.serve", settings.rasa_port, "/webhooks/helder/health"),
        process("gateway", "helder.gateway", settings.gateway_port, "/healthz"),
        process("desk", "helder.desk", settings.desk_port, "/healthz"),
    )


class Stack:
    """All processes together. As a context manager it starts them, tends them and stops them.

    `say` gets one line per step. Only one stack runs per `settings.var`.
    """

    def __init__(
        self,
        settings: Settings,
        processes: tuple[Process, ...] | None = None,
        *,
        say: Callable[[str], None] = print,
        pace: Pace | None = None,
    ) -> None:
        chosen = helder_processes(settings) if processes is None else processes
        logs = settings.var / "log"
        self._settings = settings
        self._children = [Child(each, logs / f"{each.name}.log") for each in chosen]
        self._say = say
        self._pace = pace or Pace()
        self._asked = 0
        self._renew = False
        self._lock = threading.RLock()
        self._run_lock = RunLock(settings.var)
        self._environment: dict[str, str] = {}
        self._tender: threading.Thread | None = None

    def __enter__(self) -> Stack:
        self.start()
        self._tender = threading.Thread(target=self._tend_until_asked, daemon=True)
        self._tender.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start all processes and wait until each is ready.

        Raises:
            SupervisorError: a port is in use, or a process ended or hung at its start.
            KeyringError: the secret of internal calls is missing.
            AlreadyRunning: another supervisor runs on the same folder.
            StartStopped: `ask_to_stop` was called meanwhile.
        """
        self._run_lock.acquire()
        try:
            wanted = [(c.process.name, c.process.port, c.process.setting) for c in self._children]
            refuse_taken_ports(wanted, SupervisorError)
            secret = keyfiles.internal_secret(self._settings.keys)
            self._environment = process_environment(self._settings, secret)
            for child in self._children:
                self._spawn(child)
            while not all(child.ready for child in self._children):
                if self._asked:
                    raise StartStopped
                self._tend(starting=True)
                time.sleep(self._pace.poll)
        except BaseException:
            self.stop()
            raise

    def wait(self) -> None:
        """Tend the processes until somebody asks to stop.

        Raises:
            SupervisorError: a process died too often.
        """
        while not self._asked:
            self._tend()
            time.sleep(self._pace.poll)

    def ask_to_stop(self, *_signal: int | FrameType | None) -> None:
        """Stop soon; asked twice, at once. Safe in a signal handler: it takes no lock."""
        self._asked += 1

    def ask_to_renew(self, *_signal: int | FrameType | None) -> None:
        """Soon end those that speak texts of policies/, and start them again. Takes no lock."""
        self._renew = True

    def stop(self) -> None:
        """End every process: politely, then after the grace without asking."""
        tender, self._tender = self._tender, None
        self._asked = max(self._asked, 1)
        if tender is not None and tender is not threading.current_thread():
            tender.join()
        with self._lock:
            for child in self._children:
                child.signal(signal.SIGTERM)
            deadline = time.monotonic() + self._pace.grace
            while any(child.is_alive for child in self._children):
                if time.monotonic() >= deadline or self._asked > 1:
                    break
                time.sleep(self._pace.poll)
            for child in self._children:
                child.bury()
            self._run_lock.release()
        self._asked = 0  # it may be started again

    def kill(self, name: str) -> None:
        """End one process without warning, as a crash would; it is restarted."""
        with self._lock:
            for child in self._children:
                if child.process.name == name:
                    child.signal(signal.SIGKILL)

    def pids(self) -> dict[str, int]:
        """The processes that run now, by name."""
        with self._lock:
            return {c.process.name: c.running.pid for c in self._children if c.running}

    def _tend_until_asked(self) -> None:
        try:
            self.wait()
        except SupervisorError as error:
            self._say(str(error))
            self.stop()

    def _tend(self, *, starting: bool = False) -> None:
        with self._lock:
            if self._renew:
                self._renew = False
                for child in self._children:
                    child.leaving = child.process.name in RENEWED
                    if child.leaving:
                        child.signal(signal.SIGTERM)
            for child in self._children:
                if child.running is None:
                    if time.monotonic() >= child.again_at:
                        self._spawn(child)
                elif not child.is_alive:
                    self._mourn(child, starting=starting)
                elif not child.ready:
                    self._look(child)

    def _spawn(self, child: Child) -> None:
        child.start(self._settings.project, self._environment)

    def _look(self, child: Child) -> None:
        elapsed = time.monotonic() - child.started
        if is_ready(child.process.port, child.process.health):
            child.ready = True
            self._say(f"✓ {child.process.name} is ready ({elapsed:.1f} s)")
        elif elapsed > self._pace.start:
            self._say(f"! {child.process.name} does not answer after {elapsed:.0f} s")
            child.signal(signal.SIGKILL)

    def _mourn(self, child: Child, *, starting: bool) -> None:
        name, how = child.process.name, child.bury()
        if child.leaving:
            child.leaving, child.again_at = False, 0
            return
        if starting:
            last = "".join(f"\n  {line}" for line in child.last_lines())
            raise SupervisorError(f"{name} ended at its start ({how}); see {child.log}.{last}")
        now, pace = time.monotonic(), self._pace
        child.deaths = [death for death in child.deaths if now - death < pace.window] + [now]
        count = len(child.deaths)
        if count > pace.restarts:
            raise SupervisorError(
                f"{name} ended {count} times within {pace.window:g} s ({how}), so everything is "
                f"stopped; read {child.log}, mend it and start again."
            )
        delay = min(pace.back_off * 2 ** (count - 1), pace.longest_back_off)
        self._say(f"! {name} ended ({how}); it is started again in {delay:g} s")
        child.again_at = now + delay


def run(stack: Stack, ready: Callable[[], None]) -> None:
    """Run until Ctrl-C, SIGTERM or a closed terminal; a second one ends everything at once.

    Raises:
        SupervisorError: as `Stack.start` and `Stack.wait`.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup asks to live on
            signal.signal(number, stack.ask_to_stop)
    signal.signal(signal.SIGUSR1, stack.ask_to_renew)
    with contextlib.suppress(StartStopped):  # somebody asked for it: no fault
        try:
            stack.start()
            ready()
            stack.wait()
        finally:
            stack.stop()
