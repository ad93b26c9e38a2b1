"""Why a person, and not the assistant: from what was said when the person was offered."""

from __future__ import annotations

from itertools import islice

from actions.turn import Turn

_BECAUSE = {
    "utter_decided_referred": "utter_why_decided",
    "utter_compensation_referred": "utter_why_decided",
    "utter_complaint": "utter_why_person_complaint",
    "utter_discrimination": "utter_why_person_discrimination",
    "utter_distress": "utter_why_person_distress",
    "utter_legal_threat": "utter_why_person_legal_threat",
    "utter_not_understood_twice": "utter_why_person_not_understood",
}
_ASKED = ("utter_person_open", "utter_person_closed", "utter_person_unknown")
_FAR = 12  # answers


def why_a_person(turn: Turn, words: str) -> str | None:
    """The answer, if that is the question and a person was offered; None if not.

    `utter_why_decided`: a rule left it to a person, so the decision is what to explain.
    """
    why = turn.vocabulary.why
    absent = why.nobody_there.are_in(why.you_cannot.without(words))
    if absent or not why.person.are_in(words):
        return None
    said = [answer.response for answer in islice(turn.answers(), _FAR)]
    found = next((_BECAUSE[each] for each in said if each in _BECAUSE), None)
    if found is None and any(each in _ASKED for each in said):
        return "utter_why_person_asked"
    return found
