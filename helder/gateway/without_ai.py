"""A customer who wants no AI: from then on their words go to people as they are, through no NLU.

What holds is looked up before every message (`OptOuts.holds`), so it does not hang on the owner of
the conversation, which other things change too. It ends with a button of ours: a payload that only
the gateway knows, and never with words, since nobody reads them. GDPR art. 21(5) and 22(3).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace

from helder.conversation.clock import iso
from helder.conversation.entries import (
    Author,
    Choice,
    ConversationId,
    Draft,
    Head,
    Kind,
    Message,
    Owner,
)
from helder.conversation.errors import Conflict
from helder.conversation.inbox import Received
from helder.conversation.log import ConversationLog
from helder.gateway.choices import BACK, CORRECT, PERSON, WITH_AI
from helder.gateway.person import TakesMessages
from helder.handoff.asking import Answers, Asking
from helder.handoff.going_on import pass_on
from helder.handoff.messages import Messages
from helder.handoff.opening import OpeningHours
from helder.handoff.presence import Presences
from helder.handoff.reasons import Reason
from helder.handoff.tickets import Outcome
from helder.optout.records import Method, OptOuts
from helder.texts import Texts

REASON = "no_ai"  # one of those that the desk has words for (policies/desk.yml)


class WithoutAI:
    """Keeps what a customer writes from the assistant, and brings it to a colleague."""

    def __init__(
        self,
        log: ConversationLog,
        opt_outs: OptOuts,
        messages: Messages,
        person: TakesMessages,
        texts: Texts,
        hours: OpeningHours,
        asking: Asking,
        presences: Presences,
    ) -> None:
        self.opt_outs = opt_outs
        self._log = log
        self._messages = messages
        self._person = person
        self._texts = texts
        self._hours = hours
        self._asking = asking
        self._presences = presences

    def begins(self, conversation: ConversationId) -> None:
        """At the opening: does the customer want no AI, as they said in another conversation?"""
        if self.opt_outs.begins(conversation):
            self.heed(conversation)

    def chosen(self, conversation: ConversationId, *, out: bool) -> None:
        """Chosen in the customer's own overview, outside the dialogue. Again changes nothing."""
        if out:
            self.opt_outs.opt_out(conversation, Method.PANEL)
            self.heed(conversation)
        elif self.opt_outs.holds(conversation):
            self.opt_outs.undo(conversation, Method.PANEL)
            self._settle(conversation, self._give_back)

    def heed(self, conversation: ConversationId) -> None:
        """Take the conversation from the assistant, and say so, if its customer wants no AI."""
        if self.opt_outs.holds(conversation):
            self._settle(conversation, self._take_over)

    def takes(self, head: Head, received: Received) -> bool:
        """Is this message kept from the assistant? Then that is done.

        Raises:
            Conflict, NotPending: somebody was quicker, and it is not.
        """
        conversation = head.position.conversation
        if received.payload == WITH_AI:
            self._undo(head, received)
            return True
        if head.owner is Owner.EMPLOYEE or not self.opt_outs.holds(conversation):
            return False
        if head.owner in (Owner.ASSISTANT, Owner.CLOSED):
            self._take_over(head)  # the message is still in the inbox, and comes next
        elif self._asking.is_in_line(conversation) and received.payload != BACK:
            self._person.take(head, received)
        elif received.payload in (PERSON, BACK, CORRECT):  # old buttons: nothing to pass on
            self._answer(head, received, self._told(conversation, "no_ai_still"))
        else:
            self._pass_on(head, received)
        return True

    def _take_over(self, head: Head) -> None:
        if head.owner is Owner.EMPLOYEE:
            return  # it holds when they are done
        conversation = head.position.conversation
        self.opt_outs.adopt(conversation)  # perhaps it was said in another conversation
        if head.owner is Owner.WAITING and self._was_told(conversation):
            return
        earlier = self.opt_outs.records(conversation)[-1].method is Method.REMEMBERED
        lead = "no_ai_before" if earlier else "no_ai_now"
        if self._presences.anybody(self._log.language(conversation)):
            told = self._fetched(conversation, lead)
            self._asking.ask(head.position, Reason.NO_AI, messages=(told,))
        else:
            told = self._told(conversation, lead)
            self._log.change_owner(head.position, Owner.WAITING, told)

    def _was_told(self, conversation: ConversationId) -> bool:
        """Is the button there with which it is undone?"""
        for entry in reversed(self._log.history(conversation)):
            if entry.kind is Kind.OWNED:
                return any(c.payload == WITH_AI for m in entry.messages for c in m.choices)
        return False

    def _undo(self, head: Head, received: Received) -> None:
        conversation = head.position.conversation
        self.opt_outs.undo(conversation, Method.BUTTON)
        if head.owner is Owner.WAITING:
            answers = [(self._person.heard(conversation, received), received.id)]
            self._to_assistant(head, answers)
        else:
            key = "no_ai_over" if head.owner is Owner.ASSISTANT else "no_ai_over_later"
            self._answer(head, received, self._says(conversation, key))

    def _give_back(self, head: Head) -> None:
        if head.owner is Owner.WAITING:
            self._to_assistant(head)
        elif head.owner is Owner.EMPLOYEE:
            later = self._says(head.position.conversation, "no_ai_over_later")
            self._log.append(head.position.conversation, Draft(Kind.SAID, (later,)), head.position)

    def _to_assistant(self, head: Head, answers: Answers = ()) -> None:
        if self._asking.is_in_line(head.position.conversation):
            self._asking.leave(head.position, Outcome.LEFT, "no_ai_over", answers)
        else:
            back = self._says(head.position.conversation, "no_ai_over")
            self._log.change_owner(head.position, Owner.ASSISTANT, back, answers)

    def _pass_on(self, head: Head, received: Received) -> None:
        # Kept for the colleague first and shown after it: a crash in between repeats this, and the
        # same part is taken once.
        conversation = head.position.conversation
        passed = pass_on(
            self._messages,
            conversation,
            received.text,
            self._log.language(conversation),
            REASON,
            received.id,
        )
        key = "no_ai_taken" if passed.begins else "no_ai_added"
        said = self._says(conversation, key, reference=passed.reference)
        # The button comes each time: a client may close those above what was said since.
        self._answer(head, received, self._with_undo(conversation, said))

    def _answer(self, head: Head, received: Received, answer: Message) -> None:
        draft = self._person.heard(head.position.conversation, received, answer)
        self._log.save_turn(head.position, draft, received.id)

    def _fetched(self, conversation: ConversationId, lead: str) -> Message:
        """Somebody is there: they come here."""
        language = self._log.language(conversation)
        said = self._says(conversation, "no_ai_line", lead=self._texts.system(lead, language))
        return self._with_undo(conversation, said)

    def _told(self, conversation: ConversationId, lead: str) -> Message:
        """What happens to their words now, when somebody answers, how long it holds, and undo."""
        language, days = self._log.language(conversation), self._hours.answer_days
        within = "no_ai_within_one" if days == 1 else "no_ai_within"
        known = self.opt_outs.is_remembered(conversation)
        told = self._says(
            conversation,
            "no_ai_how",
            lead=self._texts.system(lead, language),
            within=self._texts.system(within, language, days=days),
            phone=self._hours.phone,
            lasts=self._texts.system("no_ai_account" if known else "no_ai_here", language),
        )
        return self._with_undo(conversation, told)

    def _with_undo(self, conversation: ConversationId, message: Message) -> Message:
        title = self._texts.system("no_ai_undo", self._log.language(conversation))
        return replace(message, choices=(Choice(title, WITH_AI),))

    def _says(self, conversation: ConversationId, key: str, **values: str) -> Message:
        text = self._texts.system(key, self._log.language(conversation), **values)
        return Message(Author.SYSTEM, text, iso(self._log.clock()))

    def _settle(self, conversation: ConversationId, change: Callable[[Head], None]) -> None:
        """Do it outside a turn, which may go on meanwhile: again until nobody was quicker."""
        while True:
            with contextlib.suppress(Conflict):  # a turn was quicker: look again
                return change(self._log.head(conversation))
