"""Why a message was understood as it was: read again, and told only if it comes out as then.

The model is with Rasa, so it is asked there, over HTTP (helder/brain/why.py). What the log says of
a message, its intent and its confidence, is compared with what reading it again gives: another
model may answer by now, and what it makes of the message is no reason for what was said before. So
it is with decisions, which are replayed before they are explained (decisions/explainer.py).

For actions, and for what an employee sees of a conversation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import httpx
import structlog

logger = structlog.get_logger(__name__)
SECRET_HEADER = "X-Helder-Secret"  # noqa: S105 - the header's name, not a secret
PATIENCE = 3.0  # seconds
SAME = 2e-4  # the log keeps four digits of a confidence
MOST = 3  # words that are named
# A word is named that weighs at least this, and this share of what the first one weighs.
_WEIGHS, _SHARE = 0.5, 0.2


@dataclass(frozen=True)
class Counted:
    """A word as it stands in the message; by how much (nats) the log-odds fall without it."""

    word: str
    weight: float


@dataclass(frozen=True)
class Reason:
    """Why a message was read so: its words, the most telling first.

    `without` are as few of the first of them as make it read otherwise when they are left out, and
    `otherwise` is that other intent; () and None if the first three do not.
    """

    words: tuple[Counted, ...]
    without: tuple[str, ...]
    otherwise: str | None

    def named(self) -> tuple[str, ...]:
        """The words to tell: at most three, none that did next to nothing, none twice."""
        weights = (each.weight for each in self.words)
        least = max(_WEIGHS, _SHARE * max(weights, default=0.0))
        found: dict[str, str] = {}
        for each in self.words[:MOST]:
            if each.weight >= least or each.word in self.without:
                found.setdefault(each.word.casefold(), each.word)
        return tuple(found.values())


class Rereader(Protocol):
    """Whoever can read a message again."""

    def why(self, text: str, intent: str, confidence: float) -> Reason | None:
        """Why a text was read as this intent with this confidence; None if that cannot be said."""


class RasaRereader:
    """Asks the Rasa that runs."""

    def __init__(self, url: str, secret: str, timeout: float = PATIENCE) -> None:
        headers = {SECRET_HEADER: secret}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=timeout, trust_env=False)

    def why(self, text: str, intent: str, confidence: float) -> Reason | None:
        """See Rereader."""
        try:
            answer = self._http.post("/webhooks/helder/why", json={"text": text})
            if answer.status_code != 200:
                logger.warning("reread.refused", status=answer.status_code)
                return None
            told = answer.json()
            same = told["intent"] == intent and abs(told["confidence"] - confidence) <= SAME
            if not same:
                logger.info("reread.otherwise")
                return None
            return _reason(text, told["words"], told["without"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError, IndexError) as error:
            logger.warning("reread.failed", kind=type(error).__name__)
            return None


def _reason(
    text: str, words: Sequence[Sequence[Any]], without: Mapping[str, Any] | None
) -> Reason | None:
    counted = tuple(Counted(text[start:end], float(weight)) for start, end, weight in words)
    if not counted:
        return None
    first = counted[: without["words"]] if without else ()
    other = str(without["intent"]) if without else None
    return Reason(counted, tuple(each.word for each in first), other)
