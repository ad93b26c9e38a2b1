"""Stock Rasa stays stock, Helder is a copy, and processes are told apart from their failures."""

from __future__ import annotations

import filecmp
import os
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bench.__main__ import _phases
from bench.failure import BenchFailed
from bench.machine import Disk, Noise, facts
from bench.ours import Ours
from bench.plan import PHASES
from bench.processes import copy_without, cpu, free_ports, memory, time_command
from bench.stock import Stock, template
from helder.settings import PROJECT


def files(folder: Path) -> set[str]:
    """All files in a folder, caches aside."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)) for p in found if "__pycache__" not in p.parts}


def test_stock_rasa_is_thetemplate_with_a_tracker_store_that_lasts(tmp_path: Path) -> None:
    stock = Stock(tmp_path / "stock", tmp_path / "log", 1, {})
    stock.prepare()
    assert files(stock.folder) == files(template())
    differing = {
        name
        for name in files(stock.folder)
        if not filecmp.cmp(stock.folder / name, template() / name, shallow=False)
    }
    assert differing == {"endpoints.yml"}
    written = YAML(typ="safe").load(stock.folder / "endpoints.yml")
    database = str(stock.folder / "tracker.db")
    assert written == {"tracker_store": {"type": "SQL", "dialect": "sqlite", "db": database}}


def test_preparing_twice_does_nothing_more(tmp_path: Path) -> None:
    stock = Stock(tmp_path / "stock", tmp_path / "log", 1, {})
    stock.prepare()
    before = (stock.folder / "endpoints.yml").read_text()
    stock.prepare()
    assert (stock.folder / "endpoints.yml").read_text() == before
    assert not stock.model


def test_helder_is_measured_in_a_copy_with_keys_and_database_of_its_own(tmp_path: Path) -> None:
    ours = Ours.in_folder(tmp_path / "helder", tmp_path / "logs")
    settings = ours.settings
    assert settings.project == tmp_path / "helder" != PROJECT
    assert settings.var.is_relative_to(tmp_path)
    assert len(ours.secret) >= 32
    assert (settings.project / "helder" / "brain" / "serve.py").exists()
    assert not (settings.project / "tests").exists()
    assert not ours.model
    assert settings.messages_per_minute > 100_000
    ports = {settings.gateway_port, settings.desk_port, settings.rasa_port, settings.actions_port}
    assert len(ports) == 4


def test_what_is_gone_from_the_checkout_is_gone_from_a_kept_copy(tmp_path: Path) -> None:
    Ours.in_folder(tmp_path, tmp_path / "logs")
    (tmp_path / "data" / "old.yml").write_text("old")
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "kept").write_text("kept")
    Ours.in_folder(tmp_path, tmp_path / "logs")
    assert not (tmp_path / "data" / "old.yml").exists()
    assert (tmp_path / "models" / "kept").exists()


def test_caches_and_hidden_files_are_not_copied(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for name in (".rasa/cache", "a/__pycache__/x", "a/b", "var/c"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text("x")
    copy_without(source, tmp_path / "target", "var")
    assert files(tmp_path / "target") == {"a/b"}


def test_a_command_is_timed(tmp_path: Path) -> None:
    command = (sys.executable, "-c", "pass")
    cost = time_command("nothing", command, tmp_path, {}, tmp_path / "log")
    assert cost.wall > 0
    assert cost.cpu > 0


def test_a_command_that_fails_is_told_in_one_sentence(tmp_path: Path) -> None:
    command = (sys.executable, "-c", "import sys; print('first'); sys.exit('no data')")
    with pytest.raises(BenchFailed) as told:
        time_command("the training", command, tmp_path, {}, tmp_path / "log")
    assert str(told.value) == "the training ended by itself (exit code 1): first · no data" or (
        # the two streams may come in either order
        str(told.value) == "the training ended by itself (exit code 1): no data · first"
    )


def test_the_memory_of_two_processes_is_more_than_that_of_one() -> None:
    one = memory(os.getpid())
    assert one.rss > 10
    assert one.pss is None or 0 < one.pss <= one.rss
    assert memory(os.getpid(), os.getppid()).rss > one.rss


def test_the_processor_time_of_a_process_is_its_own() -> None:
    used = os.times()
    assert cpu(os.getpid()) >= used.user + used.system


def test_free_ports_are_all_different() -> None:
    assert len(set(free_ports(5))) == 5


def test_the_machine_is_described() -> None:
    found = facts()
    assert found["cores"] >= 1
    assert found["rasa"] == "3.6.21"
    assert 0 <= found["busy_before"] <= 1


def test_noise_is_unknown_until_it_is_sampled() -> None:
    noise = Noise()
    assert noise.factor() is None
    noise.sample()
    assert noise.factor() == 1


def test_what_a_durable_write_costs_is_measured(tmp_path: Path) -> None:
    disk = Disk(tmp_path)
    assert disk.spread() is None
    disk.sample()
    found = disk.spread()
    assert found is not None
    assert 0 < found.median <= found.p95


def test_all_phases_may_be_named() -> None:
    assert _phases(" turns ,start") == ("turns", "start")
    assert _phases(",".join(PHASES)) == PHASES


@pytest.mark.parametrize("only", ["", "speed", "turns,speed"])
def test_an_unknown_phase_is_refused(only: str) -> None:
    with pytest.raises(BenchFailed, match="--only takes some of training"):
        _phases(only)
