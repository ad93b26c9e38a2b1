"""A person, without the dialogue, which may be what is broken: into the line, or a message taken.

With a colleague there the customer waits for them, and what they write goes along. With nobody
there their next words go to a colleague as they are, under a reference number.
"""

from __future__ import annotations

from dataclasses import replace

from helder.conversation.clock import Clock, iso, utc_now
from helder.conversation.entries import (
    Author,
    Choice,
    ConversationId,
    Draft,
    Entry,
    Head,
    Kind,
    Message,
    Owner,
)
from helder.conversation.inbox import Received
from helder.conversation.log import ConversationLog
from helder.gateway.choices import BACK, CORRECT, LEAVE_MESSAGE, PERSON
from helder.handoff.asking import Asking
from helder.handoff.happened import Did, as_written
from helder.handoff.messages import Messages
from helder.handoff.presence import Presences
from helder.handoff.preview import Previews
from helder.handoff.reasons import Reason
from helder.handoff.tickets import Outcome
from helder.masking.policy import MaskingPolicy
from helder.texts import Texts, pick

AFTER_DAMAGE = "after_damage"


class TakesMessages:
    """Takes a message for a colleague, by itself."""

    def __init__(
        self,
        log: ConversationLog,
        messages: Messages,
        texts: Texts,
        masking: MaskingPolicy,
        asking: Asking,
        presences: Presences,
        previews: Previews,
        clock: Clock = utc_now,
    ) -> None:
        self._log = log
        self._messages = messages
        self._texts = texts
        self._masking = masking
        self._asking = asking
        self._presences = presences
        self._previews = previews
        self._clock = clock

    def offer(
        self, conversation: ConversationId, key: str, choice: str = "person_choice"
    ) -> Message:
        """A system message with the button for a person under it."""
        language = self._log.language(conversation)
        button = Choice(self._texts.system(choice, language), PERSON)
        text = self._texts.system(key, language)
        return Message(Author.SYSTEM, text, iso(self._clock()), (button,))

    def note(self, received: Received) -> dict[str, str]:
        """What is told, in each language, to who wrote something that was masked."""
        return self._masking.told(received.masked)

    def heard(self, conversation: ConversationId, received: Received, *more: Message) -> Draft:
        """A customer's message as an entry of its own, outside a turn, and what is said to it."""
        message = Message(Author.CUSTOMER, received.text, received.time, id=received.id)
        if received.masked:
            text = self.note(received)[pick(self._log.language(conversation))]
            more = (Message(Author.SYSTEM, text, iso(self._clock())), *more)
        return Draft(Kind.SAID, (message, *more))

    def after_damage(self, conversation: ConversationId) -> None:
        """The first words of a conversation in the place of one that is locked."""
        offer = self.offer(conversation, AFTER_DAMAGE, "message_choice")
        self._log.append(conversation, Draft(Kind.SAID, (offer,)))

    def begin(self, head: Head, waiting: list[Received]) -> None:
        """The button was pressed: from now on the customer's words are for a person.

        With somebody there they come into the line; otherwise a message is taken. `waiting` is what
        is in the inbox, up to and with the button: it goes along.

        Raises:
            Conflict, NotPending: somebody was quicker, and nothing was done.
        """
        of = head.position.conversation
        answers = [(self.heard(of, received), received.id) for received in waiting]
        if self._presences.anybody(self._log.language(of)):
            self._asking.ask(head.position, self._why(of, waiting[-1]), answers)
        else:
            asked = self._asks(head)
            self._log.change_owner(head.position, Owner.WAITING, asked, answers)

    def take(self, head: Head, received: Received) -> None:
        """A message that was written while a person has the conversation, or is waited for.

        Raises:
            Conflict, NotPending: somebody was quicker, and it is not taken.
        """
        of = head.position.conversation
        if head.owner is Owner.CLOSED:
            self._asking.reopens(head.position)  # it is still in the inbox, and is answered next
        elif head.owner is Owner.EMPLOYEE:
            self._asking.wrote(head.position, self.heard(of, received), received.id)
        elif self._asking.is_in_line(of):
            self._take_in_line(head, received)
        elif received.payload in (PERSON, CORRECT):  # there is nothing yet to pass on
            again = self.heard(of, received, self._asks(head))
            self._log.save_turn(head.position, again, received.id)
        elif received.payload == BACK:
            back = self._says(head, "person_not")
            answers = [(self.heard(of, received), received.id)]
            self._log.change_owner(head.position, Owner.ASSISTANT, back, answers)
        else:
            self._pass_on(head, received)

    def _take_in_line(self, head: Head, received: Received) -> None:
        of = head.position.conversation
        heard = self.heard(of, received)
        if received.payload == BACK:
            answers = [(heard, received.id)]
            self._asking.leave(head.position, Outcome.LEFT, "handoff_left", answers)
        elif received.payload == LEAVE_MESSAGE:
            told = self._asks(head)
            self._asking.leave_message(head.position, told, [(heard, received.id)])
        elif received.payload == PERSON:
            still = self.heard(of, received, self._says(head, "handoff_waiting_still"))
            self._asking.wrote(head.position, still, received.id)
        else:
            self._asking.wrote(head.position, self._with_summary(of, received), received.id)

    def _with_summary(self, of: ConversationId, received: Received) -> Draft:
        """What they wrote in line, or what it has to do with what the colleague reads first."""
        if received.payload == CORRECT:
            asks = self.heard(of, received, self._previews.asks(of))
            return replace(asks, handoff=as_written(Did.CORRECTING))
        if self._previews.is_being_corrected(of):
            thanks = self.heard(of, received, self._previews.thanks(of))
            return replace(thanks, handoff=as_written(Did.CORRECTED))
        return self.heard(of, received)

    def _pass_on(self, head: Head, received: Received) -> None:
        # Kept for the colleague first and shown after it: a crash in between repeats this, under
        # the same key, and loses nothing.
        conversation = head.position.conversation
        language = self._log.language(conversation)
        said_before = _since_last_turn(self._log.history(conversation))
        words = [m.text for m in said_before if m.author is Author.CUSTOMER]
        pressed = {self._texts.system(key, language) for key in ("person_choice", "message_choice")}
        reference = self._messages.leave(
            conversation=conversation,
            contact="",
            text="\n".join([*(word for word in words if word not in pressed), received.text]),
            language=language,
            reason=self._reason(said_before, language),
            key=f"{conversation}:{received.id}",
        )
        taken = self._says(head, "person_taken", reference=reference)
        answers = [(self.heard(conversation, received), received.id)]
        self._log.change_owner(head.position, Owner.ASSISTANT, taken, answers)

    def _why(self, of: ConversationId, pressed: Received) -> Reason:
        """The widget's own button stands under no message; ours say why there is one."""
        if pressed.offered is None:
            return Reason.ASKED
        told = _since_last_turn(self._log.history(of))
        damaged = self._reason(told, self._log.language(of)) == "conversation_damaged"
        return Reason.DAMAGED if damaged else Reason.UNAVAILABLE

    def _reason(self, said_before: list[Message], language: str) -> str:
        """One of the reasons that the desk has words for (policies/desk.yml)."""
        told = self._texts.system(AFTER_DAMAGE, language)
        after_damage = any(m.author is Author.SYSTEM and m.text == told for m in said_before)
        return "conversation_damaged" if after_damage else "assistant_unavailable"

    def _asks(self, head: Head) -> Message:
        language = self._log.language(head.position.conversation)
        button = Choice(self._texts.system("person_back", language), BACK)
        return replace(self._says(head, "person_ask"), choices=(button,))

    def _says(self, head: Head, key: str, **values: str) -> Message:
        language = self._log.language(head.position.conversation)
        text = self._texts.system(key, language, **values)
        return Message(Author.SYSTEM, text, iso(self._clock()))


def _since_last_turn(entries: list[Entry]) -> list[Message]:
    turns = [at for at, entry in enumerate(entries) if entry.kind is Kind.TURN]
    later = entries[turns[-1] + 1 :] if turns else entries
    return [message for entry in later for message in entry.messages]
