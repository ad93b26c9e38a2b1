"""The answer to "shall I?". What is done next cannot be undone, so a yes is one in all its words.

A classifier reads "yes, except the blanket", "so" and "ja?" as a yes too. Here a message is one
only when nothing is left of it once what agrees, and what names the deed, is taken out of it.
Whatever is neither a yes nor a no is asked again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from actions.turn import SURE, Turn

# What agrees, over the words of a message with one blank between them; the longer ones first.
_YES = r"(?:ja+|yes+|yeah|yep|yup)"
_THANKS = r"(?:thanks|thank you|bedankt|dank ?(?:je|u)(?: ?wel)?)"
_PHRASES = (
    *("please do it", "please do that", "please do", "all right", "sure thing", "zeker weten"),
    *("of course", "by all means", "dat is goed", "da s goed", "dat s goed", "dat klopt"),
    *("helemaal goed", "is goed", "lijkt me goed", "goed idee", "mij best", "komt in orde"),
    *("is in orde", "dat mag", "dat wil ik", "ik wil dat", "ik ga akkoord", "mee eens"),
    *("ik weet het zeker", "helemaal mee eens", "bevestig het", "bevestig dat", "ik bevestig"),
    *("weet het heel zeker", "weet het zeker", "weet ik zeker", "er zeker van"),
    *("doe dat dan maar", "doe het dan maar", "doe dan maar", "doe dat maar", "doe het maar"),
    *("doe dat", "doe het", "doe maar", "toe maar", "vooruit dan maar", "vooruit maar"),
    *("ga je gang", "ga uw gang", "ga gerust je gang", "gaat u uw gang", "gaat uw gang"),
    *("ga maar door", "ga door", "ga maar verder", "ga verder", "ga ermee door"),
    *("fine by me", "fine with me", "sounds good", "good idea", "suits me", "works for me"),
    *(
        "go ahead with it",
        "go ahead with that",
        "go ahead",
        "go right ahead",
        "go on then",
        "go for it",
    ),
    *("do it", "do that", "do so", "i am sure", "i m sure", "i agree", "i confirm", "i do"),
    *("i would like that", "i d like that", "i d like to", "i want that", "i want to"),
    *("that s the one", "that is the one"),
    *("jaja", "joa", "jawel", "jazeker", "jep", "jup", "yeah", "yea", "yep", "yup", "ya", "aye"),
    *("y", "ok", "oke", "oké", "okay", "okido", "alright", "sure", "prima", "graag", "akkoord"),
    *("zeker", "tuurlijk", "natuurlijk", "uiteraard", "inderdaad", "precies", "juist", "klopt"),
    *("absoluut", "goed", "doe", "bevestig", "correct", "indeed", "exactly", "absolutely"),
    *("definitely", "certainly", "alsjeblieft", "alstublieft", "aub", "please", "pls", "fine"),
    *("perfect", "agreed", "confirm", "confirmed"),
)
_PATTERNS = (
    rf"{_YES}(?: graag)? " + _THANKS,
    r"that (?:i?s )?(?:fine|right|correct|ok|okay|good|perfect)",
    *sorted(_PHRASES, key=len, reverse=True),
    *(_YES, "okee+"),
)
_AGREES = re.compile(rf"\b(?:{'|'.join(_PATTERNS)})\b")
# May be around it.
FILLERS = frozenset({"hoor", "dan", "then", "nu", "now", "helder", "all", "alles", "everything"})
# Agrees with nothing by itself, though its first word is a no.
_NO_PROBLEM = re.compile(r"\b(?:no problem|geen probleem)\b")
# The deed itself, by the intent that begins its form, and what may be around its name.
_VERBS = {
    "cancel_order": {"annuleer", "annuleren", "annuleert", "cancel", "cancelen", "cancellen"},
    "return_item": {"terugsturen", "stuur", "retourneer", "retourneren", "meld", "aanmelden"}
    | {"return", "send", "register", "registreer"},
    "delete_account": {"verwijder", "verwijderen", "sluit", "sluiten", "wis", "opheffen", "hef"}
    | {"delete", "close", "remove", "erase"},
    "give_consent": {"bewaar", "bewaren", "keep", "save"},
    "change_shipping_address": {"wijzig", "wijzigen", "verander", "veranderen", "pas", "aanpassen"}
    | {"change", "update"},
}
_OBJECTS = {
    "cancel_order": {"bestelling", "order"},
    "return_item": {"terug", "back", "retour", "aan", "bestelling", "order"},
    "delete_account": {"account", "op"},
    "give_consent": {"gesprek", "chat", "conversation", "this", "dit"},
    "change_shipping_address": {"adres", "address", "aan", "bestelling", "order"},
}
# The same in one, for who asks whether a deed may be begun.
THE_DEED = {own: _VERBS[own] | _OBJECTS[own] for own in _VERBS}
_DEED = frozenset(
    {
        "hem",
        "ze",
        "die",
        "deze",
        "dit",
        "dat",
        "het",
        "de",
        "mijn",
        "hele",
        "ik",
        "wil",
        "je",
        "mag",
        "maar",  # "ja, stuur maar terug"
    }
    | {"it", "that", "this", "them", "the", "my", "whole", "i", "want", "to", "you", "can", "may"}
)
_SIMPLY_NO = {"nee", "neen", "neee", "no", "nope", "nah"}
_NO = _SIMPLY_NO | {"niet", "dont", "nooit", "never"}
_NOT = _NO | {"not", "don", "geen", "liever", "rather", "hoeft"}
_CORE = {"ja", "jawel", "jazeker", "yes", "yep", "yeah", "yup", "ahead", "gang"}
READ = {"affirm", "deny", "inform", "nlu_fallback", None}
_ASIDE = {"language", "next_request", "order_number"}  # entities that change no answer
_SHORT = 5  # words; a longer message is no mere no


def yes_or_no(turn: Turn, own: str) -> str | None:
    """`yes`, `no`, or None when the message is neither. `own` is the intent of the deed."""
    if turn.is_choice:
        return {"affirm": "yes", "deny": "no"}.get(str(turn.intent))
    if turn.intent not in READ | {own}:
        return None
    if _is_certain(turn) and is_yes(turn.words(), own):
        return "yes"
    return "no" if is_no(turn, own) else None


def is_yes(words: Sequence[str], own: str = "", more: Collection[str] = ()) -> bool:
    """Do all the words agree, and does one say so? `more` are words that may be there too."""
    verbs, allowed = _VERBS.get(own, set()), FILLERS.union(more)
    if verbs & set(words):
        allowed |= verbs | _OBJECTS[own] | _DEED
    text = _NO_PROBLEM.sub(" ", " ".join(words))
    named, _, last = text.rpartition(" ")
    if last == "maar" and _named(named, verbs, allowed):  # "annuleer hem maar"
        return True
    left, agreed = _AGREES.subn(" ", text)
    return agreed > 0 and set(left.split()) <= allowed


def _named(text: str, verbs: Collection[str], allowed: Collection[str]) -> bool:
    """Does it name the deed, and besides that only agree?"""
    said = set(_AGREES.sub(" ", text).split())
    return bool(said & set(verbs)) and said <= set(allowed)


def _is_certain(turn: Turn) -> bool:
    """Is nothing asked, and nothing named: a day, a number?"""
    named = any(each.get("entity") not in _ASIDE for each in turn.entities)
    return not named and "?" not in turn.text and not re.search(r"\d", turn.plain())


def is_no(turn: Turn, own: str) -> bool:
    """Is it a no, and no yes as well: "nee hoor is prima zo, annuleren maar"?"""
    said = _NO_PROBLEM.sub(" ", " ".join(turn.words())).split()
    if not said or "?" in turn.text or _CORE & set(said):
        return False
    negated = set(said[1:]) & _NOT or said[0] in _NOT - _SIMPLY_NO
    if not negated and _VERBS.get(own, set()) & set(said):
        return False
    if said[0] in _NO:
        return True
    few = len(said) <= _SHORT and bool(_NOT & set(said))
    return turn.intent == "deny" and (few or turn.confidence >= SURE)
