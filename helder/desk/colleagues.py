"""Employees as the queue sees them, and what each may look at."""

from __future__ import annotations

from starlette.requests import Request

from helder.conversation.entries import ConversationId, Owner
from helder.database import reading
from helder.desk import visit
from helder.desk.errors import DeskError
from helder.desk.state import Desk, desk_of
from helder.handoff import tickets
from helder.handoff.line import Colleague
from helder.staff.employee import Employee
from helder.staff.permissions import Action


def employee_of(request: Request) -> Employee:
    """Who is signed in, on a page that asks for it."""
    session = visit.session(request)
    assert session is not None
    return session.employee


def colleague(employee: Employee) -> Colleague:
    """The same, as the queue sees them."""
    return Colleague(
        employee.id, employee.display, employee.languages, employee.skills, employee.capacity
    )


def conversation_of(request: Request) -> ConversationId:
    """The conversation of this address, if whoever is signed in may look at it.

    That is: one that they have or had last or that is kept for them; any other for who may watch
    what the assistant does, or see all.

    Raises:
        DeskError: 403.
    """
    wanted = ConversationId(request.path_params["conversation"])
    desk, employee = desk_of(request), employee_of(request)
    if not may_see(desk, employee, wanted):
        raise DeskError(403, "not_yours")
    return wanted


def may_see(desk: Desk, employee: Employee, conversation: ConversationId) -> bool:
    """May they look at this one?"""
    if employee.may(Action.SEE_ANY_CONVERSATION):
        return True
    with reading(desk.engine).begin() as connection:
        last = tickets.last_of(connection, conversation)
    if last is not None and employee.id in (last.employee, last.reserved):
        return True
    head = desk.log.head(conversation)
    return head.owner is Owner.ASSISTANT and employee.may(Action.WATCH_LIVE)
