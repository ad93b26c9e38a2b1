"""Why, in the words of people, read by the Rasa that runs.

None of the phrasings (phrasings_why.py) is among the examples. That each of them is answered for
what it is about, once it is read as a why, is held by tests/actions/test_why_phrasings.py.
"""

from __future__ import annotations

import httpx
import pytest

from helder.content.sources import bare, read
from helder.keyfiles import internal_secret
from helder.reread import SECRET_HEADER
from helder.settings import PROJECT
from tests.dialogues import phrasings_why as why
from tests.running import Running

KINDS = ("DECISION", "EARLIER", "QUESTION", "READING", "PERSON", "WAITING")
LEAST = 0.7  # of each kind in each language; what is misread is in the failure
ALL = 0.85  # of all


def phrasings(kind: str, language: str) -> list[str]:
    return [line.strip() for line in getattr(why, kind)[language].strip().splitlines()]


def misread(stack: Running, texts: list[str]) -> list[str]:
    """Those that are read as anything but a why."""
    headers = {SECRET_HEADER: internal_secret(stack.settings.keys)}
    found = []
    with httpx.Client(base_url=stack.settings.rasa_url, headers=headers, trust_env=False) as rasa:
        for text in texts:
            answer = rasa.post("/webhooks/helder/why", json={"text": text}, timeout=60)
            intent = answer.json()["intent"]
            found += [] if intent == "ask_why" else [f"{text} -> {intent}"]
    return found


def test_why_is_understood_in_many_words(stack: Running) -> None:
    every, wrong = 0, []
    for kind in KINDS:
        for language in ("en", "nl"):
            texts = phrasings(kind, language)
            mine = misread(stack, texts)
            assert len(mine) <= (1 - LEAST) * len(texts), (kind, language, mine)
            every += len(texts)
            wrong += mine
    assert len(wrong) <= (1 - ALL) * every, wrong


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "nl"])
def test_there_are_twenty_phrasings_beside_the_examples(kind: str, language: str) -> None:
    examples = {bare(text) for each, _, text in read(PROJECT).examples if each == language}
    assert len({bare(each) for each in phrasings(kind, language)} - examples) >= 20
