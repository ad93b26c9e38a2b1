"""A process of ours that crashes tells where, and leaves nothing of its memory on the disk."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECRET = "Sanne Kruisveldhoek"
CRASH = """
import ctypes, os, resource, sys
from helder import logs, settings
if sys.argv[1] == "ours":
    logs.configure(settings.load({}), "probe")
held = "".join(["Sanne ", "Kruis", "veld", "hoek"])
print(resource.getrlimit(resource.RLIMIT_CORE)[0], ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
sys.stdout.flush()
os.kill(os.getpid(), int(sys.argv[2]))
"""


def crash(folder: Path, whose: str, number: int) -> subprocess.CompletedProcess[bytes]:
    """A process that holds a secret and crashes in this folder, where core dumps are allowed."""
    most = resource.getrlimit(resource.RLIMIT_CORE)[1]
    return subprocess.run(
        [sys.executable, "-c", CRASH, whose, str(int(number))],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (most, most)),
        capture_output=True,
        check=False,
    )


def dumped(folder: Path) -> bool:
    """Is the secret in a file here?"""
    return any(SECRET.encode() in path.read_bytes() for path in folder.iterdir())


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS])
def test_a_crash_leaves_no_core_dump_and_tells_where_it_happened(
    tmp_path: Path, number: signal.Signals
) -> None:
    done = crash(tmp_path, "ours", number)
    assert done.returncode == -number
    assert done.stdout.split() == [b"0", b"0" if sys.platform == "linux" else b"-1"]
    assert b"Fatal Python error" in done.stderr
    assert SECRET.encode() not in done.stdout + done.stderr
    assert list(tmp_path.iterdir()) == []


def test_without_this_a_crash_would_leave_all_of_its_memory(tmp_path: Path) -> None:
    done = crash(tmp_path, "anybody's", signal.SIGSEGV)
    limit, may_be_dumped = map(int, done.stdout.split())
    pattern = Path("/proc/sys/kernel/core_pattern")
    into_files = pattern.exists() and not pattern.read_text().startswith(("|", "/"))
    # Where dumps go elsewhere, or are forbidden to us altogether, there is nothing to see here.
    assert may_be_dumped == (1 if sys.platform == "linux" else -1)
    assert dumped(tmp_path) == (into_files and limit != 0)
