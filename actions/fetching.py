"""Fetching a person: who sets the slot `handoff` to a reason gives the conversation to the queue,
when the turn is saved. Only if somebody can come; else a message is taken (actions/person.py).
"""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.base import Events, Voice
from actions.services import Services
from actions.turn import Turn
from helder.handoff.reasons import Reason
from helder.vocabulary.model import Person

HANDOFF = "handoff"
FETCHED, OFFERED = "utter_person_fetched", "utter_person_offered"
# A person is offered for these, and fetched at once for all others.
OFFERS = {
    Reason.COMPLAINT,
    Reason.TREATMENT,
    Reason.LEGAL_THREAT,
    Reason.VULNERABLE,
    Reason.BEREAVEMENT,
    Reason.ANGER,
}
# What the desk calls otherwise, where it shows messages (policies/desk.yml).
_CODES = {
    "asked_for_a_person": Reason.ASKED,
    "decision": Reason.DECISION_CONTESTED,
    "by_rule": Reason.ASKED,
    "exchange": Reason.ASKED,
    "feedback": Reason.COMPLAINT,
    "data_request": Reason.ASKED,
}


def can_come(services: Services, turn: Turn) -> bool:
    """Is there a person who can join this conversation?"""
    return services.handoff_open(turn.language)


def reason_of(code: str) -> Reason:
    """The queue's reason for one of the desk's."""
    return _CODES.get(code) or Reason(code)


def fetch(voice: Voice, reason: Reason) -> Events:
    """Say that a colleague is fetched, and have it done."""
    voice.say(FETCHED)
    return [SlotSet(HANDOFF, reason.value)]


def offer(voice: Voice, reason: Reason, code: str) -> None:
    """Ask whether a colleague is to be fetched: a button for yes, a button for not now."""
    title = voice.words.phrase("utter_person_offered_yes")
    payload = f'/contact_human_agent{{"handoff_reason": "{code or reason.value}"}}'
    later = voice.words.phrase("utter_person_offered_no")
    voice.ask(OFFERED, [(title, payload), (later, "/stop")])


def is_in_danger(turn: Turn, words: Person) -> bool:
    """Is it danger from outside, or to the body, and no despair: a fire, a break-in, a fall?"""
    return words.danger.are_in(turn.text)


def complains_of_treatment(turn: Turn, words: Person) -> bool:
    """Is it about how somebody of ours behaved?"""
    return words.treatment.are_in(turn.text)
