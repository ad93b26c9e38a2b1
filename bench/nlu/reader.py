"""`python -m bench.nlu.reader MODEL [--lightly]`: reads messages as a trained model does.

Texts come as one JSON list on standard input; out goes one JSON list with, of each, the ranking of
intents and the milliseconds. A process of its own, as the two systems cannot share one: ours leaves
TensorFlow out of it. What Rasa says goes to standard error.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from typing import Any

_WARM = 5


def main(arguments: list[str]) -> int:
    """Read, parse, write."""
    texts = json.load(sys.stdin)
    with contextlib.redirect_stdout(sys.stderr):
        if "--lightly" in arguments:
            from helder.brain import lightly

            lightly.install()
        found = asyncio.run(_read(arguments[0], texts))
    json.dump(found, sys.stdout)
    return 0


async def _read(model: str, texts: list[str]) -> list[dict[str, Any]]:
    from rasa.core.channels.channel import UserMessage
    from rasa.core.processor import MessageProcessor

    # Understanding alone needs no tracker store, no generator and no lock.
    processor: Any = MessageProcessor(model, None, None, None)
    for text in texts[:_WARM]:
        await processor.parse_message(UserMessage(text))
    found = []
    for text in texts:
        begun = time.perf_counter()
        parsed = await processor.parse_message(UserMessage(text))
        elapsed = time.perf_counter() - begun
        ranking = [
            (entry["name"], entry["confidence"])
            for entry in parsed.get("intent_ranking", [])
            if entry["name"] != "nlu_fallback"
        ]
        found.append({"ranking": ranking, "ms": elapsed * 1000})
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
