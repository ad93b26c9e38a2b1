"""What a colleague reads first: the packet of a conversation, as a part of its page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from helder.conversation.entries import ConversationId
from helder.database import reading
from helder.decisions.errors import NotReplayed
from helder.desk import history, visit
from helder.desk.colleagues import conversation_of, employee_of
from helder.desk.guard import may
from helder.desk.render import render
from helder.desk.state import Desk, desk_of
from helder.handoff import tickets
from helder.handoff.packet import Packet, Said, packet
from helder.handoff.recounted import Turn
from helder.handoff.summary import Decided, Line, Topic
from helder.staff.permissions import Action

MOST = 12  # messages of which it is told how they were read: the last ones
Json = dict[str, Any]
Mask = Callable[[str], str]


@may(Action.SEE_OWN_CONVERSATION)
async def shown(request: Request) -> Response:
    """The packet."""
    values = await asyncio.to_thread(_looked_at, request, _values)
    return render(request, "packet.html", **values)


@may(Action.SEE_OWN_CONVERSATION)
async def read(request: Request) -> Response:
    """How the customer's messages were read, and which words counted: each is read again."""
    values = await asyncio.to_thread(_looked_at, request, _readings)
    return render(request, "read.html", **values)


def _looked_at(request: Request, make: Callable[[Desk, ConversationId, str, Mask], Json]) -> Json:
    """Something of this conversation, and that its reader saw it is recorded."""
    wanted, desk, session = conversation_of(request), desk_of(request), visit.session(request)
    assert session is not None
    desk.recording.looks(session.id, employee_of(request).id, wanted, again=True)
    mask = partial(history.masked, desk, open_=desk.unmasked.holds(session.id, wanted))
    return make(desk, wanted, visit.language(request), mask)


def _values(desk: Desk, wanted: ConversationId, language: str, mask: Mask) -> Json:
    made = _masked(packet(desk.log.history(wanted), desk.summaries, language), mask)
    with reading(desk.engine).begin() as connection:
        ticket = tickets.last_of(connection, wanted)
    until = (ticket.claimed or ticket.ended) if ticket else None
    return {
        "packet": made,
        "topics": [(t, [x for x in made.lines if x.topic is t]) for t in Topic],
        "heading": lambda topic: desk.summaries.words.heading(topic, language),
        "why": desk.reasons.colleague(ticket.reason, language) if ticket else "",
        "waited": (until or int(desk.clock().timestamp())) - ticket.since if ticket else None,
        "waits": until is None,
        "consents": _consents(desk, wanted, language),
        "decisions": [_decision(desk, each, language) for each in reversed(made.decided)],
    }


def _masked(made: Packet, mask: Mask) -> Packet:
    def said(all_: tuple[Said, ...]) -> tuple[Said, ...]:
        return tuple(replace(each, text=mask(each.text)) for each in all_)

    return replace(
        made,
        lines=tuple(Line(x.topic, mask(x.text), x.number) for x in made.lines),
        corrected=said(made.corrected),
        added=said(made.added),
        slots={name: mask(value) for name, value in made.slots.items()},
    )


def _consents(desk: Desk, wanted: ConversationId, language: str) -> list[tuple[str, str]]:
    """What customers are asked for, and this one's answer that holds ("none": not asked)."""
    purposes = desk.consents.purposes.all
    return [
        (purposes[name].said(language).title, record.state.value if record else "none")
        for name, record in desk.consents.states(wanted).items()
    ]


def _decision(desk: Desk, decided: Decided, language: str) -> Json:
    """A decision in full; `told` is None if it does not replay."""
    decision, words = decided.decision, desk.summaries.explainer.words
    try:
        told = desk.summaries.explainer.told(decided.record, language)
    except NotReplayed:
        told = None
    amounts = [(key, getattr(decision, key)) for key in ("pays", "fee")]
    return {
        "made": decision,
        "number": decided.number,
        "told": told,
        "given": [
            (
                words.fact(each.fact, language),
                words.value(each.fact, each.value, language),
                each.source.value,
            )
            for each in decision.given
        ],
        "amounts": [(key, words.value(key, sum_, language)) for key, sum_ in amounts if sum_],
    }


def _readings(desk: Desk, wanted: ConversationId, language: str, mask: Mask) -> Json:
    turns = packet(desk.log.history(wanted), desk.summaries, language).turns[-MOST:]
    return {"readings": [_reading(desk, each, language, mask) for each in reversed(turns)]}


def _reading(desk: Desk, turn: Turn, language: str, mask: Mask) -> Json:
    reason = None
    if not turn.pressed:
        reason = desk.rereader.why(turn.text, turn.intent, turn.confidence)
    text = mask(turn.text)
    return {
        "turn": turn,
        "text": text,
        "name": desk.summaries.name_of(turn.intent, language) or "",
        # A word by itself is masked by nothing: one is told only where it can still be read.
        "words": None if reason is None else [each for each in reason.named() if each in text],
    }
