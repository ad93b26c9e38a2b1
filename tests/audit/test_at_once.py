"""Many processes and threads record at once: no gap, no fork, on either database."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

from sqlalchemy.engine import Engine

from helder.audit.acts import Act
from helder.audit.audit import Audit
from helder.audit.sighting import FileAuditAnchor
from helder.settings import PROJECT

PROCESSES, THREADS, EACH = 4, 2, 25
PATIENCE = 120.0

# A process that begins to record when it is told to, in several threads, alone and in transactions
# of others. The audit may be empty: then all of them try to begin it.
RECORDER = """
import sys, threading
from pathlib import Path
from helder.audit.acts import Act
from helder.audit.audit import Audit
from helder.audit.sighting import FileAuditAnchor
from helder.conversation.keyring import FileKeyring
from helder.database import connect

url, folder, name = sys.argv[1:4]
threads, each = map(int, sys.argv[4:])
engine, folder = connect(url), Path(folder)
audit = Audit(engine, FileKeyring(folder / "keys"), anchor=FileAuditAnchor(folder / "anchor.db"))

def run(thread):
    for turn in range(each):
        about = (f"process {name}", f"thread {thread}")
        if turn % 2:
            audit.record(Act.VIEW, *about, turn=turn)
        else:
            with engine.begin() as connection:
                audit.record(Act.VIEW, *about, connection=connection, turn=turn)
            audit.settle()

print("ready", flush=True)
sys.stdin.readline()
workers = [threading.Thread(target=run, args=(thread,)) for thread in range(threads)]
[worker.start() for worker in workers]
[worker.join() for worker in workers]
"""


def test_processes_and_threads_that_record_at_once_make_one_chain(
    audit: Audit, database: str, tmp_path: Path, engine: Engine, anchor: FileAuditAnchor
) -> None:
    arguments = (database, str(tmp_path))
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", RECORDER, *arguments, str(number), str(THREADS), str(EACH)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=PROJECT,
            env={**os.environ},
        )
        for number in range(PROCESSES)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        _out, told = process.communicate(timeout=PATIENCE)
        assert (process.returncode, told) == (0, "")
    total = PROCESSES * THREADS * EACH
    found = audit.verify()
    assert (found.whole, found.count) == (True, total), found.sentence
    entries = audit.entries(limit=total + 1)
    assert [each.number for each in entries] == list(range(total, 0, -1))
    turns = Counter((each.actor, each.subject, each.detail["turn"]) for each in entries)
    assert len(turns) == total
    seen = anchor.seen()
    assert seen is not None
    assert seen.number == total


def test_whoever_verifies_meanwhile_sees_one_moment(audit: Audit) -> None:
    stopped = threading.Event()
    recorded = threading.Semaphore(0)

    def record() -> None:
        while not stopped.is_set():
            audit.record(Act.VIEW, "employee")
            recorded.release()

    worker = threading.Thread(target=record)
    worker.start()
    try:
        for _ in range(20):
            assert recorded.acquire(timeout=PATIENCE)
            found = audit.verify()
            assert found.whole, found.sentence
    finally:
        stopped.set()
        worker.join()
