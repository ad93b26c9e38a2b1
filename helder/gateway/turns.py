"""The turns: what waits in the inbox is answered in order, one at a time per conversation.

A message leaves the inbox only in the transaction that puts its answer into the log. So whatever
dies, and whenever, it is answered once: the task goes on after a restart where it was, or another
gateway on the same database takes it up.
"""

from __future__ import annotations

import asyncio
import contextlib

import structlog

from helder.brain.client import BrainClient, Outcome
from helder.conversation.entries import (
    ERASE,
    ConversationId,
    Draft,
    Head,
    Kind,
    Owner,
)
from helder.conversation.errors import (
    Conflict,
    Locked,
    NotPending,
    Tampered,
    UnknownConversation,
)
from helder.conversation.inbox import Inbox, Received
from helder.conversation.log import ConversationLog
from helder.gateway.attempts import Attempts
from helder.gateway.choices import BACK, CORRECT, LEAVE_MESSAGE, PERSON
from helder.gateway.erasing import Erases
from helder.gateway.metrics import TURNS
from helder.gateway.person import TakesMessages
from helder.gateway.turnlocks import TurnLocks
from helder.gateway.without_ai import WithoutAI
from helder.live.changes import Changes

logger = structlog.get_logger(__name__)

# Before we look again at a conversation that another gateway is working at.
ELSEWHERE_PAUSE = 1.0
# How often a message may break something before it is set aside, with the customer's words kept.
TRIES = 5
# After so many failures in a row the customer is told; before that, a restart may mend it unseen.
PATIENCE = 3


