"""Why: is this asked, was it decided, was that said, is nobody there, do I get a person.

Answered from what was really said, understood and decided in this conversation, never from a guess:
a decision from its record, replayed first (helder/decisions/explainer.py); a reading by reading the
message again (why_read.py).
"""

from __future__ import annotations

import re

import structlog

from actions.base import Events, HelderAction, Voice
from actions.history import Answer
from actions.turn import DECISIONS, Turn
from actions.why_person import why_a_person
from actions.why_read import tell_reading
from helder.decisions.errors import NotReplayed
from helder.decisions.memory import recalled
from helder.shop.facts import FACTS

logger = structlog.get_logger(__name__)

_NUMBER = re.compile(r"\b[A-Z]{2}-\d{6}\b")
# The answers that say what was decided. The proof of an order has a reason of its own.
_DECISION = re.compile(
    r"utter_(?!why)(\w+_refused(_\w+)?|not_possible|change_order_(?!how|now|ask)\w+|fee_never"
    r"|decided_\w+|compensation_(paid|referred|refused)\w*|ask_exchange_choice)$"
)
_EXPLAINED = {
    "utter_why_decided",
    "utter_why_decided_changed",
    "utter_why_refused",
    "utter_why_whole_reason",
}
_ASKED = "utter_ask_order_proof"
_PROOF = {"utter_proof_refused", "utter_not_proven", "utter_too_many_attempts"}


class Why(HelderAction):
    """Why something is asked, was decided, was said, or takes so long."""

    called = "action_why"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        said, words = turn.vocabulary.why, _after_a_moment(turn)
        told_no = said.said_no.are_in(words)
        words = said.i_say.without(said.said_no.without(words))
        question = f"utter_why_{turn.requested}"
        asks_about_it = told_no or said.refused.are_in(words) or said.decided.are_in(words)
        told = next(filter(_is_decision, turn.answers(None if asks_about_it else 1)), None)
        person = why_a_person(turn, words)
        if self._about_an_order(turn, voice):
            pass
        elif person and not self._why_referred(turn, voice, person):
            voice.say(person)
        elif person:
            pass
        elif said.waiting.are_in(said.not_waiting.without(words)):
            within = voice.words.working_days(self.services.hours.answer_days)
            voice.say("utter_why_waiting", within=within)
        elif self._about_the_proof(turn, words) or (told and told.response in _PROOF):
            voice.say("utter_why_order_proof")
        elif told and (asks_about_it or not (turn.form or said.said.are_in(words))):
            self._why_it_was(turn, voice, told, words)
        elif _was_explained(turn) and not (turn.form or said.said.are_in(words)):
            voice.say("utter_why_whole_reason")
        elif self.services.phrases.has(question) and not said.said.are_in(words):
            voice.say(question)
        else:
            tell_reading(turn, voice, self.services)
        return []

    def _about_the_proof(self, turn: Turn, words: str) -> bool:
        """Is it about the postcode or e-mail address that was asked, now that nothing is?"""
        why = turn.vocabulary.why
        about = why.proof.are_in(words) and not why.said.are_in(words)
        return about and not turn.form and any(each.response == _ASKED for each in turn.answers())

    def _about_an_order(self, turn: Turn, voice: Voice) -> bool:
        """Tell of an earlier decision about an order that the message names, if there was one."""
        named = turn.order_numbers()
        words = turn.text.casefold()
        return len(named) == 1 and self._why_decided(turn, voice, named[0], words)

    def _why_referred(self, turn: Turn, voice: Voice, person: str) -> bool:
        """A person, since a rule says so: that rule."""
        return person == "utter_why_decided" and self._why_decided(turn, voice, None, "")

    def _why_it_was(self, turn: Turn, voice: Voice, told: Answer, words: str) -> None:
        """From the record; what a shop refused by rules of its own, in the words it was told in."""
        numbers = _NUMBER.findall(told.text)
        if not self._why_decided(turn, voice, numbers[0] if numbers else None, words):
            voice.say("utter_why_refused", said=told.text)

    def _why_decided(self, turn: Turn, voice: Voice, about: str | None, words: str) -> bool:
        """Explain the newest decision about an order (None: any), of those that the words name if
        they name one; a refusal before what was granted."""
        about_it = turn.vocabulary.why.about.items()
        named = {policy for policy, phrases in about_it if phrases.are_in(words)}
        known = recalled(turn.slot(DECISIONS), FACTS)
        mine = [each for each in known if about in (None, each[0].about)]
        mine = [each for each in mine if each[0].policy in named] or mine
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


def _after_a_moment(turn: Turn) -> str:
    """The message without the moment that is asked for first: "ok wait, why do you need that"."""
    before, comma, after = turn.text.partition(",")
    first, _, rest = before.strip().partition(" ")
    asked = rest if first.casefold().startswith("ok") else before
    return after if comma and turn.vocabulary.why.a_moment.begin(asked) else turn.text


def _was_explained(turn: Turn) -> bool:
    """Did the answer before this one tell why something was decided? There is no more to it."""
    return any(each.response in _EXPLAINED for each in turn.answers(1))


def _is_decision(answer: Answer) -> bool:
    return answer.response in _PROOF or _DECISION.match(answer.response) is not None
