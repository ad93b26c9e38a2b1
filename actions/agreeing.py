"""The answer to "shall I?". What is done next cannot be undone, so a yes is one in all its words.

A classifier reads "yes, except the blanket", "so" and "ja?" as a yes too. Here a message is one
only when nothing is left of it once what agrees, and what names the deed, is taken out of it.
Whatever is neither a yes nor a no is asked again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from actions.turn import SURE, Turn

# What agrees, over the words of a message with one blank between them.
_AGREES = re.compile(
    r"\b(?:"
    r"(?:ja+|yes+|yeah|yep|yup)(?: graag)? (?:thanks?|thank you|bedankt|dank ?je|dank ?u)(?: wel)?"
    r"|please do(?: it| that| so)?"
    r"|ja+|jaja|joa|jawel|jazeker|jep|jup|yes+|yeah|yea|yep|yup|ya|aye|y"
    r"|ok[eé]?|okee+|okay|okido|alright|all right|sure(?: thing)?"
    r"|prima|graag|akkoord|zeker(?: weten)?|tuurlijk|natuurlijk|uiteraard|inderdaad|precies|juist"
    r"|absoluut|correct|indeed|exactly|absolutely|definitely|certainly|of course|by all means"
    r"|alsjeblieft|alstublieft|aub|please|pls|perfect|agreed|confirm(?:ed)?"
    r"|(?:(?:dat?|het) (?:i?s )?|is |helemaal |lijkt me )?(?:goed|in orde)(?: idee)?|mij best"
    r"|(?:dat )?klopt|dat (?:mag|wil ik|zou ik fijn vinden)|ik (?:wil dat|ga akkoord)"
    r"|(?:ik )?bevestig(?: het| dat)?|(?:ik )?weet (?:het|ik)(?: heel)? zeker|ik ben er zeker van"
    r"|doe(?: dat| het)?(?: dan)?(?: maar)?|toe maar|vooruit(?: dan)?(?: maar)?"
    r"|ga (?:je|uw|jouw|gerust je) gang|gaat u(?:w| uw) gang"
    r"|ga(?: er)?(?: maar)?(?: mee)? (?:door|verder)"
    r"|helemaal mee eens|komt in orde"
    r"|fine(?: by me| with me)?|that (?:i?s )?(?:fine|right|correct|ok|okay|good|perfect|the one)"
    r"|sounds good|good idea|suits me|works for me"
    r"|go (?:right )?ahead(?: with (?:it|that))?|go on then|do(?: it| that| so)"
    r"|i (?:a?m )?(?:sure|agree|confirm|do|insist)"
    r"|i (?:woul)?d like (?:that|to)|i want (?:that|to)"
    r")\b"
)
# May be around it.
_FILLERS = frozenset({"hoor", "dan", "then", "nu", "now", "helder", "all", "alles", "everything"})
# Agrees with nothing by itself, though its first word is a no.
_NO_PROBLEM = re.compile(r"\b(?:no problem|geen probleem)\b")
# The deed itself, by the intent that begins its form, and what may be around its name.
_VERBS = {
    "cancel_order": {"annuleer", "annuleren", "annuleert", "cancel", "cancelen", "cancellen"},
    "return_item": {"terugsturen", "stuur", "retourneer", "retourneren", "meld", "aanmelden"}
    | {"return", "send", "register", "registreer"},
    "delete_account": {"verwijder", "verwijderen", "sluit", "sluiten", "wis", "opheffen", "hef"}
    | {"delete", "close", "remove", "erase"},
    "change_shipping_address": {"wijzig", "wijzigen", "verander", "veranderen", "pas", "aanpassen"}
    | {"change", "update"},
}
_OBJECTS = {
    "cancel_order": {"bestelling", "order"},
    "return_item": {"terug", "back", "retour", "aan", "bestelling", "order"},
    "delete_account": {"account", "op"},
    "change_shipping_address": {"adres", "address", "aan", "bestelling", "order"},
}
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
    }
    | {"it", "that", "this", "them", "the", "my", "whole", "i", "want", "to", "you", "can", "may"}
)
_SIMPLY_NO = {"nee", "neen", "neee", "no", "nope", "nah"}
_NO = _SIMPLY_NO | {"niet", "dont", "nooit", "never"}
_NOT = _NO | {"not", "don", "geen", "liever", "rather", "hoeft"}
_CORE = {"ja", "jawel", "jazeker", "yes", "yep", "yeah", "yup", "ahead", "gang"}
_READ = {"affirm", "deny", "inform", "nlu_fallback", None}
_ASIDE = {"language", "next_request", "order_number"}  # entities that change no answer
_SHORT = 5  # words; a longer message is no mere no


def yes_or_no(turn: Turn, own: str) -> str | None:
    """`yes`, `no`, or None when the message is neither. `own` is the intent of the deed."""
    if turn.is_choice:
        return {"affirm": "yes", "deny": "no"}.get(str(turn.intent))
    if turn.intent not in _READ | {own}:
        return None
    if _is_certain(turn) and is_yes(turn.words(), own):
        return "yes"
    return "no" if _is_no(turn, own) else None


def is_yes(words: Sequence[str], own: str = "", more: Collection[str] = ()) -> bool:
    """Do all the words agree, and does one say so? `more` are words that may be there too."""
    verbs, allowed = _VERBS.get(own, set()), _FILLERS.union(more)
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


def _is_no(turn: Turn, own: str) -> bool:
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
