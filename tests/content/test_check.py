"""The content checks are silent about what is good, and find every planted mistake."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from helder.content.check import run
from helder.gateway import __main__ as main

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("data", "actions", "policies", "tests/dialogues"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "domain.yml", tmp_path)
    return tmp_path


def replace(path: str, old: str, new: str) -> Callable[[Path], None]:
    def plant(project: Path) -> None:
        text = (project / path).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {path}"
        (project / path).write_text(text.replace(old, new, 1), encoding="utf-8")

    return plant


def write(path: str, text: str) -> Callable[[Path], None]:
    def plant(project: Path) -> None:
        (project / path).write_text(text, encoding="utf-8")

    return plant


def remove(path: str) -> Callable[[Path], None]:
    return lambda project: (project / path).unlink()


DUTCH = """      condition:
        - type: slot
          name: language
          value: nl
"""
SMALL = "data/responses/smalltalk.yml"
RULES = "data/rules/smalltalk.yml"
TWICE = """version: "3.1"
responses:
  utter_goodbye:
    - text: Doei
      condition: [{type: slot, name: language, value: nl}]
    - text: Bye
"""
UNUSED = TWICE.replace("utter_goodbye", "utter_nobody")
BOTH = """version: "3.1"
nlu:
  - intent: goodbye
    examples: |
      - hello
