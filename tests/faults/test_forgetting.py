"""Forgetting meets every fault at every statement: what is over goes in the end, and nothing else.

In between a conversation is whole or gone for everybody; there is no half of one.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from rasa.core.agent import Agent

from helder.conversation import tables
from helder.conversation.entries import Author, ConversationId
from helder.conversation.errors import UnknownConversation
from helder.conversation.log import ConversationLog
from helder.settings import Settings
from tests.aio import run
from tests.conversation.conftest import MovedClock
from tests.faults import kinds, scenes
from tests.faults.customer import Customer
from tests.faults.house import House, build_house, living
from tests.faults.injector import Fault
from tests.faults.invariants import Witness, witness

FAULTS = (
    *(kinds.LOCKED, kinds.FULL, kinds.LOST, kinds.UNHEARD, kinds.HALF_DONE),
    *(kinds.NO_KEY, kinds.NO_ANCHOR, kinds.ANCHOR_UNHEARD),
)
SECRET = "kanarieblauw"
OWN_TABLES = (tables.conversation, tables.entry, tables.inbox, tables.proof, tables.former_key)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_what_is_over_is_gone_in_the_end_whatever_fails_and_nothing_else_is(
    settings: Settings, agent: Agent, fault: Fault
) -> None:
    async def play() -> None:
        clock = MovedClock()
        house = build_house(settings, agent, clock)
        async with living(house):
            young = Customer(house.http)
            await scenes.TURN.before(house, young)
            with witness(settings, clock) as seen:
                first, failed = 1, True
                while failed:
                    failed = forget_one(house, seen, clock, young, fault, first)
                    first += 1
                await scenes.TURN.act(house, young)
                seen.check_all([young])

    run(play())


def forget_one(
    house: House, seen: Witness, clock: MovedClock, young: Customer, fault: Fault, first: int
) -> bool:
    """Let a conversation grow old, and forgetting fail; False if there was nothing to fail."""
    log, retention = house.gateway.log, house.gateway.kept.conversation_minutes
    old = log.open("en", timedelta(days=1)).conversation
    log.say(old, Author.ASSISTANT, SECRET)
    clock.move(minutes=retention + 1)
    log.say(ConversationId(young.conversation), Author.SYSTEM, min(seen.outage))
    house.injector.plan(fault, first)
    house.gateway.forgetting.once()
    house.injector.heal()
    failed = bool(house.injector.failed)
    try:
        assert [m.text for e in seen.log.history(old) for m in e.messages] == [SECRET]
        assert failed
    except UnknownConversation:
        pass  # the fault came too late, or it was tried again: then all of it is gone
    seen.check(young)
    house.gateway.forgetting.once()
    with pytest.raises(UnknownConversation):
        seen.log.history(old)
    assert rows_of(seen.log, old) == 0
    return failed


def rows_of(log: ConversationLog, conversation: ConversationId) -> int:
    with log.engine.connect() as connection:
        return sum(
            connection.execute(
                sa.select(sa.func.count())
                .select_from(table)
                .where(
                    getattr(table.c, "id" if table is tables.conversation else "conversation")
                    == conversation
                )
            ).scalar()
            for table in OWN_TABLES
        )
