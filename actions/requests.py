"""What was asked besides, in the same message, as the slot `next_request` keeps it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

NEXT = "next_request"


class Request(NamedTuple):
    """One thing that was asked besides. Spans of `entities`, if any, are of `text`."""

    intent: str
    text: str
    entities: tuple[Mapping[str, Any], ...]

    def numbers(self) -> list[str]:
        """The orders that it names, in order."""
        named = (str(e["value"]) for e in self.entities if e.get("entity") == "order_number")
        return list(dict.fromkeys(named))

    def number(self) -> str | None:
        """The order that it is about, if it names one."""
        named = self.numbers()
        return named[0] if len(named) == 1 else None

    def only(self, number: str) -> Request:
        """The same about this order alone."""
        others = set(self.numbers()) - {number}
        return self._replace(entities=tuple(e for e in self.entities if e["value"] not in others))

    def without(self, number: str | None) -> Request:
        """The same about the others, if it names others; nothing changes if it names one alone."""
        if len(self.numbers()) < 2 or number not in self.numbers():
            return self
        return self._replace(entities=tuple(e for e in self.entities if e["value"] != number))

    def is_one_of_several(self) -> bool:
        """Does it stand for one of the orders that it names, after the others (order_forms.py)?"""
        return len(self.numbers()) > 1 and not any("start" in each for each in self.entities)


def written(requests: Iterable[Request]) -> str | None:
    """As the slot holds them; None for none."""
    listed = [request._asdict() for request in requests]
    return json.dumps(listed, ensure_ascii=False) if listed else None


def read(value: Any) -> tuple[Request, ...]:
    """What the slot holds, the first to be done first."""
    if not isinstance(value, str) or not value:
        return ()
    found = json.loads(value)
    listed = found if isinstance(found, list) else [found]  # one alone, as it was written before
    return tuple(Request(each["intent"], each["text"], tuple(each["entities"])) for each in listed)
