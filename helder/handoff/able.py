"""Which agent can take which case. This only filters: nothing here ever ranks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from helder.handoff.factors import Weights
from helder.handoff.order import Waiting, first, take


@dataclass(frozen=True)
class Asked:
    """A case that waits, and what an agent must be able to do for it.

    `skill` is "" where everybody will do.
    """

    waiting: Waiting
    language: str
    skill: str = ""


@dataclass(frozen=True)
class Agent:
    """Somebody who is present. `busy` says since when each of their conversations has lasted."""

    name: str
    languages: frozenset[str]
    skills: frozenset[str] = frozenset()
    capacity: int = 1
    busy: tuple[datetime, ...] = ()

    @property
    def room(self) -> int:
        """How many conversations they can still take."""
        return max(0, self.capacity - len(self.busy))


def able(agent: Agent, asked: Asked) -> bool:
    """Can this agent help with it: do they speak the language, and know the trade?"""
    return asked.language in agent.languages and asked.skill in {"", *agent.skills}


def next_for(
    agent: Agent, queue: Iterable[Asked], now: datetime, weights: Weights
) -> Waiting | None:
    """Whom this agent takes next; None if there is nobody whom they can take."""
    mine = [asked.waiting for asked in queue if able(agent, asked)]
    return first(mine, now, weights) if mine else None


def taken(agent: Agent, queue: Iterable[Asked], one: Waiting) -> tuple[Asked, ...]:
    """Who waits on when this agent has taken this one.

    Overtaken are those whom this agent could have taken as well (order.py, the bound).
    """
    all_of_them = [asked for asked in queue if asked.waiting.number != one.number]
    mine = [asked.waiting for asked in all_of_them if able(agent, asked)]
    counted = {waiting.number: waiting for waiting in take(mine, one)}
    return tuple(
        Asked(counted.get(each.waiting.number, each.waiting), each.language, each.skill)
        for each in all_of_them
    )


def ahead(asked: Asked, ordered: Iterable[Asked], present: Iterable[Agent]) -> tuple[Asked, ...]:
    """Everybody who is really ahead in the order: whom an agent takes who could take this one.

    If nobody who is present can take it, that is everybody before it.
    """
    helpers = [agent for agent in present if able(agent, asked)]
    found = []
    for each in ordered:
        if each.waiting.number == asked.waiting.number:
            break
        if not helpers or any(able(agent, each) for agent in helpers):
            found.append(each)
    return tuple(found)
