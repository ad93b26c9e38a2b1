"""Why a message was read as it was: it is read again, and without the words that counted most.

`POST /webhooks/helder/why` with the shared secret, `{"text": …}`, on the model that answers now:

    {"intent": "return_item", "confidence": 0.98, "words": [[9, 19, 4.17], …],
     "without": {"words": 1, "intent": "nlu_fallback"}}

`words` are [start, end, weight], the most telling first (helder/understanding/counted.py); for a
message that is no intent's, of the likeliest. `without` is how the message is read by everything
that reads messages when its first so many words are left out, as few as change the reading; null if
`MOST` do not. Nothing is kept: whoever asks compares with what the log says of that time.
"""

from __future__ import annotations

import re
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage

from helder.understanding.classifier import COUNTED, WHY

MOST = 3
_COMMAND = re.compile(r"^[\s/]+")  # Rasa would obey what begins so
Words = list[list[Any]]


async def why(agent: Agent, text: str) -> dict[str, Any]:
    """What counted in a text; see above. Raises ValueError: no model is loaded."""
    reading = await _read(agent, text, {WHY: True})
    words: Words = reading.get(COUNTED) or []
    intent = reading["intent"]
    return {
        "intent": intent["name"],
        "confidence": intent["confidence"],
        "words": words,
        "without": await _without(agent, text, words, intent["name"]),
    }


async def _without(
    agent: Agent, text: str, words: Words, intent: str | None
) -> dict[str, Any] | None:
    telling = [span for span in words if span[2] > 0]
    for count in range(1, min(MOST, len(telling)) + 1):
        other = (await _read(agent, _left_of(text, telling[:count]), {}))["intent"]["name"]
        if other != intent:
            return {"words": count, "intent": other}
    return None


def _left_of(text: str, words: Words) -> str:
    for start, end, _ in sorted(words, reverse=True):
        text = text[:start] + text[end:]
    return _COMMAND.sub("", text)


async def _read(agent: Agent, text: str, metadata: dict[str, Any]) -> dict[str, Any]:
    if agent.processor is None:
        raise ValueError("no model is loaded")
    message = UserMessage(text, metadata=metadata)
    found: dict[str, Any] = await agent.processor.parse_message(message)
    return found
