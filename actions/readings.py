"""What else a message may have meant: the two likeliest readings, and a person."""

from __future__ import annotations

from actions.base import Button, Voice
from actions.services import Services
from actions.turn import Turn
from helder.masking.kinds import MASK

# Below this a reading is noise. The confidences of a ranking and of "none of these" add up to 1.
LEAST = 0.1
READINGS = 2
# The second of two may be this unlikely: a choice of one is hardly one.
LEAST_SECOND = 0.03
FEW, LITTLE = 2, 4  # words


def clarify_in_form(turn: Turn, voice: Voice, services: Services) -> None:
    """Neither an answer nor understood: what else may be meant? The form then asks again itself."""
    if turn.said_before("utter_not_understood"):
        voice.say("utter_not_understood_twice")
    elif readings := readings_of(turn, voice, services):
        voice.ask("utter_not_understood_in_form_readings", readings)
    else:
        voice.say("utter_not_understood_in_form")


def is_what_was_masked(turn: Turn) -> bool:
    """Is it little more than a card number? They were told that it was masked: that is enough."""
    return MASK in turn.text and "?" not in turn.text and len(turn.words()) <= LITTLE


def readings_of(turn: Turn, voice: Voice, services: Services) -> list[Button]:
    """The two likeliest readings and a person; none if nothing is likely at all."""
    if turn.entity("order_number") and len(turn.words()) < FEW:
        return []  # of little more than a number, nothing can be read but the number
    choices: dict[str, str] = {}
    for name in _likely(turn, services):
        choices.setdefault(voice.words.phrase(f"utter_reading_{name}"), f"/{name}")
    title, payload = _person(voice)
    choices.pop(title, None)
    if not choices:
        return []
    return [*list(choices.items())[:READINGS], (title, payload)]


def _likely(turn: Turn, services: Services) -> list[str]:
    """What the message may be, besides what is being done."""
    found: list[str] = []
    for reading in turn.ranking:
        name, least = reading["name"], LEAST_SECOND if found else LEAST
        flow = services.flows.get(name)
        own = turn.form in (f"{name}_form", flow.form if flow else None) if turn.form else False
        known = services.phrases.has(f"utter_reading_{name}")
        if reading.get("confidence", 0) >= least and known and not own:
            found.append(name)
    return found


def _person(voice: Voice) -> Button:
    return voice.words.phrase("utter_reading_contact_human_agent"), "/contact_human_agent"
