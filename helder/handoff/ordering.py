"""The record of one ordering: all that it rests on, so that it can be computed again to the byte.

It names cases and what counted for each, such as "danger": it belongs where the conversations are
kept, sealed. Language, name, place and channel are not in it, since they were not in the order.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any

from helder.decisions.policy import canonical
from helder.handoff.errors import OrderNotReplayed
from helder.handoff.factors import OPTIONS, Factor, Kind, Promise, Safety, Weights
from helder.handoff.order import Part, Place, Waiting, order
from helder.handoff.priority import Priority

FORMAT = 1


@dataclass(frozen=True)
class Ordering:
    """Which order there was at a moment, by which version of the policy."""

    since: date  # from when the policy is in force
    digest: str
    weights: Weights
    at: datetime
    places: tuple[Place, ...]

    def encode(self) -> str:
        """Canonical JSON: the same ordering gives the same bytes, always."""
        data = {
            "format": FORMAT,
            "policy": {"from": self.since.isoformat(), "digest": self.digest},
            "weights": _weights(self.weights),
            "at": self.at.astimezone(timezone.utc).isoformat(),
            "places": [_place(place) for place in self.places],
        }
        return canonical(data)


def arrange(waiting: Iterable[Waiting], now: datetime, priority: Priority) -> Ordering:
    """The order of these cases now, to be kept."""
    places = order(waiting, now, priority.weights)
    return Ordering(priority.since, priority.digest, priority.weights, now, places)


def replay(text: str) -> Ordering:
    """Compute an ordering anew from the facts in its record.

    Raises:
        OrderNotReplayed: it is no such record, or what comes out is not what it says.
    """
    try:
        data = json.loads(text)
        if data["format"] != FORMAT:
            raise OrderNotReplayed(f"An ordering of format {data['format']} is not known here.")
        weights, at = _read_weights(data["weights"]), datetime.fromisoformat(data["at"])
        found = Ordering(
            date.fromisoformat(data["policy"]["from"]),
            data["policy"]["digest"],
            weights,
            at,
            order([_read_waiting(each["waiting"]) for each in data["places"]], at, weights),
        )
    except OrderNotReplayed:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        name = type(error).__name__
        raise OrderNotReplayed(f"This is no record of an ordering ({name}).") from None
    if found.encode() != text:
        raise OrderNotReplayed("Computed anew, the order is not what its record says.")
    return found


def _weights(weights: Weights) -> dict[str, Any]:
    heads = {
        factor.value: {option.value: weights.heads[option] for option in options}
        for factor, options in OPTIONS.items()
    }
    return {Factor.TIME.value: weights.minute, **heads, "at_most": weights.most}


def _read_weights(data: dict[str, Any]) -> Weights:
    heads = {
        option: int(data[factor.value][option.value])
        for factor, options in OPTIONS.items()
        for option in options
    }
    return Weights(int(data[Factor.TIME.value]), heads, int(data["at_most"]))


def _place(place: Place) -> dict[str, Any]:
    one = place.waiting
    return {
        "place": place.place,
        "held": place.held,
        "points": [_part(part) for part in place.parts],
        "sixtieths": place.sixtieths,
        "waiting": {
            "case": one.case,
            "since": one.since.astimezone(timezone.utc).isoformat(),
            "number": one.number,
            "kind": one.kind.value,
            "promise": one.promise.value,
            "safety": one.safety.value,
            "overtaken": one.overtaken,
        },
    }


def _part(part: Part) -> list[str | int]:
    given = part.given if isinstance(part.given, int) else part.given.value
    return [part.factor.value, given, part.sixtieths]


def _read_waiting(data: dict[str, Any]) -> Waiting:
    return Waiting(
        data["case"],
        datetime.fromisoformat(data["since"]),
        data["number"],
        Kind(data["kind"]),
        Promise(data["promise"]),
        Safety(data["safety"]),
        data["overtaken"],
    )
