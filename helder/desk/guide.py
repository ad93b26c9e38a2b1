"""The short guide: what the assistant does well and badly, and when to step in.

Whoever takes conversations reads it before the first one, and again when its words change; that
they read it is kept with their account and recorded (AI Act, Regulation (EU) 2024/1689, art. 4).
"""

from __future__ import annotations

import asyncio
import hashlib
import json

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from helder.audit.acts import Act
from helder.desk import forms
from helder.desk.colleagues import employee_of
from helder.desk.errors import DeskError
from helder.desk.guard import may
from helder.desk.render import render
from helder.desk.state import Desk, desk_of
from helder.desk.texts import Texts
from helder.staff.employee import Employee
from helder.staff.managing import Accounts
from helder.staff.permissions import Action
from helder.texts import LANGUAGES

SECTION = "guide_points"


def version(texts: Texts) -> str:
    """Of which words somebody read: another word in either language makes another version."""
    words = [texts.section(SECTION, language) for language in LANGUAGES]
    return hashlib.sha256(json.dumps(words, sort_keys=True).encode()).hexdigest()[:12]


def is_to_read(desk: Desk, employee: Employee) -> bool:
    """Must they read it before they take a conversation?"""
    return employee.may(Action.CLAIM) and employee.taught != version(desk.texts)


def refuse_untaught(request: Request) -> None:
    """See that whoever takes a conversation has read it.

    Raises:
        DeskError: 409, they have not.
    """
    if is_to_read(desk_of(request), employee_of(request)):
        raise DeskError(409, "read_guide")


@may(Action.CLAIM)
async def guide(request: Request) -> Response:
    """The guide, with a button for who has not read these words of it."""
    desk, employee = desk_of(request), employee_of(request)
    return render(
        request, "guide.html", to_read=is_to_read(desk, employee), version=version(desk.texts)
    )


@may(Action.CLAIM)
async def was_read(request: Request) -> Response:
    """They say that they have read it: these words, not others that came meanwhile."""
    fields = await forms.read(request)
    desk, who = desk_of(request), employee_of(request).id
    shown = fields.get("version", "")
    if shown != version(desk.texts):
        raise DeskError(409, "old_form")
    await asyncio.to_thread(_taught, desk, who, shown)
    return RedirectResponse("/queue", 303)


def _taught(desk: Desk, who: str, shown: str) -> None:
    desk.recording.audit.record(Act.ACCOUNT, who, who, change="read_guide", version=shown)
    Accounts(desk.employees).taught(who, shown, desk.minute())
