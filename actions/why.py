"""Why: is this asked, was it decided, was that said, is nobody there, do I get a person.

Answered from what was really said, understood and decided in this conversation, never from a guess:
a decision from its record, replayed first (helder/decisions/explainer.py); a reading by reading the
message again (why_read.py).
"""

from __future__ import annotations

import re

import structlog

from actions.base import Events, HelderAction, Voice
from actions.turn import DECISIONS, Answer, Turn
from actions.why_person import why_a_person
from actions.why_read import tell_reading
from helder.decisions.errors import NotReplayed
from helder.decisions.memory import recalled
from helder.shop.facts import FACTS

logger = structlog.get_logger(__name__)

# What the customer's words are about. Dutch verbs come in many forms, so beginnings are compared.
_WAITING = re.compile(
    r"\b(wait\w*|wacht(?!woord|\s+(even|eens|effe))\w*|duur\w*|reageert|keeping|nobody"
    r"|niemand|taking|takes?(?=\s\w*\s?(so|this)?\s?long)|no\sone|any(one|body)(?!\selse)"
    r"|everyone|reply|hold\sup|long|lang|langer|colleague|collega|doorverbind\w*|verbind\w*|put\sme\sthrough)\b"
)
_REFUSED = re.compile(
    r"\b(refus\w*|reject\w*|den(y|ied)|declin\w*|turn(ed)?(\s\w+)?\sdown|allowed"
    r"|geweiger\w*|weiger\w*|afgewezen|afwijz\w*|afgekeurd|toegestaan|mag|mocht\w*)\b"
)
_DECIDED = re.compile(
    r"\b(deci\w*|rule|rules|counted|amount|why\sonly|beslis\w*|besl[oi]\w*|regels?|telde\w*"
    r"|bedrag|waarom\s(maar|slechts))\b"
)
_SAID = re.compile(
    r"\b(say|said|saying|tell|telling|mean|meant|think|thought|answer\w*|conclu\w*|understood"
    r"|understand|read|zei\w*|zeg\w*|vertel\w*|bedoel\w*|denk\w*|dacht\w*|antwoord\w*|begrepen"
    r"|begre\w*|begrijp\w*|snap\w*|las|erbij|daarbij|erop|daarop)\b"
)
_SAID_NO = re.compile(r"\b(say(ing)?|said)\sno\b|\b(zeg\w*|zei\w*)\s((je|u|jullie)\s)?nee\b")
# "Why should I tell you": who is asked something does not ask what we said.
_I_SAY = re.compile(r"\bi\s((have|need)\sto\s)?(tell|say)\b|\bik\b(\s\w+){0,4}?\s(zeg|vertel)\w*\b")
# Which decision, where the customer's words name its subject.
_ABOUT = {
    "returns": re.compile(r"\b(return\w*|retour\w*|terug\w*|send\w*\s\w+\sback)\b"),
    "cancellation": re.compile(r"\b(cancel\w*|annul\w*)\b"),
    "address_change": re.compile(r"\b(address\w*|adres\w*)\b"),
    "compensation": re.compile(r"\b(compensat\w*|vergoed\w*|late|laat)\b"),
    "goodwill": re.compile(r"\b(goodwill|discount|korting|tegemoet\w*|compensat\w*|vergoed\w*)\b"),
    "exchange": re.compile(r"\b(exchang\w*|swap\w*|replace\w*|new\sone|ruil\w*|nieuwe?)\b"),
}
_NUMBER = re.compile(r"\b[A-Z]{2}-\d{6}\b")
# A moment asked for is no question about waiting: "wait, why do you need that".
_A_MOMENT = re.compile(r"^\W*(ok\w*\s+)?(wait|wacht|hold on|ho)\b[^,]*,")
# The answers that say what was decided. The proof of an order has a reason of its own.
_DECISION = re.compile(
    r"utter_(?!why)(\w+_refused(_\w+)?|not_possible|change_order_(?!how|now|ask)\w+|fee_never"
    r"|decided_\w+|compensation_(paid|referred|refused)\w*|ask_exchange_choice)$"
)
_PROOF = {"utter_proof_refused", "utter_not_proven", "utter_too_many_attempts"}


class Why(HelderAction):
    """Why something is asked, was decided, was said, or takes so long."""

    called = "action_why"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        words = _SAID_NO.sub("refused", _A_MOMENT.sub("", turn.text.casefold()))
        words = _I_SAY.sub("", words)
        question = f"utter_why_{turn.requested}"
        asks_about_it = bool(_REFUSED.search(words) or _DECIDED.search(words))
        told = next(filter(_is_decision, turn.answers(None if asks_about_it else 1)), None)
        person = why_a_person(turn, words)
        if self._about_an_order(turn, voice):
            pass
        elif person and not self._why_referred(turn, voice, person):
            voice.say(person)
        elif person:
            pass
        elif _WAITING.search(words):
            within = voice.words.working_days(self.services.hours.answer_days)
            voice.say("utter_why_waiting", within=within)
        elif told and told.response in _PROOF:
            voice.say("utter_why_order_proof")
        elif told and (asks_about_it or not (turn.form or _SAID.search(words))):
            self._why_it_was(turn, voice, told, words)
        elif self.services.phrases.has(question) and not _SAID.search(words):
            voice.say(question)
        else:
            tell_reading(turn, voice, self.services)
        return []

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
        named = {policy for policy, pattern in _ABOUT.items() if pattern.search(words)}
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


def _is_decision(answer: Answer) -> bool:
    return answer.response in _PROOF or _DECISION.match(answer.response) is not None
