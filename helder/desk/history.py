"""A conversation as a colleague sees it: what was said, masked until they ask, and notes."""

from __future__ import annotations

from typing import Any

from helder.conversation.entries import ConversationId, Entry, Head, Owner, Shown
from helder.database import reading
from helder.desk.state import Desk
from helder.handoff import tickets
from helder.handoff.activity import CUSTOMER
from helder.handoff.happened import Did, happened
from helder.staff.errors import UnknownEmployee

Json = dict[str, Any]


def messages(
    desk: Desk, conversation: ConversationId, after: int, *, open_: bool
) -> tuple[Head, list[Json]]:
    """The messages numbered above `after`; `open_`: personal data is shown as it was written."""
    head, shown = desk.log.shown(conversation, after)
    return head, [_message(desk, each, open_=open_) for each in shown]


def _message(desk: Desk, shown: Shown, *, open_: bool) -> Json:
    message = shown.message
    text = masked(desk, message.text, open_=open_)
    return {
        "number": shown.number,
        "author": message.author.value,
        "name": message.name,
        "text": text,
        "hidden": text != message.text,
        "choices": [masked(desk, choice.title, open_=open_) for choice in message.choices],
        "time": message.time,
    }


def masked(desk: Desk, text: str, *, open_: bool) -> str:
    """A text without personal data, unless it is to be shown."""
    return text if open_ else desk.masker.mask(text).text


def notes(desk: Desk, entries: list[Entry], *, open_: bool) -> list[Json]:
    """What colleagues told each other: notes, and what was said when it was passed on."""
    found = []
    for each in happened(entries):
        if each.did in (Did.NOTED, Did.PASSED_ON) and each.detail.get("note"):
            note = masked(desk, each.detail["note"], open_=open_)
            about = {"seq": each.seq, "did": each.did.value, "name": each.detail.get("name")}
            found.append({**about, "note": note})
    return found


def state(desk: Desk, conversation: ConversationId, head: Head, me: str) -> Json:
    """Who has it now, whether that is this colleague, and who else is there."""
    with reading(desk.engine).begin() as connection:
        last = tickets.last_of(connection, conversation)
    there = desk.activities.of(conversation)
    others = [each for each in there if each.who not in (CUSTOMER, me)]
    mine = last is not None and last.employee == me and last.ended is None
    ended = last is not None and last.ended is not None and last.first_claimed is not None
    return {
        "owner": head.owner.value,
        "mine": mine and head.owner is Owner.EMPLOYEE,
        "had": ended,
        "who": name_of(desk, last.employee) if last and last.employee else None,
        "number": last.number if last else None,
        "customer_types": any(each.typing for each in there if each.who == CUSTOMER),
        "others": [{"name": name_of(desk, each.who), "typing": each.typing} for each in others],
    }


def may_get_it(desk: Desk, me: str) -> list[Json]:
    """To whom it can be passed on: colleagues who are there, and the skills they have."""
    there = [each for each in desk.presences.present() if each.employee != me and each.available]
    people = sorted((name_of(desk, each.employee), each.employee) for each in there)
    skills = sorted({skill for each in there for skill in each.skills})
    return [
        *({"value": f"person:{employee}", "title": name} for name, employee in people),
        *({"value": f"skill:{skill}", "title": skill} for skill in skills),
    ]


def name_of(desk: Desk, employee: str) -> str:
    """What a colleague is called; somebody who is gone is called by nothing."""
    try:
        return desk.employees.of(employee).employee.display
    except UnknownEmployee:
        return "?"
