"""How a message was read, and which of its words counted."""

from __future__ import annotations

from actions.base import Voice
from actions.heard import Message
from actions.services import Services
from actions.turn import Turn
from actions.wording import shortened
from helder.reread import Reason

_UNSURE = "nlu_fallback"
_DATA = ("order_number", "postcode", "email", "phone")


def tell_reading(turn: Turn, voice: Voice, services: Services) -> None:
    """How the customer's message before this one was read, and why."""
    earlier = turn.earlier_message()
    if earlier is None:
        voice.say("utter_why_general")
        return
    reading = _reading(earlier, voice, services)
    if reading is None:
        _tell_data(earlier, voice)
        return
    values = {"message": shortened(earlier.text), "reading": reading}
    reason = None
    if services.rereader and not earlier.is_choice:
        reason = services.rereader.why(earlier.read, earlier.intent, earlier.confidence)
    named = reason.named() if reason else ()
    if earlier.intent == _UNSURE and not named:
        voice.say("utter_why_unsure", **values)
    elif reason is None or not named:
        voice.say("utter_why_said", **values)
    else:
        _tell_words(earlier, reason, named, voice, services, values)


def _tell_words(
    earlier: Message,
    reason: Reason,
    named: tuple[str, ...],
    voice: Voice,
    services: Services,
    values: dict[str, str],
) -> None:
    values = {**values, "words": _quoted(named, voice)}
    other = reason.otherwise and _phrase(reason.otherwise, voice, services)
    if earlier.intent == _UNSURE:
        voice.say("utter_why_unsure_words", **values)
    elif other:
        without = _quoted(reason.without, voice)
        voice.say("utter_why_words_otherwise", without=without, other=other, **values)
    elif reason.otherwise == _UNSURE:
        voice.say("utter_why_words_unsure", without=_quoted(reason.without, voice), **values)
    else:
        voice.say("utter_why_words", **values)


def _reading(earlier: Message, voice: Voice, services: Services) -> str | None:
    """What it was taken for, in words; of what was not understood, the likeliest."""
    names = [str(each.get("name")) for each in earlier.ranking]
    likeliest = next((name for name in names if name != _UNSURE), None)
    return _phrase(likeliest if earlier.intent == _UNSURE else earlier.intent, voice, services)


def _phrase(intent: str | None, voice: Voice, services: Services) -> str | None:
    key = f"utter_reading_{intent}"
    return voice.words.phrase(key) if services.phrases.has(key) else None


def _tell_data(earlier: Message, voice: Voice) -> None:
    """Of an answer to a question: the data that was found in it."""
    found = {
        str(each["entity"]): str(each["value"])
        for each in earlier.entities
        if each.get("entity") in _DATA
    }
    if not found:
        voice.say("utter_why_general")
        return
    items = [voice.words.phrase(f"utter_word_{n}_read", value=v) for n, v in found.items()]
    listed = voice.words.listing(items)
    voice.say("utter_why_data", message=shortened(earlier.text), items=listed)


def _quoted(words: tuple[str, ...], voice: Voice) -> str:
    """`“terug” en “sturen”`, each once."""
    seen = {word.casefold(): word for word in reversed(words)}
    mine = dict.fromkeys(seen[word.casefold()] for word in words)
    return voice.words.listing(voice.words.phrase("utter_word_quoted", word=w) for w in mine)
