"""Why: is this asked, was it refused, was that said, is nobody there.

Answered from what was really said, understood and decided in this conversation, never from a guess:
a decision from its record, replayed first (helder/decisions/explainer.py).
"""

from __future__ import annotations

import re

import structlog

from actions.base import Events, HelderAction, Voice
from actions.history import Answer
from actions.turn import DECISIONS, Turn
from actions.wording import shortened
from helder.decisions.errors import NotReplayed
from helder.decisions.memory import recalled
from helder.shop.facts import FACTS

logger = structlog.get_logger(__name__)

_NUMBER = re.compile(r"\b[A-Z]{2}-\d{6}\b")
# The beginnings of answers that say no. The proof of an order has a reason of its own.
_NO = re.compile(
    r"utter_(?!why)(\w+_refused(_\w+)?|not_possible|change_order_(?!how|now|ask)\w+|fee_never)$"
)
_PROOF = {"utter_proof_refused", "utter_not_proven", "utter_too_many_attempts"}


class Why(HelderAction):
    """Why something is asked, was refused, was said, or takes so long."""

    called = "action_why"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        said, words = turn.vocabulary.why, _after_a_moment(turn)
        question = f"utter_why_{turn.requested}"
        asks_about_no = said.refused.are_in(words)
        refusal = next(filter(_is_no, turn.answers(None if asks_about_no else 1)), None)
        if self._about_an_order(turn, voice):
            pass
        elif said.waiting.are_in(said.not_waiting.without(words)):
            within = voice.words.working_days(self.services.hours.answer_days)
            voice.say("utter_why_waiting", within=within)
        elif refusal and refusal.response in _PROOF:
            voice.say("utter_why_order_proof")
        elif refusal and (asks_about_no or not turn.form) and not said.said.are_in(words):
            self._why_refused(turn, voice, refusal)
        elif self.services.phrases.has(question) and not said.said.are_in(words):
            voice.say(question)
        else:
            self._why_said(turn, voice)
        return []

    def _about_an_order(self, turn: Turn, voice: Voice) -> bool:
        """Tell of an earlier decision about an order that the message names, if there was one."""
        named = turn.order_numbers()
        return len(named) == 1 and self._why_decided(turn, voice, named[0])

    def _why_refused(self, turn: Turn, voice: Voice, refusal: Answer) -> None:
        """From the record; what a shop refused by rules of its own, in the words it was told in."""
        numbers = _NUMBER.findall(refusal.text)
        if not self._why_decided(turn, voice, numbers[0] if numbers else None):
            voice.say("utter_why_refused", said=refusal.text)

    def _why_decided(self, turn: Turn, voice: Voice, about: str | None) -> bool:
        """Explain the newest refusal about an order (None: any); else the newest decision."""
        known = recalled(turn.slot(DECISIONS), FACTS)
        mine = [each for each in known if about in (None, each[0].about)]
        mine.sort(key=lambda each: not each[0].refused)
        if not mine:
            return False
        try:
            told = self.services.explainer.told(mine[0][1], turn.language)
        except NotReplayed as error:
            logger.error("decision.not_replayed", kind=type(error).__name__)
            return False
        values = {
            "order_number": told.decision.about,
            "reason": told.reason,
            "mattered": told.mattered,
            "contest": told.contest,
        }
        if told.changed:
            voice.say("utter_why_decided_changed", changed=told.changed, **values)
        else:
            voice.say("utter_why_decided", **values)
        return True

    def _why_said(self, turn: Turn, voice: Voice) -> None:
        """How the customer's message before this one was read."""
        earlier = turn.earlier_message()
        reading = f"utter_reading_{earlier.intent}" if earlier else ""
        if earlier and self.services.phrases.has(reading):
            voice.say(
                "utter_why_said",
                message=shortened(earlier.text),
                reading=voice.words.phrase(reading),
            )
        else:
            voice.say("utter_why_general")


def _after_a_moment(turn: Turn) -> str:
    """The message without the moment that is asked for first: "ok wait, why do you need that"."""
    before, comma, after = turn.text.partition(",")
    first, _, rest = before.strip().partition(" ")
    asked = rest if first.casefold().startswith("ok") else before
    return after if comma and turn.vocabulary.why.a_moment.begin(asked) else turn.text


def _is_no(answer: Answer) -> bool:
    return answer.response in _PROOF or _NO.match(answer.response) is not None