"""

PLANTED: dict[str, tuple[Callable[[Path], None], str]] = {
    "no Dutch text": (replace(SMALL, DUTCH, ""), "has no Dutch text"),
    "no default": (
        replace(SMALL, "    - text: Goodbye! Have a nice day.\n", ""),
        "no English text",
    ),
    "an empty text": (replace(SMALL, "Goodbye! Have a nice day.", '""'), "has an empty text"),
    "other variables": (
        replace("data/responses/trust.yml", "{minutes} minuten", "30 minuten"),
        "lacks {minutes} in this language",
    ),
    "other buttons": (
        replace(SMALL, "          payload: /track_order", "          payload: /my_data"),
        "does not have the same buttons",
    ),
    "a response that is missing in a rule": (
        replace(RULES, "utter_goodbye", "utter_goodby"),
        "There is no response utter_goodby.",
    ),
    "a response that is missing in an action": (
        replace("actions/trust.py", "utter_my_data", "utter_your_data"),
        "An action says utter_your_data",
    ),
    "an unused response": (write("data/responses/extra.yml", UNUSED), "Nobody says utter_nobody"),
    "a response twice": (write("data/responses/extra.yml", TWICE), "is there 2 times"),
    "an unknown intent in a rule": (
        replace(RULES, "intent: greet", "intent: greeet"),
        "domain.yml has no intent greeet",
    ),
    "an intent that nothing is done with": (
        replace(RULES, "intent: greet", "intent: thanks"),
        "No rule or story does anything with greet",
    ),
    "an unknown action": (
        replace("data/rules/form.yml", "action_stop", "action_stopp"),
        "domain.yml has no action action_stopp",
    ),
    "an unknown form": (
        replace("data/rules/orders.yml", "active_loop: track_order_form", "active_loop: track"),
        "domain.yml has no active loop track",
    ),
    "an unknown slot in a condition": (
        replace(SMALL, "name: language", "name: langage"),
        "There is no slot langage",
    ),
    "an unknown intent in a button": (
        replace(SMALL, "payload: /track_order", "payload: /trakc_order"),
        "sends trakc_order, which is no intent",
    ),
    "an unknown entity in a button": (
        replace("data/responses/returns.yml", '{"return_reason": "damaged"}', '{"why": "x"}'),
        "sends why, which is no entity",
    ),
    "a payload that Rasa would fill in": (
        replace(
            "data/responses/returns.yml",
            '{{"return_reason": "damaged"}}',
            '{"return_reason": "damaged"}',
        ),
        "needs a title and a payload",
    ),
    "a payload that is none": (
        replace(SMALL, "payload: /track_order", "payload: track_order"),
        "needs a title and a payload",
    ),
    "an example under two intents": (
        replace("data/nlu/en/numbers.yml", "- return HD-318842 please", "- cancel HD-318842"),
        "This is an example of cancel_order too",
    ),
    "the same example in other letters": (
        replace("data/nlu/en/numbers.yml", "- return HD-318842 please", "- CANCEL  hd-318842"),
        "This is an example of cancel_order too",
    ),
    "too few examples": (remove("data/nlu/nl/trust.yml"), "are_you_human has 0 examples in nl"),
    "an intent without a domain": (
        replace("data/nlu/en/numbers.yml", "intent: track_order", "intent: trace_order"),
        "domain.yml has no intent trace_order",
    ),
    "a test file under data": (
        write("data/stories/test_stories.yml", 'version: "3.1"\n'),
        "Rasa would train on a test file",
    ),
    "a file per language": (
        write("data/responses/orders.nl.yml", 'version: "3.1"\n'),
        "Both languages of a response belong in one file",
    ),
    "a topic with two names": (
        lambda project: (project / RULES).rename(project / "data/rules/small_talk.yml"),
        "The topic smalltalk has a file elsewhere, but not here",
    ),
    "a topic without a script": (
        remove("tests/dialogues/delivery.yml"),
        "The topic delivery has no dialogue script",
    ),
    "YAML that cannot be read": (
        replace(SMALL, "  utter_goodbye:", "  utter_goodbye: ["),
        "This cannot be read",
    ),
    "a key twice": (
        replace(SMALL, "  utter_goodbye:", "  utter_welcome:"),
        "utter_welcome is there twice",
    ),
    "an open brace": (
        replace(SMALL, "Goodbye! Have a nice day.", '"Goodbye! Have {years a nice day."'),
        "utter_goodbye has a brace",
    ),
    "a brace around something that is no name": (
        replace(SMALL, "Goodbye! Have a nice day.", '"Have {two years}."'),
        "utter_goodbye has braces around something that is no name",
    ),
    "a time that is none": (
        replace("policies/opening_hours.yml", '"09:00"', '"25:00"'),
        "policies/opening_hours.yml:6: ",
    ),
    "a weekday that is missing": (
        replace("policies/opening_hours.yml", "  sunday: closed\n", ""),
        "must say sunday",
    ),
    "a number that is none": (
        replace(
            "policies/retention.yml",
            "minutes_after_last_message: 30",
            "minutes_after_last_message: dertig",
        ),
        "policies/retention.yml:7: conversation.minutes_after_last_message must be a whole number",
    ),
    "too short a window": (
        replace("policies/returns.yml", "window_days: 30", "window_days: 3"),
        "window_days must be a whole number of 14 or more",
    ),
    "a state that cannot be": (
        replace("policies/cancellation.yml", "- paid", "- shipped"),
        "policies/cancellation.yml:5: In policies/cancellation.yml, free_while cannot be",
    ),
    "a text in one language": (
        replace("policies/texts.yml", "    nl: Hier is niets te vinden.\n", ""),
        "errors.not_found.nl is missing",
    ),
    "an open brace of the desk": (
        replace("policies/desk.yml", "Probleem: {title}", "Probleem: {title"),
        "general.error_title.nl has a brace",
    ),
    "a variable that nothing fills in": (
        replace("policies/notice.yml", "{minutes} minuten", "{minuten} minuten"),
        "texts.nl.text has {minuten}, which nothing fills in",
    ),
    "a privacy page in one language": (
        replace("policies/privacy.yml", "\nnl:\n", "\nde:\n"),
        "policies/privacy.yml:1: nl is missing",
    ),
    "a policy that is missing": (remove("policies/texts.yml"), "policies/texts.yml:1: This file"),
    "a topic without its button": (
        replace(
            "data/responses/delivery.yml", "utter_reading_delivery_period", "utter_reading_stop"
        ),
        "There is no response utter_reading_delivery_period",
    ),
    "a script that cannot be read": (
        write("tests/dialogues/delivery.yml", "- name: [\n"),
        "tests/dialogues/delivery.yml:2: This cannot be read",
    ),
    "a script without steps": (
        write("tests/dialogues/delivery.yml", "- name: x\n  language: nl\n"),
        "tests/dialogues/delivery.yml:1: A script has a name",
    ),
    "a script with an unknown response": (
        replace("tests/dialogues/smalltalk.yml", "utter_goodbye", "utter_goodby"),
        "There is no response utter_goodby.",
    ),
    "a file that is missing": (remove("domain.yml"), "This file is missing"),
}


def test_what_ships_has_no_findings() -> None:
    assert run(ROOT) == []


@pytest.mark.parametrize("mistake", PLANTED)
def test_a_planted_mistake_is_found(project: Path, mistake: str) -> None:
    plant, sentence = PLANTED[mistake]
    assert run(project) == []
    plant(project)
    found = run(project)
    assert any(sentence in finding for finding in found), "\n".join(found)


def test_a_finding_names_the_file_and_the_line(project: Path) -> None:
    path = project / RULES
    replace(RULES, "utter_goodbye", "utter_goodby")(project)
    lines = path.read_text(encoding="utf-8").splitlines()
    line = next(n for n, text in enumerate(lines, 1) if text.endswith("utter_goodby"))
    assert f"{RULES}:{line}: There is no response utter_goodby." in run(project)


def test_an_example_is_found_on_its_own_line(project: Path) -> None:
    replace("data/nlu/en/numbers.yml", "- return HD-318842 please", "- cancel HD-318842")(project)
    path = project / "data/nlu/en/numbers.yml"
    lines = path.read_text(encoding="utf-8").splitlines()
    line = [n for n, text in enumerate(lines, 1) if "- cancel HD-318842" in text][-1]
    assert any(f.startswith(f"data/nlu/en/numbers.yml:{line}: ") for f in run(project))


def test_the_checks_take_less_than_two_seconds() -> None:
    begun = time.process_time()
    run(ROOT)
    assert time.process_time() - begun < 2


def test_the_gateway_refuses_to_start_with_one_sentence(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace("policies/retention.yml", "days: 90", "days: negentig")(project)
    monkeypatch.setattr(main.settings_module, "load", lambda: SimpleNamespace(project=project))
    monkeypatch.setattr(main.logs, "configure", lambda *_: None)
    with pytest.raises(SystemExit) as stopped:
        main.main()
    sentence = "left_message.days must be a whole number of 1 or more, not 'negentig'."
    assert stopped.value.code == f"policies/retention.yml, line 12: {sentence}"
    assert stopped.value.__suppress_context__


BAD_YAML: dict[str, tuple[Callable[[Path], None], str]] = {
    "a list of examples": (
        replace("data/nlu/en/trust.yml", "examples: |", "examples:"),
        "data/nlu/en/trust.yml:",
    ),
    "a tab": (replace("domain.yml", "  - track_order", "\t- track_order"), "domain.yml:"),
    "a missing colon": (replace(RULES, "rules:", "rules"), f"{RULES}:"),
    "no UTF-8": (
        lambda project: (project / SMALL).write_bytes("# één\n".encode("latin-1")),
        f"{SMALL}:1: This cannot be read: it is not UTF-8.",
    ),
}


@pytest.mark.parametrize("mistake", BAD_YAML)
def test_of_a_file_that_cannot_be_read_only_that_is_said(project: Path, mistake: str) -> None:
    plant, sentence = BAD_YAML[mistake]
    plant(project)
    found = run(project)
    assert len(found) == 1
    assert found[0].startswith(sentence)
