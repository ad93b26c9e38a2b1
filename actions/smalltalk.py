"""Small talk and insults: short, honest as a machine, courteous, and back to business."""

from __future__ import annotations

from actions.anger import is_growing
from actions.base import Events, HelderAction, Voice
from actions.fetching import can_come, offer
from actions.turn import Turn
from helder.handoff.reasons import Reason
from helder.vocabulary.model import Smalltalk

_HUMAN = "utter_are_you_human"


class SmallTalk(HelderAction):
    """Answers by subject."""

    called = "action_small_talk"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        about = subject(set(turn.words()), turn.vocabulary.smalltalk)
        # "Do you swear?", said to that answer, gets the same truth again (AI Act art. 50(1)).
        again = about == "other" and turn.said_before(_HUMAN)
        voice.say(_HUMAN if again else f"utter_small_talk_{about}")
        return []


def subject(words: set[str], smalltalk: Smalltalk) -> str:
    """What the small talk is about; `other` when that is not clear."""
    for name, telling in smalltalk.subjects.items():
        if words & telling and not (name == "how" and words & smalltalk.not_how):
            return name
    return "other"


class Insult(HelderAction):
    """Stays courteous; the second time in a row a person is offered first."""

    called = "action_insult"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        if is_growing(turn) and can_come(self.services, turn):
            voice.say("utter_anger")
            offer(voice, Reason.ANGER, Reason.ANGER.value)
            return []
        again = turn.said_before("utter_insult")
        voice.say("utter_insult_again" if again else "utter_insult")
        return []
