"""A question at the question: which data is it, must I, can I take it back? Told from consent.yml.

The question is then put again: to ask is no answer.
"""

from __future__ import annotations

import re

from actions.base import Voice
from actions.services import Services
from actions.turn import SURE, Turn

# What is asked about it, in the words that people use for that; _ is a blank.
_ABOUT = re.compile(
    (
        r"\b(terugdraai\w*|terugtrek\w*|intrek\w*|herroep\w*|bedenk\w*|take_.{0,12}back|withdraw\w*"
        r"|revoke\w*|undo|change_my_mind|(what|wat)_.{0,12}\b(if|als)\b.*\b(no|nee|not|niet|don'?t)"
        r"|have_to|need_to|must_i|moet_(dat|ik|het)|verplicht\w*|required|mandatory|oblig\w*"
        r"|(which|what|welke|wat_voor)(_\w+)*_(data|gegevens|info|informatie|information|details)"
        r"|how_long|hoe_?lang|shar(e|ing)|de(el|len)|who_(sees?|gets?|can|reads?)|wie_(ziet|kan|leest)"
        r"|safe|secure|veilig|store|save|bewa(ar|ren)|opslaan|sla_je|(do|doe|doen)_.{0,20}(with|mee)"
        r"|what_for|waarvoor|for_what|use_(it|that|them)_for|wat_betekent|what_does_(that|this|it)_mean"
        r"|what_do_you_mean|wat_bedoel\w*)"
    ).replace("_", " ")
)
# Whether one must, and nothing else: no, and no more than that is told. With any other word it is
# another question ("why must I?", "how long must you keep it?").
_MUST = re.compile(
    (
        r"((and|but|en|maar|nee|no|hm+)_)*"
        r"(must_i|do_i_(really_)?(have|need)_to(_(say_yes|agree|accept|allow_(that|this|it)))?"
        r"|(is_(it|this|that)_)?(required|mandatory|obligatory|compulsory)"
        r"|am_i_(obliged|required)(_to)?"
        r"|moet_(dat|het|ik)(_(echt|per_se|dan|nu|wel))*(_(goedvinden|toestaan|ja_zeggen))?"
        r"|(is_(dat|het|dit)_)?(echt_)?verplicht|ben_ik_((dat|daartoe|hiertoe)_)?verplicht)"
    ).replace("_", " ")
)
# What such a question may be taken for; for anything else it must be a mere guess.
_TAKEN_FOR = {
    *("my_data", "ask_why", "how_it_works", "what_can_you_do", "keep_conversation", "nlu_fallback"),
    *("stop_using_my_data", "give_consent", "export_my_data", None),
}


def asks_about(turn: Turn) -> bool:
    """Does the customer ask about what they are asked for?"""
    text = turn.text.casefold()
    if turn.is_choice or "?" not in text or not _ABOUT.search(text):
        return False
    return turn.intent in _TAKEN_FOR or turn.confidence < SURE


def tell_about(services: Services, purpose: str, turn: Turn, voice: Voice) -> None:
    """Which data, what for, who, how long, what a no costs, and how a yes is taken back."""
    consents = services.consents
    words = consents.purpose(purpose).said(turn.language)
    if _MUST.fullmatch(" ".join(turn.words())):
        voice.say("utter_consent_free", without=words.without)
        return
    voice.say(
        "utter_consent_about",
        data="; ".join(words.data),
        receipt=words.receipt,
        controller=consents.purposes.controller.name,
        retention=words.retention,
        without=words.without,
        withdrawal=consents.purposes.withdrawal[turn.language],
    )
