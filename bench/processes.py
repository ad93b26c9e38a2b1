"""The processes that are measured: run to their end, or started and ended."""

from __future__ import annotations

import contextlib
import resource
import shutil
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.failure import BenchFailed
from bench.numbers import Cost
from helder.child import Child, Process

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Memory:
    """In megabytes: all that is resident, and the same with shared pages divided by their users.

    `pss` is None where the system does not tell it.
    """

    rss: float
    pss: float | None


def free_ports(count: int) -> list[int]:
    """Ports that nobody uses now."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def copy_without(source: Path, target: Path, *left_out: str) -> None:
    """Copy a folder without caches, hidden files and what is named."""
    ignored = shutil.ignore_patterns(".*", "__pycache__", *left_out)
    shutil.copytree(source, target, ignore=ignored, dirs_exist_ok=True)


def time_command(
    name: str, command: tuple[str, ...], folder: Path, environment: Mapping[str, str], log: Path
) -> Cost:
    """What a command takes from its start to its end, with all that it starts.

    Raises:
        BenchFailed: it failed.
    """
    child = Child(Process(name, command, 0, "", ""), log)
    begun, before = time.perf_counter(), _cpu_of_ended()
    with _running(child, folder, environment):
        assert child.running is not None
        code = child.running.wait()
        elapsed = time.perf_counter() - begun
    if code != 0:
        raise died(child, f"exit code {code}")
    return Cost(elapsed, _cpu_of_ended() - before)


@contextmanager
def server(
    process: Process, folder: Path, environment: Mapping[str, str], log: Path
) -> Iterator[Child]:
    """A process that serves until the block ends."""
    with _running(child := Child(process, log), folder, environment):
        yield child


def died(child: Child, how: str) -> BenchFailed:
    """Why a process ended that should not have."""
    last = " · ".join(child.last_lines()[-2:]) or "it printed nothing"
    return BenchFailed(f"{child.process.name} ended by itself ({how}): {last}")


def cpu(*pids: int) -> float:
    """Seconds of processor time that these processes and their children have used so far."""
    return sum(sum(process.cpu_times()[:4]) for process in _family(pids))


def memory(*pids: int) -> Memory:
    """What these processes and their children hold together."""
    infos = []
    for process in _family(pids):
        with contextlib.suppress(psutil.NoSuchProcess):  # it ended while we looked
            infos.append(process.memory_full_info())
    shares = [getattr(info, "pss", None) for info in infos]
    known = [share for share in shares if share is not None]
    return Memory(
        rss=sum(info.rss for info in infos) / MEGABYTE,
        pss=sum(known) / MEGABYTE if len(known) == len(infos) else None,
    )


def _family(pids: tuple[int, ...]) -> set[psutil.Process]:
    parents = [psutil.Process(pid) for pid in pids]
    return {p for parent in parents for p in (parent, *parent.children(recursive=True))}


def _cpu_of_ended() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def _running(child: Child, folder: Path, environment: Mapping[str, str]) -> Iterator[None]:
    child.start(folder, environment)
    try:
        yield
    finally:
        child.bury()
