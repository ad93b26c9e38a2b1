"""Anger that grows: signs of it in two of a customer's last four messages, this one among them.

A sign is what everybody can see: swearing or scolding (the reading `insult`, or words of
words/person.yml), a message in capitals, or three exclamation marks. Nothing is guessed of a mood.
"""

from __future__ import annotations

import re
from itertools import islice

from actions.history import History
from actions.turn import Turn
from helder.vocabulary.model import Person

LAST = 4  # messages
ENOUGH = 2
_SURE = 0.5
_CAPITALS = re.compile(r"[A-ZÀ-Þ]{3,}")
_SMALL = re.compile(r"[a-zß-ÿ]")


def shows_anger(text: str, intent: str | None, confidence: float, words: Person) -> bool:
    """Is there a sign of anger in a message? One code in capitals, such as HD-204817, is none."""
    scolds = intent == "insult" and confidence >= _SURE
    shouts = len(_CAPITALS.findall(text)) >= 2 and not _SMALL.search(text)
    return scolds or shouts or "!!!" in text or words.anger.are_in(text)


def is_growing(turn: Turn) -> bool:
    """Does this message show anger, and one of the three before it too?"""
    words = turn.vocabulary.person
    if turn.is_choice or not shows_anger(turn.text, turn.intent, turn.confidence, words):
        return False
    earlier = islice(_messages(turn), LAST - 1)
    return 1 + sum(shows_anger(*each, words) for each in earlier) >= ENOUGH


def _messages(history: History) -> list[tuple[str, str | None, float]]:
    """What the customer wrote before, newest first: text, reading, confidence."""
    found = []
    for event in history.before_message():
        text = str(event.get("text") or "")
        if event.get("event") == "user" and not text.startswith("/"):
            intent = (event.get("parse_data") or {}).get("intent") or {}
            found.append((text, intent.get("name"), float(intent.get("confidence") or 0.0)))
    return found
