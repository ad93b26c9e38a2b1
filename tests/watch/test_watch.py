"""`helder watch`, for real: save a file, and the running assistant answers by it."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.running import Talk
from tests.watch.house import Watched, watching

SECONDS = re.compile(r"([\d.]+) s after saving")
# Figures are printed. What is held here is that it comes at all, on however busy a machine: the
# processor time of a text is under a second, of a policy too, of a rule 5 s, of an example 12 s.
SOON, LATEST = 300.0, 600.0


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with watching(tmp_path_factory.mktemp("watch") / "project") as watched:
        watched.tells("Helder is ready")
        watched.tells("watching")
        assert "nothing wrong" in watched.tells("the checks find|✗ ")
        yield watched


@pytest.fixture(scope="module")
def begun(house: Watched) -> Talk:
    """A conversation that is in the middle of a form before anything is saved."""
    talk = house.running().talk("en")
    assert "order number" in " ".join(talk.say("where is my order?"))
    return talk


def took(house: Watched, pattern: str) -> float:
    """Wait for a line that says how long it took, and print it."""
    line = house.tells(pattern)
    print(line)  # noqa: T201 - the figures of this test
    found = SECONDS.search(line)
    assert found, line
    return float(found[1])


@contextmanager
def talking(house: Watched) -> Iterator[list[str]]:
    """Somebody else talks in the meantime: what they are answered, and none may stay out."""
    over, answers = threading.Event(), list[str]()

    def talk() -> None:
        other = house.running().talk("en")
        while not over.is_set():
            answers.extend(other.say("hello"))

    with ThreadPoolExecutor(1) as pool:
        talked = pool.submit(talk)
        try:
            yield answers
        finally:
            over.set()
            talked.result()


def other_greeting(text: str) -> str:
    """The English greeting, with a word before it."""
    return text.replace("text: Hello!", "text: Ahoy! Hello!")


def test_a_changed_text_is_said_within_seconds(house: Watched, begun: Talk) -> None:
    house.edit("data/responses/smalltalk.yml", other_greeting)
    assert took(house, "the texts are new") < SOON
    assert house.running().talk("en").say("hello")[0].startswith("Ahoy! ")
    assert took(house, "the model is new") < LATEST
    assert house.running().talk("en").say("hello")[0].startswith("Ahoy! ")
    assert begun.choices is not None


def test_a_changed_policy_is_answered_by(house: Watched, begun: Talk) -> None:
    house.edit("policies/opening_hours.yml", lambda text: re.sub(r"020", "088", text))
    assert took(house, "the policies are new") < SOON
    assert took(house, "gateway and desk") < LATEST
    said = " ".join(house.running().talk("en").say("what is your phone number?"))
    assert "088" in said
    assert begun.read(), "the conversation is still there"


def test_a_new_example_is_understood(house: Watched, begun: Talk) -> None:
    asked = "how much for a wobblefrock to my door"
    house.edit(
        "data/nlu/en/delivery.yml",
        lambda text: text.replace(
            "    - delivery options\n", f"    - delivery options\n    - {asked}\n"
        ),
    )
    with talking(house) as said_hello:
        assert took(house, "the model is new") < LATEST
    assert said_hello, "somebody talked all the while, and every message was answered"
    said = house.running().talk("en").say(asked)
    assert "deliver" in said[0]
    assert begun.say("why do you need that?"), "the form goes on in the conversation of before"


def test_a_second_save_gives_up_the_model_that_is_being_made(house: Watched) -> None:
    first, second = "may the snorkwimple come to my door", "the price of a snorkwimple to my door"

    def with_example(asked: str) -> None:
        known = "    - delivery options\n"
        house.edit(
            "data/nlu/en/delivery.yml", lambda text: text.replace(known, f"{known}    - {asked}\n")
        )

    with_example(first)
    house.tells("a model is being made")
    with_example(second)
    house.tells("saved again meanwhile")
    assert took(house, "the model is new") < LATEST
    assert "deliver" in house.running().talk("en").say(second)[0]


def test_a_changed_rule_is_followed(house: Watched) -> None:
    greeted = "      - action: utter_greet\n"
    house.edit(
        "data/rules/smalltalk.yml",
        lambda text: text.replace(greeted, f"{greeted}      - action: utter_menu\n", 1),
    )
    assert took(house, "the model is new") < LATEST
    assert len(house.running().talk("en").say("hello")) == 2


def test_a_broken_file_keeps_what_there_was_and_says_why(house: Watched, begun: Talk) -> None:
    rules = "data/rules/contact.yml"
    whole = (house.project / rules).read_text(encoding="utf-8")
    house.edit(rules, lambda text: text.replace("action: action_contact", "action: action_contakt"))
    assert "action_contakt" in house.tells(r"✗ data/rules/contact.yml:\d+: ")
    house.tells("goes on with what it had")
    house.edit("data/responses/smalltalk.yml", lambda text: text.replace("Ahoy", "Hoho"))
    house.tells(r"✗ data/rules/contact.yml:\d+: ")
    assert house.running().talk("en").say("hello")[0].startswith("Ahoy! ")
    (house.project / rules).write_text(whole, encoding="utf-8")
    took(house, "the model is new")  # what was held back comes with it
    assert house.running().talk("en").say("hello")[0].startswith("Hoho! ")


def test_what_only_rasa_refuses_keeps_the_old_model_too(house: Watched, begun: Talk) -> None:
    rules = "data/rules/smalltalk.yml"
    whole = (house.project / rules).read_text(encoding="utf-8")
    again = ("rule: hello again", "  steps:", "    - intent: greet", "    - action: utter_goodbye")
    twice = "\n  - " + "\n    ".join(again) + "\n"
    house.edit(rules, lambda text: text + twice)
    house.tells(r"✗ .*(hello again|smalltalk\.yml)")
    house.tells("goes on with what it had")
    assert house.running().talk("en").say("hello")[0].startswith("Hoho! ")
    (house.project / rules).write_text(whole, encoding="utf-8")
    assert begun.say("never mind"), "the conversation of before goes on to its end"


def test_changed_python_is_named(house: Watched) -> None:
    path = house.project / "actions" / "trust.py"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    house.tells(r"actions/trust\.py: Python is read at the start")


def test_nobody_else_watches_at_the_same_time(house: Watched) -> None:
    from helder.commands.watch import watch
    from helder.refusal import Refusal

    with pytest.raises(Refusal, match="watches already"):
        watch(house.settings, lambda _: None, lambda: None)
    assert Path(house.settings.var / "watch").is_dir()
