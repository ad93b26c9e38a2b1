"""The answer to "may I use your data?", in a customer's own words.

It can be taken back with one message, so a yes may name what it is for and bring a datum along:
"ja, zoek maar op", "yes, my postcode is 1234 AB". Still every word must belong to it: consent is
unambiguous (GDPR art. 4(11)), and "ja, behalve mijn adres" is none. A no needs no such care.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.agreeing import READ, is_no, is_yes, yes_or_no
from actions.turn import Turn
from helder.vocabulary.model import Vocabulary

# What agrees here, though to a question about a deed it would not.
_ALLOWS = (
    r"(?:van mij )?mag(?: (?:je|u|jij|dat|het|hoor|best|gewoon))*(?! ik\b)",
    r"(?:jullie )?mogen(?: (?:jullie|dat|het|hoor|gewoon))*",
    r"(?:dat )?(?:vind|vinden) (?:ik|we|wij) (?:dat )?(?:wel )?(?:goed|prima|best|oke|oké|ok|okay)",
    r"(?:(?:daar |er )?heb (?:ik )?|ik heb )?(?:er |daar )?geen (?:bezwaar|moeite)"
    r"(?: (?:tegen|mee))?",
    r"geen probleem|no problem|no worries|no objections?(?: to (?:it|that))?",
    r"(?:i )?(?:don t|do not|dont|wouldn t) mind(?: (?:it|that))?|why not|waarom niet",
    r"(?:ik )?geef(?: (?:je|u|jullie|er|daar|daarvoor))* toestemming(?: voor)?",
    r"(?:je|u|jullie) (?:hebt|heeft|hebben) mijn toestemming|toestemming gegeven",
    r"you (?:have|ve got) my (?:permission|consent)|(?:permission|consent) granted|i consent",
    r"i (?:give(?: you)?|grant(?: you)?) (?:my )?(?:permission|consent)",
    r"you (?:can|may)(?! not\b)|that s (?:fine|ok|okay|alright|all right)(?: (?:with|by) me)?",
    r"go on|have a look|take a look|(?:look|check|find|use|get) (?:it|them|that)(?: up)?",
)
# Doing it, said as one lets somebody: "kijk maar", "zoek het gerust op", "ga maar kijken".
_LETS = re.compile(
    r"\b(?:kijk|zoek|bekijk|gebruik|pak|check|controleer|raadpleeg|ga|doe|toe)\b"
    r"(?: (?:het|hem|ze|die|dat|dan|er|mijn|de|alles|bestelling|bestelgegevens|gegevens|naar))*"
    r" (?:maar|gerust)\b"
)
# How far it goes: in this conversation, which is all that is asked.
_BOUNDS = (
    r"(?:alleen )?(?:voor|in) (?:dit gesprek|deze keer)|alleen (?:nu|hiervoor|daarvoor)",
    r"(?:just |only )?(?:for |in )?this (?:conversation|chat|time)|just this once|for now",
)
_AGREES = re.compile(rf"\b(?:{'|'.join(_ALLOWS)})(?!\w)")
_WITHIN = re.compile(rf"\b(?:{'|'.join(_BOUNDS)})\b")
# May be named besides: what is used, what for, and a datum of which only the name is left.
_NAMED = frozenset(
    {"je", "jij", "jullie", "u", "mag", "wel", "gerust", "mogen", "m", "n", "mijn", "de", "die"}
    | {"deze", "het", "dat", "is", "en", "ze", "hem", "ik", "wil", "daarvoor", "ervoor", "hiervoor"}
    | {"bestelgegevens", "gegevens", "gebruik", "gebruiken", "bekijk", "bekijken", "kijk", "kijken"}
    | {"zoek", "zoeken", "opzoeken", "op", "na", "even", "eens", "er", "in", "naar", "doen", "mee"}
    | {"bestelling", "bestellingen", "pakket", "pakje", "retour", "nummer", "bestelnummer", "ga"}
    | {"postcode", "e", "mail", "mailadres", "email", "adres", "emailadres", "toch", "oh", "hè"}
    | {"you", "may", "can", "my", "the", "it", "that", "s", "i", "want", "to", "and", "for", "use"}
    | {"look", "up", "at", "check", "find", "order", "orders", "data", "details", "parcel", "into"}
    | {"package", "return", "number", "postal", "code", "zip", "address", "well", "a", "with", "me"}
)
# Refuses, and is no deed: whatever the classifier makes of it.
_REFUSES = re.compile(
    r"(?:dat |het )?(?:mag|mogen) (?:(?:je|u|jij|jullie|dat|het) )*niet(?: hoor)?"
    r"|(?:doe|doen)(?: (?:dat|het|we))?(?: maar)? niet|(?:heb )?liever(?: van)? niet"
    r"|(?:nee )?(?:ik )?(?:heb )?liever van niet|(?:ik )?weiger(?: dat| het)?|verboden"
    r"|(?:no )?you (?:may|can|must) not(?: use (?:it|that|them|my data))?|you can t"
    r"|(?:please )?(?:don t|do not)(?: (?:do (?:that|it)|use (?:it|them|my data)|please))?"
    r"|not (?:my data|allowed|this|that)|i (?:refuse|decline|object)(?: (?:that|to that))?"
    r"|(?:i d |i would )?prefer(?: you)? not(?: to)?|niet doen|niet mijn gegevens"
)
_CLEAR = {"ja", "jawel", "jazeker", "yes", "yep", "yeah", "yup", "sure", "ok", "oke", "oké", "okay"}
# After a yes, these take something of it away.
_LESS = frozenset(
    {"maar", "behalve", "niet", "geen", "alleen", "zonder", "als", "mits", "tenzij", "eerst", "nee"}
    | {"but", "except", "not", "no", "don", "only", "without", "if", "unless", "first", "waarom"}
    | {"why", "wat", "what", "hoe", "how", "welke", "which", "wie", "who"}
)
_MINDS_NOT = re.compile(r"(?:don t|do not|dont|wouldn t) mind|geen (?:bezwaar|probleem|moeite)")
# Neither: somebody is not sure. They are told that no is fine, too.
_DOUBTS = re.compile(
    r"(?:h+m+|misschien|maybe|perhaps|twijfel|ik twijfel(?: (?:nog|er over))?|geen idee|no idea"
    r"|(?:ik )?weet(?: (?:ik|het))?(?: (?:nog|zo))?(?: (?:niet|net))(?: zeker)?|depends"
    r"|hangt ervan af|i (?:don t|do not|dont) know|(?:i m |i am )?(?:not sure|unsure)"
    r"|eh+|uh+m*|tja)"
)


def permits(turn: Turn, own: str) -> str | None:
    """`yes`, `no`, or None when the message is neither. `own` is the intent it was asked for."""
    if turn.is_choice:
        return yes_or_no(turn, own)
    words = turn.words()
    if "?" in turn.text or not words:
        return None
    if refuses(words):
        return "no"
    if allows(words, turn.vocabulary, own) or (turn.intent == own and _begins_with_yes(words)):
        return "yes"
    if turn.intent not in READ | {own, "give_consent"} or _MINDS_NOT.search(" ".join(words)):
        return None
    return "no" if is_no(turn, own) else None


def allows(words: Sequence[str], vocabulary: Vocabulary, own: str = "") -> bool:
    """Do these words allow it, and nothing less or else?"""
    named = vocabulary.agreeing.deeds.get(own)
    deed = named.verbs | named.about if named else frozenset()
    text = _AGREES.sub(" ja ", _WITHIN.sub(" ", " ".join(words)))
    text = _LETS.sub(" ja ", text)
    if deed:  # "ja, stuur maar terug"
        text = re.sub(rf"\b({'|'.join(deed)})((?: \w+)?) maar\b", r"\1\2", text)
    return is_yes(text.split(), vocabulary, more=_NAMED.union(deed))


def _begins_with_yes(words: Sequence[str]) -> bool:
    """Is it a yes, and then only what was asked for: "ja, ik wil weten waar het blijft"?"""
    return words[0] in _CLEAR and not _LESS.intersection(words)


def refuses(words: Sequence[str]) -> bool:
    """Do these words refuse it, and no more?"""
    return _REFUSES.fullmatch(" ".join(words)) is not None


def doubts(words: Sequence[str]) -> bool:
    """Is nothing said but that somebody does not know yet?"""
    return _DOUBTS.fullmatch(" ".join(words)) is not None
