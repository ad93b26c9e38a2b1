"""What runs, and how it is told of new content: over the internal addresses, with the secret."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import httpx

from helder.keyfiles import SECRET_HEADER
from helder.probe import is_ready
from helder.settings import Settings

PATIENCE = 60.0
_LOOK = 0.02
_DOWN = 5.0  # seconds within which a process that was asked to end is down


class NotTaken(Exception):
    """A process goes on with what it had; the message says which and why."""


class House:
    """The processes of one installation. `holder`: the process id of their supervisor."""

    def __init__(self, settings: Settings, secret: str, holder: int) -> None:
        self._settings = settings
        self._holder = holder
        headers = {SECRET_HEADER: secret}
        self._http = httpx.Client(headers=headers, timeout=PATIENCE, trust_env=False)

    def actions(self) -> None:
        """Have the action server read texts and policies anew.

        Raises:
            NotTaken: it does not, or does not answer.
        """
        self._post("The action server", f"http://127.0.0.1:{self._settings.actions_port}/content")

    def texts(self) -> None:
        """Have Rasa say the responses as they are written now.

        Raises:
            NotTaken: others are there than its model knows; or it does not answer.
        """
        self._post("Rasa", f"{self._settings.rasa_url}/webhooks/helder/content")

    def model(self, path: Path) -> None:
        """Have Rasa answer by this model.

        Raises:
            NotTaken: it cannot load it, or does not answer.
        """
        address = f"{self._settings.rasa_url}/webhooks/helder/content"
        self._post("Rasa", address, model=str(path))

    def renew(self) -> None:
        """Start gateway and desk again, which read policies/ only then; ready when it returns.

        Raises:
            NotTaken: they do not come back.
        """
        os.kill(self._holder, signal.SIGUSR1)
        both = (self._settings.gateway_port, self._settings.desk_port)
        deadline = time.monotonic() + _DOWN
        down: set[int] = set()
        while len(down) < len(both) and time.monotonic() < deadline:
            down |= {port for port in both if port not in down and not is_ready(port, "/healthz")}
            time.sleep(_LOOK)
        deadline = time.monotonic() + PATIENCE
        while not all(is_ready(port, "/healthz") for port in both):
            if time.monotonic() > deadline:
                raise NotTaken("The gateway or the desk does not start again; see var/log.")
            time.sleep(_LOOK)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _post(self, who: str, address: str, **body: Any) -> None:
        try:
            answer = self._http.post(address, json=body)
        except httpx.HTTPError as error:
            raise NotTaken(f"{who} does not answer ({type(error).__name__}).") from error
        if answer.status_code == 200:
            return
        if answer.status_code == 404:
            raise NotTaken(f"{who} was started where content is not swapped; start it again.")
        try:
            reason = str(answer.json()["error"])
        except (ValueError, KeyError, TypeError):
            reason = f"it answers {answer.status_code}"
        raise NotTaken(f"{who} did not take it: {reason}")
