"""A policy in general: each comparison, result and amount in words, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from helder.decisions.outline import OutlinedRule, outline
from helder.decisions.reading import load_policy_file
from helder.decisions.words import Words
from helder.shop.facts import FACTS
from helder.shop.policy import POLICIES

REST = """
      - name: rest
        when: anything else
        then: refuse
        because: {en: It is so., nl: Het is zo.}
"""
Tell = Callable[..., OutlinedRule]


@pytest.fixture
def tell(tmp_path: Path) -> Tell:
    """The first rule of a policy in words: its condition, result, reason and values."""
    words = Words.of(POLICIES, FACTS)

    def telling(
        when: str,
        then: str = "allow",
        because: tuple[str, str] = ("It is so.", "Het is zo."),
        language: str = "en",
    ) -> OutlinedRule:
        en, nl = because
        path = tmp_path / "tried.yml"
        path.write_text(
            'question: {en: "Is it so?", nl: "Is dat zo?"}\n'
            "contest: {en: Ask., nl: Vraag.}\n"
            "versions:\n  - from: 2026-01-01\n    values: {small: 12.50, window: 30}\n"
            f"    rules:\n      - name: first\n        when: {when}\n        then: {then}\n"
            f'        because: {{en: "{en}", nl: "{nl}"}}{REST}',
            encoding="utf-8",
        )
        policy = load_policy_file(path, FACTS)
        told = outline(policy, policy.versions[0], words, language, "EUR")
        assert told.question == {"en": "Is it so?", "nl": "Is dat zo?"}[language]
        return told.rules[0]

    return telling


@pytest.mark.parametrize(
    ("when", "english", "dutch"),
    [
        (
            "order_state is one of open, paid",
            "The state of the order is “not yet paid” or “paid”.",
            "De status van de bestelling is “nog niet betaald” of “betaald”.",
        ),
        (
            "order_state is not packed",
            "The state of the order is not “packed”.",
            "De status van de bestelling is niet “ingepakt”.",
        ),
        (
            "days_late is at least 8",
            "The number of days of delay is 8 or more.",
            "Het aantal dagen vertraging is 8 of meer.",
        ),
        (
            "days_late is less than window",
            "The number of days of delay is less than 30.",
            "Het aantal dagen vertraging is minder dan 30.",
        ),
        (
            "order_total is more than small",
            "The amount of the order is more than €12.50.",
            "Het bedrag van de bestelling is meer dan €\xa012,50.",
        ),
        (
            "promised_on is after 2026-05-03",
            "The promised day is after 3 May 2026.",
            "De beloofde dag is na 3 mei 2026.",
        ),
        (
            "days_late is 3",
            "The number of days of delay is 3.",
            "Het aantal dagen vertraging is 3.",
        ),
        ("paid is no", "The order has not been paid.", "De bestelling is niet betaald."),
        ("paid is not yes", "The order has not been paid.", "De bestelling is niet betaald."),
        (
            "earlier_orders is unknown",
            "We do not know your earlier orders.",
            "We kennen je eerdere bestellingen niet.",
        ),
        (
            "earlier_orders is known",
            "The number of your earlier orders is known.",
            "Het aantal eerdere bestellingen van jou is bekend.",
        ),
        (
            "same_in_stock is known",
            "We have the same one in stock or we do not have the same one in stock.",
            "We hebben dezelfde op voorraad of we hebben dezelfde niet op voorraad.",
        ),
        (
            "kinds has one of garden, outdoor",
            "The kind of product in your order is among others “for the garden” or “for outdoors”.",
            "Het soort artikel in je bestelling is onder meer “voor de tuin” of “voor buiten”.",
        ),
        (
            "kinds has nothing but gift_cards",
            "The kind of product in your order is only “gift cards”.",
            "Het soort artikel in je bestelling is alleen “cadeaubonnen”.",
        ),
        (
            "kinds has none of gift_cards",
            "The kind of product in your order is not “gift cards”.",
            "Het soort artikel in je bestelling is niet “cadeaubonnen”.",
        ),
        (
            "[paid is yes, whole_order is yes]",
            "The order has been paid and the whole order comes back.",
            "De bestelling is betaald en de hele bestelling komt terug.",
        ),
    ],
)
def test_a_condition_is_told_in_words(tell: Tell, when: str, english: str, dutch: str) -> None:
    assert tell(when).when == english
    assert tell(when, language="nl").when == dutch


@pytest.mark.parametrize(
    ("then", "english", "dutch"),
    [
        ("recommend", "We suggest it.", "Dat stellen we voor."),
        ("refer to a person", "A colleague decides.", "Een collega beslist."),
        ("refuse", "No.", "Nee."),
        (
            "allow\n        pays: 12.5 % of order_total + shipping, at least small, at most 25.00",
            "Yes. You get 12.5 % of the amount of the order and the delivery costs, "
            "at least €12.50, at most €25.00.",
            "Ja. Je krijgt 12,5% van het bedrag van de bestelling en de bezorgkosten, "
            "minstens €\xa012,50, hoogstens €\xa025,00.",
        ),
        ("allow\n        fee: 2.50", "Yes. It costs €2.50.", "Ja. Het kost €\xa02,50."),
    ],
)
def test_a_result_is_told_with_its_money(tell: Tell, then: str, english: str, dutch: str) -> None:
    assert tell("paid is yes", then).then == english
    assert tell("paid is yes", then, language="nl").then == dutch


def test_a_reason_is_told_as_far_as_it_holds_without_a_case(tell: Tell) -> None:
    said = (
        "Up to {small} within {window} days. It is {days_late} days late. We are sorry.",
        "Tot {small} binnen {window} dagen. Het is {days_late} dagen te laat. Het spijt ons.",
    )
    assert tell("paid is yes", because=said).because == "Up to €12.50 within 30 days."
    dutch = tell("paid is yes", because=said, language="nl").because
    assert dutch == "Tot €\xa012,50 binnen 30 dagen."
    assert tell("paid is yes", because=said[::-1]).because == "Tot €12.50 binnen 30 dagen."
