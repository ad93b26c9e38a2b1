"""Small talk and insults: short, honest as a machine, courteous, and back to business."""

from __future__ import annotations

from actions.base import Events, HelderAction, Voice
from actions.turn import Turn

_HUMAN = "utter_are_you_human"
# What small talk may be about, and words that tell. The first that fits is answered.
_SUBJECTS = {
    "joke": {"joke", "jokes", "laugh", "funny", "mop", "moppen", "grap", "grapje", "lachen"},
    "love": {"love", "marry", "single", "married", "girlfriend", "boyfriend", "date", "cute", "hou",
             "trouwen", "getrouwd", "vriendin", "vriendje", "verliefd", "relatie", "lief"},
    "weather": {"weather", "raining", "rain", "cold", "sunny", "hot", "weer", "weertje", "regent",
                "koud", "warm", "zonnetje", "sneeuwt"},
    "wishes": {"christmas", "birthday", "year", "easter", "kerst", "kerstdagen", "nieuwjaar",
               "jarig", "pasen", "sinterklaas"},
    "how": {"how", "hows", "hoe", "alles", "ok", "okay", "goed"},
}  # fmt: skip
# "How old are you", "hoe laat is het" ask for something else.
_NOT_HOW = {"old", "oud", "laat", "weekend", "long", "lang", "much", "veel"}


class SmallTalk(HelderAction):
    """Answers by subject."""

    called = "action_small_talk"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        about = subject(set(turn.words()))
        # "Do you swear?", said to that answer, gets the same truth again (AI Act art. 50(1)).
        again = about == "other" and turn.said_before(_HUMAN)
        voice.say(_HUMAN if again else f"utter_small_talk_{about}")
        return []


def subject(words: set[str]) -> str:
    """What the small talk is about; `other` when that is not clear."""
    for name, telling in _SUBJECTS.items():
        if words & telling and not (name == "how" and words & _NOT_HOW):
            return name
    return "other"


class Insult(HelderAction):
    """Stays courteous; the second time in a row a person is offered first."""

    called = "action_insult"

    def act(self, turn: Turn, voice: Voice) -> Events:
        """See HelderAction."""
        again = turn.said_before("utter_insult")
        voice.say("utter_insult_again" if again else "utter_insult")
        return []
