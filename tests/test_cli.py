"""The helder command: what it does, and that whatever fails is told in one sentence."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from helder import migrate, model, settings
from helder.database import connect

ROOT = Path(__file__).resolve().parent.parent
PORTS = ("GATEWAY", "DESK", "RASA", "ACTIONS")
COMMANDS = (
    "run", "train", "check", "report", "watch", "chat", "stop", "status", "settings", "migrate",
    "forget",
)  # fmt: skip

SERVER = """
import http.server, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *args):
        pass
class Server(http.server.HTTPServer):
    allow_reuse_address = True
Server(("127.0.0.1", int(os.environ["HELDER_{name}_PORT"])), Handler).serve_forever()
"""

Helder = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Settings for a house of its own, whose processes are small servers."""
    files = {
        "helder/__init__.py": "",
        "helder/brain/__init__.py": "",
        "helder/brain/serve.py": SERVER.format(name="RASA"),
        "helder/gateway/__main__.py": SERVER.format(name="GATEWAY"),
        "helder/desk/__main__.py": SERVER.format(name="DESK"),
        "actions/__init__.py": "",
        "actions/__main__.py": SERVER.format(name="ACTIONS"),
        "config.yml": "",
        "domain.yml": "",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    made = {n: value for n, value in os.environ.items() if not n.startswith("HELDER_")}
    made |= {f"HELDER_{name}_PORT": str(free_port()) for name in PORTS}
    return made | {"HELDER_PROJECT": str(tmp_path), "COLUMNS": "200"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def helder(environment: dict[str, str]) -> Helder:
    def run(*arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "helder.cli", *arguments],
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=environment | more,
            stdin=subprocess.DEVNULL,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def running(environment: dict[str, str]) -> Iterator[Callable[[], "subprocess.Popen[str]"]]:
    """Starts `helder run`, and waits for the line with the address."""
    started: list[subprocess.Popen[str]] = []

    def start() -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-m", "helder.cli", "run"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
            env=environment,
            # As in a terminal, also where the tests themselves run in the background.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def with_model(environment: dict[str, str]) -> settings.Settings:
    """The settings of the house, after a model that fits was put in it."""
    chosen = settings.load(environment)
    path = chosen.project / "models" / f"helder-{model.fingerprint(chosen.project)}.tar.gz"
    path.parent.mkdir()
    path.touch()
    return chosen


def assert_refused(done: "subprocess.CompletedProcess[str]", sentence: str) -> None:
    """It failed, with one line that contains this and no traceback."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert sentence in done.stderr


def test_help_names_every_command(helder: Helder) -> None:
    done = helder("--help")
    assert done.returncode == 0
    assert all(f"  {command} " in done.stdout for command in COMMANDS)


def test_help_loads_nothing_heavy() -> None:
    heavy = "{'rasa', 'sqlalchemy', 'alembic', 'httpx', 'numpy', 'starlette', 'cryptography'}"
    code = f"import sys, helder.cli; sys.exit(str({heavy} & set(sys.modules) or ''))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert done.stderr.strip() == b""


def test_run_starts_everything_and_stop_ends_it(
    helder: Helder,
    running: Callable[[], "subprocess.Popen[str]"],
    environment: dict[str, str],
) -> None:
    chosen = with_model(environment)
    process = running()
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line.strip())
        if "Helder is ready" in line:
            break
    address = f"http://127.0.0.1:{chosen.gateway_port}"
    assert lines[-1] == f"Helder is ready: open {address}  (Ctrl-C stops it)"
    assert sum("is ready (" in line for line in lines) == 4
    status = helder("status")
    assert status.returncode == 0
    assert status.stdout.count("✓ answers") == 4
    assert_refused(helder("run"), f"running already (process {process.pid})")
    assert helder("stop").stdout.strip() == "Helder has stopped."
    assert process.wait(20) == 0
    assert helder("status").returncode == 1
    assert helder("stop").stdout.strip() == "Helder is not running."


def test_a_second_run_reuses_what_is_there(
    running: Callable[[], "subprocess.Popen[str]"], environment: dict[str, str]
) -> None:
    with_model(environment)
    outputs = []
    for _ in range(2):
        process = running()
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "Helder is ready" in line:
                process.send_signal(signal.SIGINT)
        outputs.append("".join(lines))
        assert process.wait(20) == 0
    assert "made var/keys/master.1.key" in outputs[0]
    assert "made" not in outputs[1]
    assert outputs[1].endswith("Helder has stopped.\n")


def test_a_port_in_use_is_one_sentence(helder: Helder, environment: dict[str, str]) -> None:
    chosen = with_model(environment)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", chosen.desk_port))
        taken.listen()
        assert_refused(helder("run"), f"Port {chosen.desk_port}, wanted for desk, is in use")


def test_a_wrong_setting_is_one_sentence(helder: Helder) -> None:
    assert_refused(helder("run", HELDER_DESK_PORT="x"), "HELDER_DESK_PORT must be a port number")
    assert_refused(helder("status", HELDER_DISK_PORT="1"), "no setting HELDER_DISK_PORT")


def test_a_lost_master_key_is_never_replaced(helder: Helder, environment: dict[str, str]) -> None:
    chosen = settings.load(environment)
    assert helder("migrate").returncode == 0
    (chosen.keys / "master.1.key").unlink()
    assert_refused(helder("run"), "There is no master key")
    assert not list(chosen.keys.glob("master*"))


def test_a_lost_secret_of_internal_calls_is_made_anew(
    helder: Helder, environment: dict[str, str]
) -> None:
    chosen = settings.load(environment)
    helder("migrate")
    (chosen.keys / "internal.secret").unlink()
    assert "made var/keys/internal.secret" in helder("migrate").stdout
    assert (chosen.keys / "internal.secret").stat().st_mode & 0o777 == 0o600


def test_keys_that_others_can_read_are_refused(helder: Helder, environment: dict[str, str]) -> None:
    chosen = settings.load(environment)
    helder("migrate")
    (chosen.keys / "internal.secret").chmod(0o644)
    assert_refused(helder("migrate"), "can be read by others; run: chmod 600")
    chosen.keys.chmod(0o755)
    assert_refused(helder("run"), "can be read by others; run: chmod 700")


def test_a_database_that_is_newer_than_the_code_is_one_sentence(
    helder: Helder, environment: dict[str, str]
) -> None:
    chosen = settings.load(environment)
    helder("migrate")
    engine = connect(chosen.database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    assert_refused(helder("run"), "The database has version 9999")


def test_training_without_sources_is_one_sentence(
    helder: Helder, environment: dict[str, str]
) -> None:
    (Path(environment["HELDER_PROJECT"]) / "config.yml").unlink()
    assert_refused(helder("train"), "config.yml is missing")


def test_a_model_that_fits_is_not_trained_again(
    helder: Helder, environment: dict[str, str]
) -> None:
    with_model(environment)
    done = helder("train")
    assert done.returncode == 0
    assert "fits" in done.stdout


def test_chat_without_a_running_helder_is_one_sentence(helder: Helder) -> None:
    assert_refused(helder("chat"), "start it with `make run`")


def test_settings_shows_every_setting_and_no_secret(helder: Helder) -> None:
    done = helder(
        "settings",
        HELDER_IDENTITY_SECRET="correct-horse-battery-staple-and-more",
        HELDER_SHOP_URL="postgresql://helder:hunter2@db/shop",
    )
    assert all(f"HELDER_{setting.name.upper()} " in done.stdout for setting in settings.SETTINGS)
    assert "horse" not in done.stdout
    assert "hunter2" not in done.stdout


def test_an_unexpected_error_is_one_sentence_and_a_traceback_only_when_asked_for(
    helder: Helder, environment: dict[str, str]
) -> None:
    (Path(environment["HELDER_PROJECT"]) / "var").write_text("a file where a folder should be")
    assert_refused(helder("migrate"), "var")
    assert "Traceback" in helder("migrate", HELDER_LOG_LEVEL="debug").stderr


def test_check_names_what_is_wrong_and_where(helder: Helder, environment: dict[str, str]) -> None:
    house = Path(environment["HELDER_PROJECT"])
    (house / "helder" / "database.py").write_text("import os\n\nos.environ\n")
    (house / "pyproject.toml").write_text('[tool.mypy]\nfiles = ["helder/database.py"]\n')
    begun = time.monotonic()
    done = helder("check")
    assert done.returncode == 1
    assert "✗ import rules" in done.stdout
    assert "helder/database.py:3: Only helder/settings.py reads the environment." in done.stdout
    assert "✓ types" in done.stdout
    assert time.monotonic() - begun < 60


def test_migrate_brings_the_database_to_the_newest_version(
    helder: Helder, environment: dict[str, str]
) -> None:
    chosen = settings.load(environment)
    assert helder("migrate").returncode == 0
    version = migrate.current(chosen.database_url)
    assert f"database at version {version}" in helder("migrate").stdout
