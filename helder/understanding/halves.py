"""Two requests in one message: "cancel HD-204817 and what are your opening hours?"

A classifier gives a message one intent, and the other request would be lost. Where a sentence ends,
at a comma or at "and", a message may be cut in two; it is, when both halves are read with
confidence as requests, for things that do not go together anyhow. Most cuts are wrong ("I ordered
shoes and they do not fit"), so the bar is high: 1 in 100 single requests at most is cut
(tests/understanding/test_halves.py measures it on examples that the model has not seen).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Ranking = list[tuple[str, float]]

# Both halves are read with this confidence at least, with more of it at a mere comma, and with more
# when the whole is read as a third thing; and so many words are in each.
SURE, SURER = 0.7, 0.9
# Less is enough where each half has an order number of its own: then they are two for certain.
OWN = 0.45
_NUMBER = re.compile(r"(?<!\d)\d{3}[ .]?\d{3}(?!\d)")
SHORTEST = 2
_MOST = 6  # cuts that are tried, and words that may stand for one
_CUT = re.compile(
    r"[.?!;]+[)\"']?\s+(?:(?:and|also|en|ook|oh|o)\s+)*"
    r"|\s*\n\s*"
    r"|[,.]?\s+(?:and also|and then|but also|as well as|oh and|and|also|plus|then|btw|by the way"
    r"|en ook|en dan|maar ook|oh en|o en|en|ook|plus|trouwens|daarna|daarnaast|verder"
    r"|&|\+)[,:]?\s+"
    r"|,\s+",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
# What is said around a request, or in the middle of one, is none by itself; and whoever is in
# distress, or threatens, or complains is answered about that alone.
NO_REQUESTS = frozenset(
    {
        *("greet", "goodbye", "thanks", "affirm", "deny", "insult", "small_talk", "nlu_fallback"),
        *("stop", "ask_why", "other_order", "inform", "no_order_number", "switch_language"),
        *("complaint", "distress", "legal_threat", "discrimination", "what_can_you_do"),
    }
)
# Of these, one is the way to the other or a part of it: "I want to return it and get my money
# back". The first answer says what is to be said about both.
TOGETHER = (
    {"track_order", "delivery_period", "delivery_options"},
    {"return_item", "exchange_item", "get_refund", "check_refund_policy", "track_refund"},
    {"cancel_order", "get_refund", "track_refund", "check_cancellation_fee", "check_refund_policy"},
    {"cancel_order", "change_order", "place_order"},
    {"change_order", "exchange_item", "place_order"},
    {"payment_issue", "get_refund", "check_payment_methods", "place_order", "track_refund"},
    {"check_invoice", "get_invoice", "payment_issue"},
    {"change_shipping_address", "set_up_shipping_address", "change_order", "edit_account"},
    {"create_account", "registration_problems", "recover_password", "edit_account"},
    {"edit_account", "switch_account", "delete_account", "recover_password"},
    {"contact_customer_service", "contact_human_agent", "no_ai", "are_you_human"},
    {"are_you_human", "how_it_works", "no_ai"},
    {"delete_account", "erase_my_data", "stop_using_my_data", "my_data", "newsletter_subscription"},
    {"my_data", "export_my_data", "correct_my_data", "keep_conversation", "erase_my_data"},
    {"review", "contact_human_agent"},
    {"track_order", "get_refund"},
)


@dataclass(frozen=True)
class Half:
    """One request of two: text[start:end], and how it is read."""

    start: int
    end: int
    ranking: tuple[tuple[str, float], ...]

    @property
    def intent(self) -> str:
        """The likeliest reading."""
        return self.ranking[0][0]

    @property
    def confidence(self) -> float:
        """That of the likeliest reading."""
        return self.ranking[0][1]


Rank = Callable[[Sequence[str]], Sequence[Ranking]]


def find(
    text: str, whole: Ranking, rank: Rank, written: str | None = None
) -> tuple[Half, Half] | None:
    """The two requests of a message, or None. `rank` reads texts, `whole` is how it reads this one.

    The spans are of the text as it was `written`, before its spelling was corrected.
    The reading of the whole is one of the two, or none: a third one says that they belong together.
    """
    spans = cuts(text)
    places = cuts(written) if written else spans
    if not spans or not whole or len(places) != len(spans):
        return None
    texts = [text[start:end] for pair in spans for start, end in pair]
    read = iter(rank(texts))
    best: tuple[Half, Half] | None = None
    for (one, other), place, first, second in zip(spans, places, read, read, strict=False):
        if not first or not second:
            continue
        pair = Half(*place[0], tuple(first)), Half(*place[1], tuple(second))
        comma = text[one[1] : other[0]].strip() == ","
        third = whole[0][0] not in (pair[0].intent, pair[1].intent)
        own = _have_own_numbers(text[slice(*one)], text[slice(*other)])
        sure = OWN if own else SURER if comma or third else SURE
        if _are_two(pair, sure, own) and (best is None or _least(pair) > _least(best)):
            best = pair
    return best


def cuts(text: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Where a message may be cut: the spans of both halves, each of some words."""
    found = []
    for cut in list(_CUT.finditer(text))[:_MOST]:
        halves = (0, cut.start()), (cut.end(), len(text))
        if all(len(_WORD.findall(text[start:end])) >= SHORTEST for start, end in halves):
            found.append(halves)
    return found


def _have_own_numbers(one: str, other: str) -> bool:
    first, second = _NUMBER.findall(one), _NUMBER.findall(other)
    return bool(first and second) and not set(first) & set(second)


def _are_two(pair: tuple[Half, Half], sure: float, own: bool) -> bool:
    if any(half.confidence < sure for half in pair):
        return False
    intents = {half.intent for half in pair}
    if len(intents) < 2 or intents & NO_REQUESTS:
        return False
    return own or not any(intents <= family for family in TOGETHER)


def _least(pair: tuple[Half, Half]) -> float:
    return min(half.confidence for half in pair)
