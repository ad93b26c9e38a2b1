"""The line, as customers see it: told once in words, kept current in their event streams, and
looked after, so that nobody waits for a colleague who is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import structlog

from helder.conversation.entries import ConversationId, Owner
from helder.conversation.errors import Conflict, Tampered, UnknownConversation
from helder.conversation.log import ConversationLog
from helder.database import reading
from helder.gateway.waiting_words import WaitingWords
from helder.handoff import tickets
from helder.handoff.asking import Asking
from helder.handoff.errors import NotWaiting
from helder.handoff.expected import Unknown
from helder.handoff.policy import HandoffPolicy
from helder.handoff.presence import Presences
from helder.handoff.preview import Previews
from helder.handoff.standing import Standing, Standings, seconds_of
from helder.handoff.tickets import Outcome, Ticket
from helder.live.changes import Changes

logger = structlog.get_logger(__name__)
LOOK_SECONDS = 1.0
AFRESH_SECONDS = 5.0  # a wait is computed, and shown, at most so often
SAW_SECONDS = 60  # so often it is kept that a customer is there


class Line:
    """Looks after everybody in line. What two gateways do at once, one of them does."""

    def __init__(
        self,
        log: ConversationLog,
        asking: Asking,
        standings: Standings,
        presences: Presences,
        policy: HandoffPolicy,
        words: WaitingWords,
        previews: Previews,
        changes: Changes,
    ) -> None:
        self._log = log
        self._asking = asking
        self._standings = standings
        self._presences = presences
        self._policy = policy
        self._words = words
        self._previews = previews
        self._changes = changes
        self._reading = reading(log.engine)
        self._known: Mapping[ConversationId, Standing] = {}
        self._known_at = 0.0

    def shown(self, conversation: ConversationId) -> dict[str, Any] | None:
        """Where a customer stands, for their event stream; None if they are not in line."""
        standing = self._known.get(conversation)
        if standing is None:
            return None
        wait = standing.wait
        content: dict[str, Any] = {"ahead": standing.ahead}
        if isinstance(wait, Unknown):
            content["wait"] = wait.value
        else:
            low, high = wait.low.total_seconds() / 60, wait.high.total_seconds() / 60
            content["wait"] = {"low": int(low), "high": int(high)}
        return content

    async def look(self) -> None:
        """Look after the line, for as long as this task lives."""
        while True:
            try:
                await asyncio.to_thread(self.once)
                for conversation in self._known:
                    self._changes.stands(conversation)
            except Exception as error:
                # The next look may succeed, and somebody must see that this one did not.
                logger.error("line_not_looked_at", exc_info=error)
            await asyncio.sleep(LOOK_SECONDS)

    def once(self) -> None:
        """Lose whose colleague is gone, drop who is gone themselves, tell who has not been told."""
        now = int(self._log.clock().timestamp())
        with self._reading.begin() as connection:
            waiting, held = tickets.waiting(connection), tickets.held(connection)
        for one in held:
            self._see_to(one, self._lose_if_alone, now)
        for one in waiting:
            self._see_to(one, self._drop_if_gone, now)
        untold = [one for one in waiting if one.told is None]
        if untold or now - self._known_at >= AFRESH_SECONDS:
            self._known, self._known_at = self._standings.of(), now
        for one in untold:
            self._see_to(one, self._tell, now)

    def _see_to(self, one: Ticket, see: Any, now: int) -> None:
        # A conversation that is damaged, gone or busy must not keep the others waiting.
        try:
            see(one, now)
        except (Conflict, UnknownConversation, NotWaiting):
            return  # somebody was quicker: the next look sees what is left to do
        except Tampered as error:
            logger.debug("line_skips_damaged", conversation=one.conversation, exc_info=error)

    def _lose_if_alone(self, one: Ticket, now: int) -> None:
        away = now - self._presences.seen().get(str(one.employee), 0) > self._policy.offline_seconds
        silent = one.unanswered is not None and (
            now - one.unanswered > 60 * self._policy.silent_minutes
        )
        if (away or silent) and self._asking.lose(one.conversation, one.number):
            logger.warning("colleague_lost", ticket=one.number, away=away)
            self._changes.changed(one.conversation)

    def _drop_if_gone(self, one: Ticket, now: int) -> None:
        if one.conversation in self._changes.watched():
            if now - one.seen >= SAW_SECONDS:
                self._asking.saw(one.number)
        elif now - one.seen > 60 * self._policy.gone_minutes:
            position = self._log.head(one.conversation).position
            self._asking.leave(position, Outcome.ABANDONED, "handoff_gone")
            self._changes.changed(one.conversation)

    def _tell(self, one: Ticket, _now: int) -> None:
        standing = self._known.get(one.conversation)
        head = self._log.head(one.conversation)
        if standing is None or head.owner is not Owner.WAITING:
            return
        text, choices = self._words.say(standing, self._log.language(one.conversation))
        interval = seconds_of(standing.wait)
        preview = self._previews.due(one.conversation)
        self._asking.tell(head.position, one.number, text, choices, interval, preview)
        self._changes.changed(one.conversation)
