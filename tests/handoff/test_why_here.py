"""Why this place, for people to read, in both languages."""

from __future__ import annotations

from helder.handoff.factors import Kind, Promise, Safety
from helder.handoff.order import order
from helder.handoff.why_here import why_here
from tests.handoff.queued import NOW, PRIORITY, WEIGHTS, waits


def test_a_place_is_explained_in_english_and_dutch() -> None:
    case = waits(1, 12.5, kind=Kind.CONTESTED)
    place = order([case, waits(2, 1)], NOW, WEIGHTS)[0]
    assert why_here(place, 2, PRIORITY, "en") == (
        "Place 1 of 2. Points: 17.5.",
        "Time waited (12.5 min): 12.5. Whoever waits longer, goes first.",
        "What it is about, a decision that is looked at again: 5. "
        "A computer decided, and whoever disagrees has a right to a person.",
    )
    assert why_here(place, 2, PRIORITY, "nl") == (
        "Plek 1 van 2. Punten: 17,5.",
        "Wachttijd (12,5 min): 12,5. Wie langer wacht, is eerder aan de beurt.",
        "Waar het om gaat, een besluit dat opnieuw wordt bekeken: 5. "
        "Een computer besliste, en wie het er niet mee eens is heeft recht op een mens.",
    )


def test_who_goes_before_later_ones_because_enough_went_first_is_told_so() -> None:
    held = waits(1, 3, overtaken=5)
    place = order([held, waits(2, 1, safety=Safety.DANGER)], NOW, WEIGHTS)[0]
    said = why_here(place, 2, PRIORITY, "nl")[-1]
    assert said == (
        "Er gingen al genoeg mensen voor die later kwamen (hooguit 5), dus nu niemand meer. "
        "Niemand wordt steeds weer naar achteren geschoven."
    )


def test_somebody_who_has_just_come_is_told_no_minutes_and_a_language_we_do_not_speak_english() -> (
    None
):
    place = order([waits(1, 0)], NOW, WEIGHTS)[0]
    assert why_here(place, 1, PRIORITY, "fr") == (
        "Place 1 of 1. Points: 0.",
        "Time waited (0 min): 0. Whoever waits longer, goes first.",
    )


def test_who_lost_their_colleague_is_told_that_they_go_first_and_not_how_many_overtook_them() -> (
    None
):
    lost = waits(2, 3, promise=Promise.AGENT_LOST, overtaken=5)
    place = order([waits(1, 30), lost], NOW, WEIGHTS)[0]
    assert why_here(place, 2, PRIORITY, "nl")[2:] == (
        "Wat we beloofd hebben, een collega die wegviel: voor alle anderen. "
        "Een collega was al aan het helpen en viel weg. Dat mag de klant geen tijd kosten.",
    )
    assert why_here(place, 2, PRIORITY, "en")[2:] == (
        "What we promised, a colleague who dropped out: before everybody else. "
        "A colleague was helping, and was suddenly gone. That is not for the customer to pay for.",
    )
