"""Why: is this asked, was it refused, was that said, is nobody there.

Answered from what was really said, understood and decided in this conversation, never from a guess:
a decision from its record, replayed first (helder/decisions/explainer.py).
"""

from __future__ import annotations

import re

import structlog

from actions.base import Events, HelderAction, Voice
from actions.turn import DECISIONS, Answer, Turn
from actions.wording import shortened
from helder.decisions.errors import NotReplayed
from helder.decisions.memory import recalled
from helder.shop.facts import FACTS

logger = structlog.get_logger(__name__)

# What the customer's words are about. Dutch verbs come in many forms, so beginnings are compared.
_WAITING = re.compile(
    r"\b(wait\w*|wacht(?!woord|\s+(even|eens|effe))\w*|duur\w*|reageert|keeping|nobody"
    r"|niemand|taking|takes|colleague|collega|doorverbind\w*|verbind\w*|put\sme\sthrough)\b"
)
_REFUSED = re.compile(
    r"\b(refus\w*|reject\w*|den(y|ied)|declin\w*|turn(ed)?(\s\w+)?\sdown|allowed"
    r"|geweiger\w*|weiger\w*|afgewezen|afwijz\w*|afgekeurd|toegestaan|mag)\b"
)
_SAID = re.compile(
    r"\b(say|said|saying|tell|telling|mean|meant|think|thought|answer\w*|conclu\w*|understood"
    r"|zei\w*|zeg\w*|vertel\w*|bedoel\w*|denk\w*|dacht\w*|antwoord\w*|begrepen|erbij|daarbij)\b"
)
_NUMBER = re.compile(r"\b[A-Z]{2}-\d{6}\b")
# A moment asked for is no question about waiting: "wait, why do you need that".
_A_MOMENT = re.compile(r"^\W*(ok\w*\s+)?(wait|wacht|hold on|ho)\b[^,]*,")
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
        words = _A_MOMENT.sub("", turn.text.casefold())
        question = f"utter_why_{turn.requested}"
        asks_about_no = bool(_REFUSED.search(words))
        refusal = next(filter(_is_no, turn.answers(None if asks_about_no else 1)), None)
        if self._about_an_order(turn, voice):
            pass
        elif _WAITING.search(words):
            within = voice.words.working_days(self.services.hours.answer_days)
            voice.say("utter_why_waiting", within=within)
        elif refusal and refusal.response in _PROOF:
            voice.say("utter_why_order_proof")
        elif refusal and (asks_about_no or not turn.form) and not _SAID.search(words):
            self._why_refused(turn, voice, refusal)
        elif self.services.phrases.has(question) and not _SAID.search(words):
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


def _is_no(answer: Answer) -> bool:
    return answer.response in _PROOF or _NO.match(answer.response) is not None
