"""`helder chat`: talk with the running assistant in a terminal, over the customers' API."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any

import httpx
from rich.console import Console
from rich.text import Text

from helder.refusal import Refusal

LOOK = 0.25  # seconds between two looks for messages
QUIET = 0.75  # an answer may come in several messages; this long without one ends it
COLOURS = {"assistant": "cyan", "employee": "magenta", "system": "yellow", "customer": "green"}


class NotReachable(Refusal):
    """Nothing answers, or not as it should; the message says what to do."""


class Chat:
    """One conversation. `ask` reads a line from the person; EOFError ends the chat."""

    def __init__(
        self,
        client: httpx.Client,
        console: Console,
        ask: Callable[[], str],
        *,
        patience: float = 30,
    ) -> None:
        self._client = client
        self._console = console
        self._ask = ask
        self._patience = patience
        self._last = 0
        self._choices: list[dict[str, str]] = []

    def talk(self, language: str) -> None:
        """Show the notice first, then chat until `/quit`.

        Raises:
            NotReachable: the gateway does not answer, or refuses.
        """
        notice = self._call("GET", "/api/notice", params={"language": language})
        self._console.print(Text(_clean(notice["title"]), style="bold"))
        self._console.print(Text(_clean(notice["text"])))
        self._console.print(Text("/quit ends; an empty line looks for new messages", style="dim"))
        seen = {"version": notice["version"], "language": notice["language"]}
        opening = {"language": language, "notice": seen}
        begun = self._call("POST", "/api/conversations", json=opening)
        self._client.headers["Authorization"] = f"Bearer {begun['token']}"
        path = f"/api/conversations/{begun['conversation']}/messages"
        self._show_new(path)
        while True:
            try:
                line = self._ask().strip()
            except EOFError:
                return
            if line == "/quit":
                return
            if line:
                self._send(path, line)
            self._show_new(path)

    def _send(self, path: str, line: str) -> None:
        message = {"id": str(uuid.uuid4())}
        if line.isdecimal() and 1 <= int(line) <= len(self._choices):
            message["choice"] = self._choices[int(line) - 1]["choice"]
        else:
            message["text"] = line
        try:
            self._call("POST", path, json=message)
        except NotReachable as error:  # too long, too fast: the next line may go well
            self._console.print(Text(str(error), style="red"))
            return
        self._await_answer(path)

    def _await_answer(self, path: str) -> None:
        deadline = time.monotonic() + self._patience
        quiet_at = deadline
        while time.monotonic() < min(deadline, quiet_at):
            if self._show_new(path):
                quiet_at = time.monotonic() + QUIET
            time.sleep(LOOK)

    def _show_new(self, path: str) -> bool:
        """Show what was said since the last look; whether somebody else said something."""
        found = self._call("GET", path, params={"after": self._last})["messages"]
        for message in found:
            self._last = max(self._last, message["seq"])
            if message["author"] != "customer":
                self._show(message)
        return any(message["author"] != "customer" for message in found)

    def _show(self, message: dict[str, Any]) -> None:
        author = message["author"]
        name = message.get("name") or author
        label = f"{name} ({author})" if name != author else name
        line = Text.assemble((_clean(label), COLOURS.get(author, "white")), "  ")
        line.append(_clean(message["text"]))
        self._console.print(line)
        self._choices = message.get("choices") or []
        for number, choice in enumerate(self._choices, start=1):
            self._console.print(Text(f"  {number}  {_clean(choice['title'])}"))

    def _call(self, method: str, path: str, **more: Any) -> Any:
        try:
            answer = self._client.request(method, path, **more)
            content = answer.json() if answer.content else {}
        except (httpx.HTTPError, ValueError):
            raise NotReachable(
                f"No Helder answers at {self._client.base_url}; start it with `make run`."
            ) from None
        if answer.is_error:
            raise NotReachable(
                _clean(content.get("error", {}).get("message", answer.reason_phrase))
            )
        return content


def _clean(text: str) -> str:
    """Without the control characters that could steer a terminal."""
    return "".join(char for char in text if char == "\n" or char.isprintable())
