"""Who has a conversation: checked in the transaction in which something is done with it."""

from __future__ import annotations

from helder.conversation.entries import Owner
from helder.conversation.transaction import Writer
from helder.handoff import tickets
from helder.handoff.errors import NotYours
from helder.handoff.tickets import Ticket


def held_by(writer: Writer, employee: str) -> Ticket:
    """The ticket with which this colleague has the conversation.

    Raises:
        NotYours: they do not have it.
    """
    one = tickets.open_of(writer.connection, writer.row.id)
    if one is None or one.employee != employee or writer.row.owner is not Owner.EMPLOYEE:
        raise NotYours("You do not have this conversation.")
    return one
