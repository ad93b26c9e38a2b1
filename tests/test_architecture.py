"""The import rules of DESIGN.md hold, and the check of them finds what breaks them."""

from pathlib import Path

import pytest

from helder import architecture

ROOT = Path(__file__).resolve().parent.parent


def test_the_house_keeps_its_rules() -> None:
    assert [str(violation) for violation in architecture.check(ROOT)] == []


def planted(project: Path, files: dict[str, str]) -> list[str]:
    """The violations in a small house of these modules."""
    for name, text in files.items():
        path = project / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return [str(violation) for violation in architecture.check(project)]


@pytest.mark.parametrize(
    ("module", "text", "sentence"),
    [
        ("helder/conversation/log", "import rasa.core", "leads to Rasa: rasa.core."),
        ("helder/shop/x", "from starlette import responses", "may not import starlette."),
        ("helder/handoff/x", "import slack_sdk", "may not import slack_sdk."),
        ("helder/consent/x", "import helder.gateway.app", "may not import helder.gateway."),
        ("helder/rights/x", "from ..gateway import app", "may not import helder.gateway."),
        ("helder/gateway/app", "from helder.desk.queue import x", "may not import helder.desk."),
        ("helder/gateway/app", "from helder import desk", "may not import helder.desk."),
        ("helder/gateway/app", "from .. import desk", "may not import helder.desk."),
        ("helder/desk/app", "from ..gateway.app import x", "may not import helder.gateway."),
        ("helder/desk/app", "import rasa_sdk", "leads to Rasa: rasa_sdk."),
        ("helder/cli", "def f():\n    import rasa", "leads to Rasa: rasa."),
        ("helder/cli", "import actions.orders", "may not import actions."),
        ("helder/brain/store", "from actions import orders", "may not import actions."),
        ("helder/brain/store", "import rasa_sdk", "may not import rasa_sdk."),
        ("helder/content/x", "import helder.brain.store", "may not import helder.brain."),
        ("helder/report/x", "import helder.desk.app", "may not import helder.desk."),
        ("helder/watch/x", "import helder.understanding.x", "may not import helder.understanding."),
        ("helder/vocabulary/x", "import sanic", "may not import sanic."),
        ("actions/orders", "from rasa.core import agent", "may not import rasa."),
        ("actions/orders", "import helder.brain.store", "may not import helder.brain."),
        ("helder/database", "import os\nos.environ['X']", "reads the environment."),
        ("actions/orders", "import os\nos.getenv('X')", "reads the environment."),
        ("helder/logs", "from os import environ as e", "reads the environment."),
        ("helder/long", "x = 1\n" * 301, "has at most 300 lines; this one has 301."),
    ],
)
def test_a_planted_violation_is_found(
    tmp_path: Path, module: str, text: str, sentence: str
) -> None:
    found = planted(tmp_path, {module: text})
    assert len(found) == 1
    assert found[0].startswith(module + ".py:")
    assert found[0].endswith(sentence)


def test_rasa_is_not_reached_through_another_module_either(tmp_path: Path) -> None:
    found = planted(
        tmp_path,
        {
            "helder/gateway/turns": "from helder.brain import client",
            "helder/brain/__init__": "from helder.brain.store import Store",
            "helder/brain/store": "import rasa",
            "helder/brain/client": "import httpx",
        },
    )
    assert found == [
        "helder/gateway/turns.py:1: This leads to Rasa: helder.brain → helder.brain.store → rasa."
    ]


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("helder/gateway/app", "from helder.conversation.log import x\nimport starlette"),
        ("helder/brain/store", "import rasa.core\nfrom helder.conversation import log"),
        ("helder/understanding/classifier", "import rasa.engine"),
        ("actions/orders", "import rasa_sdk\nfrom helder.shop import port\nimport actions.x"),
        ("helder/settings", "import os\nos.environ['X']"),
        ("helder/conversation/log", "from helder.conversation.rasa import x"),
        ("helder/shop/x", "from .starlette import x\nfrom . import rasa"),
        ("helder/exact", "x = 1\n" * 300),
    ],
)
def test_what_the_rules_allow_is_left_alone(tmp_path: Path, module: str, text: str) -> None:
    assert planted(tmp_path, {module: text}) == []


def test_there_are_modules_to_check() -> None:
    names = {module.name for module in architecture._modules(ROOT)}
    assert {"helder.settings", "helder.conversation.log", "helder.shop.port"} <= names
