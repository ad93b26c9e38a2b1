"""Rasa starts without what it was told to use: a variable, an event broker, a store. Each beside
Helder's own start, in a process as `helder run` starts it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.brokers.broker import EventBroker
from rasa.utils.endpoints import EndpointConfig, read_endpoint_config

from helder import model
from helder.brain.errors import UnsafeBroker, UnsetVariable
from helder.brain.variables import refuse_unset
from helder.settings import Settings
from helder.supervisor import Stack, SupervisorError, helder_processes
from tests.aio import run
from tests.brain.conftest import trained
from tests.brain.house import TINY, build
from tests.brain.stock import Publications, take_guards_off

NOWHERE = "tests.brain.nowhere.Broker"
House = Callable[..., Settings]


@pytest.fixture
def house(tmp_path: Path, tiny_model: Path) -> House:
    """Makes a project of one's own, with a model; see tests/brain/house.py."""
    return partial(build, tmp_path, tiny_model)


def start(settings: Settings) -> list[str]:
    """What a person sees who starts Rasa alone; it is stopped as soon as it is ready."""
    rasa = tuple(each for each in helder_processes(settings) if each.name == "rasa")
    lines: list[str] = []
    with Stack(settings, rasa, say=lines.append):
        return lines


def test_rasa_starts_in_a_house_without_a_mistake(house: House) -> None:
    assert "rasa is ready" in start(house())[-1]


def test_stock_rasa_takes_a_variable_that_is_not_set_for_its_own_value(tmp_path: Path) -> None:
    path = tmp_path / "endpoints.yml"
    path.write_text("action_endpoint:\n  url: http://${HELDER_NO_SUCH}:5055/webhook\n")
    endpoint = read_endpoint_config(str(path), "action_endpoint")
    assert endpoint.url == "http://${HELDER_NO_SUCH}:5055/webhook"


def test_stock_rasa_replaces_no_variable_in_quotation_marks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_TOKEN", "s3cret")
    path = tmp_path / "endpoints.yml"
    path.write_text('nlg:\n  url: http://words\n  token: "${SHOP_TOKEN}"\n')
    assert read_endpoint_config(str(path), "nlg").token == "${SHOP_TOKEN}"


@pytest.mark.parametrize("file", ["endpoints", "credentials"])
def test_helder_does_not_start_with_a_variable_that_is_not_set(house: House, file: str) -> None:
    settings = house(**{file: "\nnlg:\n  url: http://${SHOP_HOST}/words\n"})
    with pytest.raises(SupervisorError, match=rf"{file}\.yml still has \$\{{SHOP_HOST\}} in nlg"):
        start(settings)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: http://${HELDER_UNSET}/x", r"\$\{HELDER_UNSET\} in a:"),
        ("a: {b: [x, 'y ${HELDER_UNSET}']}", r"\$\{HELDER_UNSET\} in a\.b:"),
        ("a: |\n  x${HELDER_UNSET}", r"\$\{HELDER_UNSET\} in a:"),
        ("x${HELDER_UNSET}: 1", r"\$\{HELDER_UNSET\} in x\$\{HELDER_UNSET\}:"),
        ('a: "${HELDER_SET}"', r"\$\{HELDER_SET\} in a: .* quotation marks"),
        ("a: ${HELDER_UNSET}", r"not all of them are set: HELDER_UNSET\."),
        ("a: s3cret ${HELDER_UNSET}", r"not all of them are set: HELDER_UNSET\."),
    ],
)
def test_every_variable_that_is_left_is_told_and_no_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, told: str
) -> None:
    monkeypatch.setenv("HELDER_SET", "s3cret")
    path = tmp_path / "endpoints.yml"
    path.write_text(text)
    with pytest.raises(UnsetVariable, match=rf"endpoints\.yml .*{told}") as refused:
        refuse_unset(path)
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize("text", ["a: http://${HELDER_SET}/x", "a: pa$$word $HOME {b}", ""])
def test_a_file_in_which_every_variable_is_set_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("HELDER_SET", "s3cret")
    path = tmp_path / "endpoints.yml"
    path.write_text(text)
    refuse_unset(path)


def with_an_address(project: Path) -> None:
    """Let the tiny assistant say a sentence with a variable in it."""
    path = project / "domain.yml"
    hours = '"See https://${SHOP_HOST}/hours for it."'
    path.write_text(path.read_text().replace("From nine to five.", hours))


def test_stock_rasa_says_the_name_of_a_variable_to_customers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_guards_off(monkeypatch)
    shutil.copytree(TINY, tmp_path / "tiny")
    with_an_address(tmp_path / "tiny")
    monkeypatch.setenv("SHOP_HOST", "shop.example")  # set or not, in quotation marks
    agent = Agent.load(trained(tmp_path, tmp_path / "tiny"))
    (answer,) = run(agent.handle_text("hours", sender_id="ann"))
    assert answer["text"] == "See https://${SHOP_HOST}/hours for it."


def test_helder_trains_no_model_with_the_name_of_a_variable_in_it(house: House) -> None:
    settings = house()
    with_an_address(settings.project)
    with pytest.raises(model.TrainingFailed, match=r"domain\.yml still has \$\{SHOP_HOST\} in "):
        model.train(settings, lambda _: None)


def test_stock_rasa_goes_on_without_a_broker_that_it_cannot_import(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    take_guards_off(monkeypatch)
    assert run(EventBroker.create(EndpointConfig(type=NOWHERE))) is None


def test_helder_does_not_go_on_without_a_broker_that_it_cannot_import() -> None:
    with pytest.raises(UnsafeBroker, match="event_broker"):
        run(EventBroker.create(EndpointConfig(type=NOWHERE)))


def test_a_broker_that_is_there_and_none_at_all_are_taken() -> None:
    named: Any = EndpointConfig(type="tests.brain.stock.Publications")
    assert isinstance(run(EventBroker.create(named)), Publications)
    assert run(EventBroker.create(None)) is None


def test_helder_run_tells_in_a_sentence_that_the_broker_is_not_there(house: House) -> None:
    settings = house(endpoints=f"\nevent_broker:\n  type: {NOWHERE}\n")
    with pytest.raises(SupervisorError, match=r"Rasa would publish to no event broker\."):
        start(settings)


def test_helder_run_tells_in_a_sentence_that_the_store_is_not_there(house: House) -> None:
    settings = house()
    path = settings.project / "endpoints.yml"
    path.write_text(path.read_text().replace("EncryptedTrackerStore", "Misspelt"))
    with pytest.raises(SupervisorError, match="would not keep conversations in the encrypted log"):
        start(settings)


def test_helder_run_tells_in_a_sentence_that_a_key_is_missing(house: House) -> None:
    settings = house()
    (settings.keys / "master.1.key").unlink()
    with pytest.raises(SupervisorError, match="There is no master key"):
        start(settings)


def test_helder_run_tells_in_a_sentence_that_there_is_no_model(house: House) -> None:
    settings = house()
    shutil.rmtree(settings.project / "models")
    with pytest.raises(SupervisorError, match="There is no model that fits"):
        start(settings)
