"""How the gateway asks Rasa for a turn: plain HTTP on the loopback, with the shared secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

import httpx

from helder.keyfiles import SECRET_HEADER

# Nobody answers. AttributeError: a connection that the other side ends in the moment it is made
# has no socket any more under uvloop (get_extra_info gives None), and anyio asks that for its peer.
_UNREACHABLE = (httpx.HTTPError, AttributeError)


class Outcome(str, Enum):
    """What became of a turn."""

    SAVED = "saved"  # it is in the log
    SILENT = "silent"  # the assistant found nothing to say to it, so nothing is in the log
    ANSWERED = "answered"  # it was answered before
    CONFLICT = "conflict"  # the conversation went on, or changed hands, in the meantime
    DOWN = "down"  # Rasa or the action server cannot be reached, or takes too long
    FAILED = "failed"  # this message breaks something
    DAMAGED = "damaged"  # the log is not whole
    GONE = "gone"  # there is no such conversation


@dataclass(frozen=True)
class Model:
    """A model that answers: the name of its file, and when it was trained (aware)."""

    name: str
    trained: datetime


# 403: another installation's Rasa, or a secret that was replaced while it ran.
_BY_STATUS = {
    403: Outcome.DOWN,
    404: Outcome.GONE,
    409: Outcome.CONFLICT,
    422: Outcome.SILENT,
    423: Outcome.DAMAGED,
    503: Outcome.DOWN,
}


class BrainClient:
    """Rasa, as far as the gateway is concerned."""

    def __init__(self, base_url: str, secret: str, timeout: float) -> None:
        self._http = httpx.AsyncClient(
            base_url=base_url,
            headers={SECRET_HEADER: secret},
            timeout=httpx.Timeout(timeout, connect=2),
            trust_env=False,
        )

    async def turn(
        self,
        conversation: str,
        message: str,
        epoch: int,
        text: str,
        payload: str | None,
        *,
        note: dict[str, str] | None = None,
        sent: str = "",
    ) -> Outcome:
        """Have one message answered; what is said is then in the log.

        `sent` is when the customer did (ISO 8601, UTC): the message may have waited. `note` is what
        the system says to it before it is answered, in each language.
        """
        body: dict[str, Any] = {
            "conversation": conversation,
            "message": message,
            "epoch": epoch,
            "text": text,
            "payload": payload,
            "note": note,
            "sent": sent,
        }
        try:
            response = await self._http.post("/webhooks/helder/turn", json=body)
        except _UNREACHABLE:
            return Outcome.DOWN
        if response.status_code != 200:
            return _BY_STATUS.get(response.status_code, Outcome.FAILED)
        try:
            answer = response.json()
            if "error" in answer:
                return Outcome.ANSWERED
            return Outcome.SAVED if answer["said"] else Outcome.DOWN
        except (ValueError, TypeError, KeyError):
            return Outcome.DOWN  # whatever answers there, it is not our Rasa

    async def is_ready(self) -> bool:
        """Can turns be run?"""
        try:
            response = await self._http.get("/webhooks/helder/health", timeout=2)
        except _UNREACHABLE:
            return False  # whatever the reason, no turn can be run; asked again in a moment
        return response.status_code == 200

    async def model(self) -> Model | None:
        """Which model answers now; None if none does."""
        try:
            response = await self._http.get("/webhooks/helder/health", timeout=2)
            told = response.json()
            trained = datetime.fromisoformat(told["trained"].replace("Z", "+00:00"))
            return Model(str(told["model"]), trained)
        except (*_UNREACHABLE, ValueError, KeyError, TypeError):
            return None  # it is down, or whatever answers there is not our Rasa

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()
