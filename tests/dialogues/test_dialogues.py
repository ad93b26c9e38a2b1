"""Every script of this folder is played by the real assistant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from helder import settings as settings_module
from helder.conversation.entries import Message
from helder.shop.model import Order
from helder.shop.seed import open_shop
from helder.shop.sql import SqlShop
from tests.dialogues.orders import Orders
from tests.dialogues.script import REST, Responses, Script, Step, scripts

SCRIPTS = list(scripts())


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> settings_module.Settings:
    from tests.dialogues.stage import free_port

    var = tmp_path_factory.mktemp("dialogues")
    chosen = settings_module.load({"HELDER_VAR": str(var), "HELDER_LOG_LEVEL": "warning"})
    return replace(chosen, actions_port=free_port())


@pytest.fixture(scope="module")
def house(settings: settings_module.Settings) -> Iterator[object]:
    from tests.dialogues.stage import stage

    with stage(settings) as ready:
        yield ready


@pytest.fixture(scope="module")
def orders(settings: settings_module.Settings) -> Orders:
    shop = open_shop(settings.shop_url)
    assert isinstance(shop, SqlShop)
    return Orders(shop)


RESPONSES = Responses()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.id)
def test_the_conversation_goes_as_written(script: Script, house: object, orders: Orders) -> None:
    Performance(script, house, orders).play()


class Performance:
    """One script on the stage."""

    def __init__(self, script: Script, house: object, orders: Orders) -> None:
        self.script = script
        self.language = script.language
        self.talk = house.open(script.language)  # type: ignore[attr-defined]
        self.orders = orders
        self.mine: dict[str, Order] = {}
        self.so_far: list[str] = []

    def play(self) -> None:
        for step in self.script.steps:
            if step.kind == "language":
                self.language = step.said[0]
            elif step.kind == "assistant":
                self.expect(step)
            else:
                self.send(step)

    def send(self, step: Step) -> None:
        text = self.orders.fill(step.said[0], self.mine)
        self.so_far.append(f"{step.kind}: {text}")
        said = self.talk.say(text) if step.kind == "customer" else self.talk.choose(text)
        self.so_far += [f"assistant: {_shown(message)}" for message in said]

    def expect(self, step: Step) -> None:
        wanted = [self.orders.fill(each, self.mine) for each in step.said]
        came = [message.text for message in self.talk.said]
        for position, each in enumerate(wanted):
            if each == REST:
                return
            if position >= len(came) or not RESPONSES.matches(each, came[position], self.language):
                self.fail(step, wanted, came)
        if len(came) > len(wanted):
            self.fail(step, wanted, came)

    def fail(self, step: Step, wanted: list[str], came: list[str]) -> None:
        report = [
            f"{self.script.topic}.yml:{step.line}: {self.script.name}",
            "  expected:",
            *(f"      {each}" for each in wanted),
            "  came:",
            *(f"      {RESPONSES.key_of(text)}: {text}" for text in came),
            "  understood and done:",
            f"      {self.talk.understood()}",
            "  the conversation so far:",
            *(f"      {line}" for line in self.so_far),
        ]
        pytest.fail("\n".join(report), pytrace=False)


def _shown(message: Message) -> str:
    buttons = "".join(f" [{choice.title}]" for choice in message.choices)
    return message.text + buttons


def test_every_topic_has_three_scripts_in_each_language() -> None:
    data = Path(__file__).parents[2] / "data"
    topics = {path.stem for path in (data / "rules").glob("*.yml")}
    for topic in topics:
        for language in ("nl", "en"):
            mine = [s for s in SCRIPTS if (s.topic, s.language) == (topic, language)]
            assert len(mine) >= 3, f"{topic} has {len(mine)} scripts in {language}"


def test_no_two_scripts_have_the_same_name() -> None:
    ids = [script.id for script in SCRIPTS]
    assert sorted(ids) == sorted(set(ids))
