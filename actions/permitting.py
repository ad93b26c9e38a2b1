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

# In all these _ is a blank. What agrees here, though to a question about a deed it would not.
_ALLOWS = (
    r"(?:van_mij_)?mag(?:_(?:je|u|jij|dat|het|hoor|best|gewoon))*(?!_ik\b)",
    r"(?:jullie_)?mogen(?:_(?:jullie|dat|het|hoor|gewoon))*",
    r"(?:dat_)?(?:vind|vinden)_(?:ik|we|wij)_(?:dat_)?(?:wel_)?(?:goed|prima|best|oke|oké|ok|okay)",
    r"(?:(?:daar_|er_)?heb_(?:ik_)?|ik_heb_)?(?:er_|daar_)?geen_(?:bezwaar|moeite)"
    r"(?:_(?:tegen|mee))?",
    r"geen_probleem|no_problem|no_worries|no_objections?(?:_to_(?:it|that))?",
    r"(?:i_)?(?:don_t|do_not|dont|wouldn_t)_mind(?:_(?:it|that))?|why_not|waarom_niet",
    r"(?:ik_)?geef(?:_(?:je|u|jullie|er|daar|daarvoor))*_toestemming(?:_voor)?",
    r"(?:je|u|jullie)_(?:hebt|heeft|hebben)_mijn_toestemming|toestemming_gegeven",
    r"you_(?:have|ve_got)_my_(?:permission|consent)|(?:permission|consent)_granted|i_consent",
    r"i_(?:give(?:_you)?|grant(?:_you)?)_(?:my_)?(?:permission|consent)",
    r"you_(?:can|may)(?!_not\b)|that_s_(?:fine|ok|okay|alright|all_right)(?:_(?:with|by)_me)?",
    r"go_on|have_a_look|take_a_look|(?:look|check|find|use|get)_(?:it|them|that)(?:_up)?",
)
# Doing it, said as one lets somebody: "kijk maar", "zoek het gerust op", "ga maar kijken".
_LETS = re.compile(
    (
        r"\b(?:kijk|zoek|bekijk|gebruik|pak|check|controleer|raadpleeg|ga|doe|toe)\b"
        r"(?:_(?:het|hem|ze|die|dat|dan|er|mijn|de|alles|bestelling|bestelgegevens|gegevens|naar))*"
        r"_(?:maar|gerust)\b"
    ).replace("_", " ")
)
# How far it goes: in this conversation, which is all that is asked.
_BOUNDS = (
    r"(?:alleen_)?(?:voor|in)_(?:dit_gesprek|deze_keer)|alleen_(?:nu|hiervoor|daarvoor)",
    r"(?:just_|only_)?(?:for_|in_)?this_(?:conversation|chat|time)|just_this_once|for_now",
)
_AGREES = re.compile(rf"\b(?:{'|'.join(_ALLOWS)})(?!\w)".replace("_", " "))
_WITHIN = re.compile(rf"\b(?:{'|'.join(_BOUNDS)})\b".replace("_", " "))
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
    (
        r"(?:dat_|het_)?(?:mag|mogen)_(?:(?:je|u|jij|jullie|dat|het)_)*niet(?:_hoor)?"
        r"|(?:doe|doen)(?:_(?:dat|het|we))?(?:_maar)?_niet|(?:heb_)?liever(?:_van)?_niet"
        r"|(?:nee_)?(?:ik_)?(?:heb_)?liever_van_niet|(?:ik_)?weiger(?:_dat|_het)?|verboden"
        r"|(?:no_)?you_(?:may|can|must)_not(?:_use_(?:it|that|them|my_data))?|you_can_t"
        r"|(?:please_)?(?:don_t|do_not)(?:_(?:do_(?:that|it)|use_(?:it|them|my_data)|please))?"
        r"|not_(?:my_data|allowed|this|that)|i_(?:refuse|decline|object)(?:_(?:that|to_that))?"
        r"|(?:i_d_|i_would_)?prefer(?:_you)?_not(?:_to)?|niet_doen|niet_mijn_gegevens"
    ).replace("_", " ")
)
_CLEAR = {"ja", "jawel", "jazeker", "yes", "yep", "yeah", "yup", "sure", "ok", "oke", "oké", "okay"}
# After a yes, these take something of it away.
_LESS = frozenset(
    {"maar", "behalve", "niet", "geen", "alleen", "zonder", "als", "mits", "tenzij", "eerst", "nee"}
    | {"but", "except", "not", "no", "don", "only", "without", "if", "unless", "first", "waarom"}
    | {"why", "wat", "what", "hoe", "how", "welke", "which", "wie", "who"}
)
# A yes that holds something back, by the name of it: of these data it may not be.
_BUT_FOR = re.compile(
    (
        r"\b(behalve|zonder|niet|geen|except|without|not|dont|don_t)_(\w+_){0,3}"
        r"(adres\w*|address\w*|naam|name|mail\w*|email\w*|telefoon\w*|phone\w*|betaling\w*"
        r"|betaalgegevens|payments?)\b"
    ).replace("_", " ")
)
_MINDS_NOT = re.compile(
    (r"(?:don_t|do_not|dont|wouldn_t)_mind|geen_(?:bezwaar|probleem|moeite)").replace("_", " ")
)
# Neither: somebody is not sure. They are told that no is fine, too.
_DOUBTS = re.compile(
    (
        r"(?:h+m+|misschien|maybe|perhaps|twijfel|ik_twijfel(?:_(?:nog|er_over))?|geen_idee|no_idea"
        r"|(?:ik_)?weet(?:_(?:ik|het))?(?:_(?:nog|zo))?(?:_(?:niet|net))(?:_zeker)?|depends"
        r"|hangt_ervan_af|i_(?:don_t|do_not|dont)_know|(?:i_m_|i_am_)?(?:not_sure|unsure)"
        r"|eh+|uh+m*|tja)"
    ).replace("_", " ")
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


def allows_a_part(turn: Turn) -> bool:
    """Is it a yes to less than what is asked: "ja, behalve mijn adres"?"""
    words = turn.words()
    if turn.is_choice or "?" in turn.text or not words or words[0] not in _CLEAR:
        return False
    return _BUT_FOR.search(" ".join(words)) is not None


def _begins_with_yes(words: Sequence[str]) -> bool:
    """Is it a yes, and then only what was asked for: "ja, ik wil weten waar het blijft"?"""
    return words[0] in _CLEAR and not _LESS.intersection(words)


def refuses(words: Sequence[str]) -> bool:
    """Do these words refuse it, and no more?"""
    return _REFUSES.fullmatch(" ".join(words)) is not None


def doubts(words: Sequence[str]) -> bool:
    """Is nothing said but that somebody does not know yet?"""
    return _DOUBTS.fullmatch(" ".join(words)) is not None
