"""Where `make watch` does not run, and what it brings to which process."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from helder import settings
from helder.commands.watch import refuse_for_customers
from helder.model import watched_model
from helder.refusal import Refusal
from helder.runlock import RunLock
from helder.watch.files import Files
from helder.watch.watcher import Saved


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HELDER_PUBLIC_URL", "https://chat.shop.example"),
        ("HELDER_TRUST_PROXY", "yes"),
        ("HELDER_SHOP_API", "https://shop.example/api"),
        ("HELDER_DATABASE_URL", "postgresql://helder@db/helder"),
    ],
)
def test_where_customers_are_served_it_refuses_and_names_the_setting(name: str, value: str) -> None:
    with pytest.raises(Refusal, match=name):
        refuse_for_customers(settings.load({name: value}))


@pytest.mark.parametrize("url", ["http://localhost:8080", "http://127.0.0.1:9000"])
def test_on_a_machine_of_ones_own_it_runs(url: str) -> None:
    refuse_for_customers(settings.load({}))
    refuse_for_customers(settings.load({"HELDER_PUBLIC_URL": url}))


def test_what_was_saved_made_and_removed_is_noticed_once(tmp_path: Path) -> None:
    responses = tmp_path / "data" / "responses"
    responses.mkdir(parents=True)
    one, two = responses / "one.yml", responses / "two.yml"
    one.write_text("a")
    two.write_text("a")
    files = Files(tmp_path)
    assert files.changed() == []
    one.write_text("b")
    os.utime(one, ns=(1, 1))
    two.unlink()
    (tmp_path / "domain.yml").write_text("a")
    (tmp_path / "README.md").write_text("a")
    assert files.changed() == ["data/responses/one.yml", "data/responses/two.yml", "domain.yml"]
    assert files.changed() == []


def test_what_was_saved_goes_where_it_is_read() -> None:
    saved = Saved(
        [
            "actions/trust.py",
            "data/nlu/en/orders.yml",
            "data/responses/orders.yml",
            "domain.yml",
            "policies/texts.yml",
            "tests/dialogues/orders.yml",
        ]
    )
    assert saved.code == ["actions/trust.py"]
    assert saved.learned == ["data/nlu/en/orders.yml", "domain.yml"]
    assert saved.responses == ["data/responses/orders.yml"]
    assert saved.policies == ["policies/texts.yml"]


def test_a_watched_model_is_served_only_while_somebody_watches(tmp_path: Path) -> None:
    chosen = settings.load({"HELDER_VAR": str(tmp_path)})
    folder = tmp_path / "watch"
    lock = RunLock(folder)
    lock.acquire()
    assert watched_model(chosen) is None
    made = folder / "watched-1.tar.gz"
    made.touch()
    assert watched_model(chosen) == made
    lock.release()
    assert watched_model(chosen) is None
