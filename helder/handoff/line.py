"""The line as one colleague sees it: whom they may take, and who is first of those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from helder.handoff.able import Agent, able, taken
from helder.handoff.order import order
from helder.handoff.priority import Priority
from helder.handoff.tickets import Ticket


@dataclass(frozen=True)
class Colleague:
    """An employee who answers customers. `name` is what customers see; `id` is opaque."""

    id: str
    name: str
    languages: frozenset[str]
    skills: frozenset[str] = frozenset()
    capacity: int = 1

    @property
    def agent(self) -> Agent:
        """As the order of the queue sees them."""
        return Agent(self.id, self.languages, self.skills, self.capacity)


def first_for(
    waiting: Sequence[Ticket], who: Colleague, now: int, priority: Priority
) -> Ticket | None:
    """Whom this colleague takes next: who was passed on to them, or else who is first in line."""
    reserved = [each for each in waiting if each.reserved == who.id]
    mine = reserved or [
        each
        for each in waiting
        if not each.is_kept_for_another(who.id, now) and able(who.agent, each.asked)
    ]
    if not mine:
        return None
    moment = datetime.fromtimestamp(now, timezone.utc)
    found = order([each.asked.waiting for each in mine], moment, priority.weights, at_most=1)
    return next(each for each in mine if each.number == found[0].waiting.number)


def overtaken_by(waiting: Sequence[Ticket], one: Ticket, who: Colleague, now: int) -> list[int]:
    """The numbers of those who came before and could have been taken instead (order.py, the bound).

    Who is passed on takes no turn: they were being helped already.
    """
    if one.reserved is not None:
        return []
    asked = [each.asked for each in waiting if not each.is_kept_for_another(who.id, now)]
    left = {each.waiting.number: each for each in taken(who.agent, asked, one.asked.waiting)}
    return [
        each.number
        for each in waiting
        if each.number in left and left[each.number].waiting.overtaken > each.overtaken
    ]
