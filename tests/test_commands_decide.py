"""`helder decide`: a result with its trace, and a sentence for what cannot be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from helder import settings as settings_module
from helder.cli import app
from helder.commands import decide
from helder.installation import shop_of
from helder.refusal import Refusal
from helder.shop.seed import demo_orders
from helder.shop.sql import SqlShop


@pytest.fixture
def numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The orders of the demo page, in a shop of this test."""
    monkeypatch.setenv("HELDER_VAR", str(tmp_path))
    monkeypatch.setattr(decide.out, "width", 200)  # so that each row is one line
    shop = shop_of(settings_module.load())
    assert isinstance(shop, SqlShop)
    return {each.scenario: str(each.number) for each in demo_orders(shop)}


def decided(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["decide", *arguments], env={"COLUMNS": "200"})
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return re.sub(r"[ \t]+", " ", done.output)


def test_the_result_and_how_it_came_about_are_shown(numbers: dict[str, str]) -> None:
    told = decided("returns", "--order", numbers["delivered_60_days_ago"], "--language", "nl")
    assert "refuse rule window_over" in told
    assert "days_since_delivery is more than window_days 60 clock true" in told
    assert "Wat meetelde: " in told
    assert "Het had wel gekund als het aantal dagen sinds de bezorging 30 was geweest." in told


def test_what_if_is_decided_as_if_it_were_so(numbers: dict[str, str]) -> None:
    order = numbers["delivered_5_days_ago"]
    assert "refuse" not in decided("returns", "--order", order)
    told = decided("returns", "--order", order, "--fact", "days_since_delivery=31")
    assert "refuse rule window_over" in told
    assert "31 supposed true" in told
    both = ("--fact", "days_since_delivery=31", "--fact", "return_reason=defective")
    assert "refer to a person rule guarantee" in decided("returns", "--order", order, *both)


def test_another_day_is_decided_by_what_is_in_force_then(numbers: dict[str, str]) -> None:
    order = numbers["delivered_5_days_ago"]
    assert "rule window_over" in decided("returns", "--order", order, "--at", "2099-01-01")


def test_an_amount_is_shown_in_the_money_of_the_order(numbers: dict[str, str]) -> None:
    told = decided("compensation", "--order", numbers["delayed"], "--fact", "days_late=9")
    assert re.search(r"allow, pays €\d", told)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ("retours",),
            "There is no policy 'retours'. Is it returns? There are address_change, cancell",
        ),
        (("returns", "--fact", "zzz=3"), "There is no fact 'zzz'. The facts are order_state"),
        (("returns", "--fact", "return_reson=other"), "'return_reson'. Is it return_reason? The"),
        (("returns", "--fact", "arrived"), "--fact needs a name and a value"),
        (("returns", "--fact", "arrived=perhaps"), "arrived must be yes or no, not 'perhaps'"),
        (("returns", "--fact", "delivered_on=3 mei"), "must be a date such as 2026-12-01"),
        (("returns", "--at", "tomorrow"), "--at must be a day such as 2026-12-01"),
        (("returns", "--at", "2020-01-01"), "begins on 2026-01-01; on 2020-01-01 there was none"),
        (("returns", "--language", "fr"), "--language is nl or en"),
        (("returns", "--order", "12"), "'12' cannot be an order number"),
        (("returns", "--order", "HD-100000"), "The shop has no order HD-100000"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(
    numbers: dict[str, str], arguments: tuple[str, ...], says: str
) -> None:
    order = () if "--order" in arguments else ("--order", numbers["just_paid"])
    with pytest.raises(Refusal) as refused:
        decided(*arguments, *order)
    assert says in str(refused.value)