class Turns:
    """One task per conversation that has something in its inbox."""

    def __init__(
        self,
        log: ConversationLog,
        inbox: Inbox,
        brain: BrainClient,
        changes: Changes,
        person: TakesMessages,
        without_ai: WithoutAI,
        erases: Erases,
        locks: TurnLocks,
    ) -> None:
        self._log = log
        self._inbox = inbox
        self._brain = brain
        self._changes = changes
        self._person = person
        self._without_ai = without_ai
        self._erases = erases
        self._locks = locks
        self._tasks: dict[ConversationId, asyncio.Task[None]] = {}
        self._again: set[ConversationId] = set()
        self._woken: dict[ConversationId, asyncio.Event] = {}
        self._stopping = False

    def wake(self, conversation: ConversationId) -> None:
        """Something is in the inbox of this conversation."""
        if self._stopping:
            return
        if conversation in self._tasks:
            self._again.add(conversation)
            self._woken[conversation].set()
            return
        self._woken[conversation] = asyncio.Event()
        task = asyncio.create_task(self._run(conversation))
        self._tasks[conversation] = task
        task.add_done_callback(lambda _: self._ended(conversation))

    async def sweep(self, every: float) -> None:
        """Take up what was left behind, for as long as this task lives.

        At the start all that waits; then what waits at two looks in a row, `every` seconds apart,
        and is not being tried here: its gateway died. (If it is alive, it has the lock.)
        """
        self._stopping = False
        before: set[ConversationId] | None = None
        while True:
            try:
                now = set(await asyncio.to_thread(self._inbox.waiting))
            except Exception as error:
                logger.error("sweep_failed", exc_info=error)
            else:
                self._take_up(now if before is None else now & before)
                before = now
            await asyncio.sleep(every)

    def _take_up(self, waiting: set[ConversationId]) -> None:
        for conversation in waiting - self._tasks.keys():
            self.wake(conversation)

    async def stop(self) -> None:
        """Stop working; what is in the inbox stays there."""
        self._stopping = True
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._locks.close()

    def _ended(self, conversation: ConversationId) -> None:
        self._tasks.pop(conversation, None)
        self._woken.pop(conversation, None)
        if conversation in self._again:
            self._again.discard(conversation)
            self.wake(conversation)

    async def _run(self, conversation: ConversationId) -> None:
        attempts, troubles = Attempts(), Attempts()
        while True:
            try:
                await self._drain(conversation, attempts)
                return
            except UnknownConversation:
                return  # shredded in the meantime: there is nobody to answer
            except Tampered as error:
                if not isinstance(error, Locked):
                    await asyncio.to_thread(self._log.lock, conversation, error)
                self._changes.changed(conversation)  # its streams end
                return  # what waits stays there, until it is unlocked
            except Exception as error:
                # Most likely the database: what is in the inbox must not be forgotten for that.
                logger.error("turns_interrupted", conversation=conversation, exc_info=error)
                troubles.failed += 1
                await self._pause(conversation, troubles.pause())

    async def _drain(self, conversation: ConversationId, attempts: Attempts) -> None:
        """Bring every message out of the inbox, however long it takes."""
        try:
            while True:
                async with self._locks.holding(conversation) as ours:
                    if ours:
                        received = await asyncio.to_thread(self._inbox.next, conversation)
                        if received is None:
                            await self._heed(conversation)
                            return
                        attempts.begin(received.id)
                        pause = await self._try(conversation, received, attempts)
                        self._changes.changed(conversation)
                # Without the lock: another gateway may have an assistant that answers.
                await self._pause(conversation, pause if ours else ELSEWHERE_PAUSE)
        finally:
            self._changes.typing(conversation, False)

    async def _try(
        self, conversation: ConversationId, received: Received, attempts: Attempts
    ) -> float:
        """Try to settle one message; how many seconds to wait before the next look."""
        head = await asyncio.to_thread(self._log.head, conversation)
        if await self._erase(conversation, received, attempts):
            return 0
        if await self._kept_from_ai(head, received):
            return 0
        if head.owner is not Owner.ASSISTANT:
            await self._keep_for_person(head, received)
            return 0
        if await self._hand_over(head, received, attempts):
            return 0
        # A button of a line that is over: Rasa knows none of these.
        over = received.payload in (BACK, CORRECT, LEAVE_MESSAGE)
        if over or await self._is_too_late(received, conversation):
            await self._set_aside(conversation, received, "choice_too_late")
            return 0
        outcome = await self._ask(head, received)
        TURNS.labels(outcome.value).inc()
        attempts.count(outcome)
        if outcome is Outcome.SILENT:
            await self._set_aside(conversation, received, "could_not_handle")
        elif outcome is Outcome.DAMAGED:
            raise Tampered("Rasa refused the conversation.")
        elif attempts.failed >= TRIES:
            logger.error("message_set_aside", conversation=conversation)
            await self._set_aside(conversation, received, "could_not_handle")
        elif outcome in (Outcome.FAILED, Outcome.DOWN, Outcome.GONE):
            await self._tell_once(conversation, attempts)
            return attempts.pause()
        return 0

    async def _erase(
        self, conversation: ConversationId, received: Received, attempts: Attempts
    ) -> bool:
        """Does the customer want all of it destroyed, perhaps while we were trying?"""
        if received.payload != ERASE and not attempts.failed + attempts.down:
            return False
        waiting = await asyncio.to_thread(self._inbox.pending, conversation)
        pressed = next((each for each in waiting if each.payload == ERASE), None)
        if pressed is None:
            return False
        await self._erases.erase(conversation, pressed)
        return True

    async def _hand_over(self, head: Head, received: Received, attempts: Attempts) -> bool:
        """Has the customer pressed the button for a person, perhaps while we were trying?"""
        if received.payload != PERSON and not attempts.failed + attempts.down:
            return False
        waiting = await asyncio.to_thread(self._inbox.pending, head.position.conversation)
        pressed = [i for i, message in enumerate(waiting) if message.payload == PERSON]
        if not pressed:
            return False
        with contextlib.suppress(Conflict, NotPending):  # then the loop looks again
            await asyncio.to_thread(self._person.begin, head, waiting[: pressed[0] + 1])
        self._changes.changed(head.position.conversation)
        return True

    async def _pause(self, conversation: ConversationId, seconds: float) -> None:
        """Wait, unless the customer wrote something since the last pause."""
        if not seconds:
            return
        woken = self._woken[conversation]
        with contextlib.suppress(asyncio.TimeoutError):  # nobody wrote: the usual pause
            await asyncio.wait_for(woken.wait(), seconds)
        woken.clear()

    async def _ask(self, head: Head, received: Received) -> Outcome:
        position = head.position
        self._changes.typing(position.conversation, True)
        try:
            return await self._brain.turn(
                position.conversation,
                received.id,
                position.epoch,
                received.text,
                received.payload,
                note=self._person.note(received) if received.masked else None,
                sent=received.time,
            )
        finally:
            self._changes.typing(position.conversation, False)

    async def _keep_for_person(self, head: Head, received: Received) -> None:
        """A person's turn: the message goes into the log as it is, and through no NLU."""
        with contextlib.suppress(Conflict, NotPending):  # then the loop looks again
            await asyncio.to_thread(self._person.take, head, received)
        self._changes.changed(head.position.conversation)

    async def _kept_from_ai(self, head: Head, received: Received) -> bool:
        """Before anything else, and before every message: does its customer want no AI?"""
        try:
            return await asyncio.to_thread(self._without_ai.takes, head, received)
        except (Conflict, NotPending):
            return True  # somebody was quicker: the loop looks again

    async def _heed(self, conversation: ConversationId) -> None:
        """After the last turn: the customer is told at once that nobody reads along any more."""
        await asyncio.to_thread(self._without_ai.heed, conversation)
        self._changes.changed(conversation)

    async def _is_too_late(self, received: Received, conversation: ConversationId) -> bool:
        """Was the question, under which this choice stood, answered while it waited?"""
        if received.offered is None:
            return False
        return not await asyncio.to_thread(self._log.is_open, conversation, received.offered)

    async def _set_aside(self, conversation: ConversationId, received: Received, why: str) -> None:
        """It cannot be answered: it is kept, the customer is told, the next one goes on."""
        head = await asyncio.to_thread(self._log.head, conversation)
        apology = await asyncio.to_thread(self._person.offer, conversation, why)
        draft = self._person.heard(conversation, received, apology)
        with contextlib.suppress(Conflict, NotPending):  # then the loop looks again
            await asyncio.to_thread(self._log.save_turn, head.position, draft, received.id)
        self._changes.changed(conversation)

    async def _tell_once(self, conversation: ConversationId, attempts: Attempts) -> None:
        if not attempts.told and attempts.failed + attempts.down >= PATIENCE:
            await self._say(conversation, "trouble")
            attempts.told = True

    async def _say(self, conversation: ConversationId, key: str) -> None:
        message = await asyncio.to_thread(self._person.offer, conversation, key)
        await asyncio.to_thread(self._log.append, conversation, Draft(Kind.SAID, (message,)))
        self._changes.changed(conversation)
