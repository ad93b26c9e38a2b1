"""Turns as Rasa and the store write them: a message, how it was read, what was answered."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

from helder.conversation.entries import Author, Draft, Kind, Message
from helder.decisions.archive import Archive
from helder.decisions.evaluate import Case
from helder.decisions.facts import Fact, Type, Value
from helder.decisions.record import Given
from helder.shop.facts import FACTS
from helder.shop.policy import load_policy
from helder.shop.values import Money

AT = "2026-11-20T13:03:00.000Z"


def turn(
    text: str,
    intent: str,
    *answers: tuple[str, str],
    payload: str = "",
    loop: str | None = None,
    inside: str | None = None,
    language: str = "en",
    **slots: Any,
) -> Draft:
    """`answers` are names of responses with their texts; `loop` is the form that it begins, and
    `inside` the one that deals with the message."""
    heard = {"intent": {"name": intent, "confidence": 0.9731}}
    events: list[dict[str, Any]] = [
        {"event": "user", "text": payload or text, "parse_data": heard},
        {"event": "action", "name": inside or loop or "action_answer"},
    ]
    if loop:
        events.append({"event": "active_loop", "name": loop})
    events += [{"event": "slot", "name": name, "value": value} for name, value in slots.items()]
    for name, said in answers:
        events.append({"event": "bot", "text": said, "metadata": {"utter_action": name}})
    messages = (
        Message(Author.CUSTOMER, text, AT),
        *(Message(Author.ASSISTANT, said, AT) for _, said in answers),
    )
    state = {"slots": {"language": language, **slots}}
    return Draft(Kind.TURN, messages, events=tuple(events), state=state)


def ended(form_done: Draft) -> Draft:
    """The same turn, with which the form is over."""
    over = {"event": "active_loop", "name": None}
    return Draft(
        form_done.kind, form_done.messages, (*form_done.events, over), state=form_done.state
    )


def refusal(archive: Archive, about: str = "HD-204817") -> str:
    """The record of a real decision: nothing of this order has arrived, so nothing can go back."""
    policy = load_policy()
    archive.keep(policy.versions())
    at = datetime(2026, 11, 20, 13, 3, tzinfo=timezone.utc)
    given = tuple(Given(name, _plainest(fact), fact.source) for name, fact in FACTS.items())
    decision = policy.decide("returns", Case(about, "EUR", given), at)
    assert decision.rule == "not_delivered"
    return decision.encode()


def _plainest(fact: Fact) -> Value:
    if fact.may_be_unknown:
        return None
    plainest: dict[Type, Value] = {
        Type.YES_NO: False,
        Type.MONEY: Money(0, "EUR"),
        Type.WHOLE: 0,
        Type.LIST: frozenset(),
    }
    return plainest.get(fact.type, fact.options[0] if fact.options else date(2026, 11, 1))
