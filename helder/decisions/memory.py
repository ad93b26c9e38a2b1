"""The decisions of one conversation: what to keep in its encrypted log, and how to read it back.

The dialogue keeps one text (the slot `decisions`), which is sealed with every turn like all that
the log holds; nothing is written anywhere else. It has the last few decisions. Older ones are in
the log's older entries.
"""

from __future__ import annotations

import json

from helder.decisions.errors import NotReplayed
from helder.decisions.facts import Catalogue
from helder.decisions.record import Decision, decode

KEPT = 5


def remembered(before: str | None, decision: Decision) -> str:
    """What to keep after a decision, given what was kept before.

    A new decision takes the place of an older one by the same policy about the same thing.
    """
    old = _records(before)
    about = (decision.policy, decision.about)
    left = [text for text in old if _about(text) != about]
    return json.dumps([*left, decision.encode()][-KEPT:], ensure_ascii=False)


def recalled(kept: str | None, facts: Catalogue) -> list[tuple[Decision, str]]:
    """Every decision with its record to the byte, the newest first.

    A record that cannot be read any more, such as one of another format, is left out.
    """
    found = []
    for text in reversed(_records(kept)):
        try:
            found.append((decode(text, facts), text))
        except NotReplayed:
            continue
    return found


def _records(kept: str | None) -> list[str]:
    try:
        data = json.loads(kept) if kept else []
    except ValueError:
        return []
    return [each for each in data if isinstance(each, str)] if isinstance(data, list) else []


def _about(text: str) -> tuple[str, str]:
    data = json.loads(text)
    return data.get("policy", ""), data.get("about", "")
