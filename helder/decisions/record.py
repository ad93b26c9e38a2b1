"""A decision as it is kept: what was decided, by whom, and everything that it rests on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from helder.decisions.errors import FactError, NotReplayed
from helder.decisions.facts import Catalogue, Source, Value, from_json, to_json
from helder.decisions.policy import Result, canonical
from helder.shop.values import Money

FORMAT = 1


@dataclass(frozen=True)
class Given:
    """The value of a fact in this case, and where it came from."""

    fact: str
    value: Value
    source: Source


@dataclass(frozen=True)
class Checked:
    """A condition that was evaluated: as it is written, with its outcome."""

    rule: str
    condition: str
    fact: str
    outcome: bool


@dataclass(frozen=True)
class Decision:
    """What a policy decided.

    `about` says what it was about, such as an order number. `checked` holds every condition of
    every rule up to and with the one that decided. `by` is who or what decided; `at` is in UTC.
    """

    policy: str
    version: str  # the day from which it is in force, ISO 8601
    digest: str
    about: str
    currency: str
    given: tuple[Given, ...]
    checked: tuple[Checked, ...]
    rule: str
    result: Result
    pays: Money | None
    fee: Money | None
    by: str
    at: datetime

    @property
    def refused(self) -> bool:
        """Is it a no, from which only a person can depart?"""
        return self.result in (Result.REFUSE, Result.REFER)

    @property
    def facts(self) -> dict[str, Value]:
        """The values by name."""
        return {each.fact: each.value for each in self.given}

    def encode(self) -> str:
        """Canonical JSON: the same decision gives the same bytes, always."""
        return canonical(self.plain())

    def plain(self) -> dict[str, Any]:
        """As `json.dumps` takes it."""
        return {
            "format": FORMAT,
            "policy": self.policy,
            "version": self.version,
            "digest": self.digest,
            "about": self.about,
            "currency": self.currency,
            "given": [[g.fact, to_json(g.value), g.source.value] for g in self.given],
            "checked": [[c.rule, c.condition, c.fact, c.outcome] for c in self.checked],
            "rule": self.rule,
            "result": self.result.value,
            "pays": to_json(self.pays),
            "fee": to_json(self.fee),
            "by": self.by,
            "at": self.at.astimezone(timezone.utc).isoformat(),
        }


def decode(text: str, facts: Catalogue) -> Decision:
    """The reverse of `Decision.encode`. Raises NotReplayed: it is no such record."""
    try:
        data = json.loads(text)
        if data["format"] != FORMAT:
            raise NotReplayed(f"A record of format {data['format']} is not known here.")
        return Decision(
            policy=data["policy"],
            version=data["version"],
            digest=data["digest"],
            about=data["about"],
            currency=data["currency"],
            given=tuple(
                Given(name, from_json(facts.known(name), value), Source(source))
                for name, value, source in data["given"]
            ),
            checked=tuple(Checked(*each) for each in data["checked"]),
            rule=data["rule"],
            result=Result(data["result"]),
            pays=_money(data["pays"]),
            fee=_money(data["fee"]),
            by=data["by"],
            at=datetime.fromisoformat(data["at"]),
        )
    except NotReplayed:
        raise
    except (KeyError, TypeError, ValueError, FactError) as error:
        raise NotReplayed(f"This is no record of a decision ({type(error).__name__}).") from None


def _money(data: Any) -> Money | None:
    return None if data is None else Money(data["cents"], data["currency"])
