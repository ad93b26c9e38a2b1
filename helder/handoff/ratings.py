"""How satisfied customers are: a score from 1 to 5, and words if they like.

The scores are figures, without the conversation; the words are in its log alone, and destroyed with
it. There the log keeps which figures are its own, so that a second answer replaces the first.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from helder.conversation.clock import minute
from helder.conversation.entries import ConversationId, Draft, Entry, Kind
from helder.conversation.log import ConversationLog
from helder.conversation.views import has_turn
from helder.handoff import tickets
from helder.handoff.errors import NothingToRate
from helder.handoff.happened import Did, as_written, happened
from helder.handoff.tables import rating
from helder.handoff.tickets import Ticket
from helder.masking.masker import mask

SCORES = range(1, 6)
LONGEST = 500  # characters of what is added


class About(str, Enum):
    """Who is rated."""

    EMPLOYEE = "employee"
    ASSISTANT = "assistant"


class Ratings:
    """What customers answer when they are asked how they were helped."""

    def __init__(self, log: ConversationLog) -> None:
        self._log = log

    def rate(self, conversation: ConversationId, about: About, score: int, words: str = "") -> None:
        """Keep it, once for each ticket and once for the assistant: the last one counts.

        Raises:
            ValueError: there is no such score, or the words are longer than `LONGEST`.
            NothingToRate: neither colleague nor assistant ever helped here.
        """
        if score not in SCORES or len(words) > LONGEST:
            raise ValueError(f"A score is from 1 to 5, with at most {LONGEST} characters.")
        now = minute(self._log.clock())
        language = self._log.language(conversation)[:2]
        with self._log.writing(conversation) as writer:
            entries = writer.entries(1)
            ticket = _rated(writer.connection, conversation, about, entries)
            one = None if ticket is None else str(ticket.number)
            number = _earlier(entries, about, one)
            figures = {
                "minute": now,
                "language": language,
                "about": about.value,
                "employee": None if ticket is None else ticket.employee,
                "ticket": None if ticket is None else ticket.number,
                "score": score,
            }
            detail = {
                "about": about.value,
                "ticket": one,
                "rating": str(_keep(writer.connection, number, figures)),
                "score": str(score),
                "words": mask(words),
            }
            writer.extend(Draft(Kind.SAID, handoff=as_written(Did.RATED, **detail)), now)


def _rated(
    connection: Connection, conversation: ConversationId, about: About, entries: list[Entry]
) -> Ticket | None:
    """The ticket with which a colleague helped; None for the assistant."""
    if about is About.ASSISTANT:
        if not has_turn(entries):
            raise NothingToRate("The assistant has answered nothing here.")
        return None
    ticket = tickets.last_of(connection, conversation)
    if ticket is None or ticket.first_claimed is None:
        raise NothingToRate("No colleague has helped here.")
    return ticket


def _earlier(entries: list[Entry], about: About, ticket: str | None) -> int | None:
    """The number of the answer that was given before, to the same question."""
    given = (each.detail for each in happened(entries) if each.did is Did.RATED)
    same = [d for d in given if d["about"] == about.value and d.get("ticket") == ticket]
    return int(same[-1]["rating"]) if same else None


def _keep(connection: Connection, number: int | None, figures: dict[str, Any]) -> int:
    """Returns the number of the figures."""
    if number is not None:
        known = sa.update(rating).where(rating.c.number == number).values(**figures)
        if connection.execute(known).rowcount:
            return number
    (new,) = connection.execute(sa.insert(rating).values(**figures)).inserted_primary_key
    return int(new)
