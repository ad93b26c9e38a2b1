from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from helder.shop import tables as t
from helder.shop.errors import ProofRefused, ShopUnavailable, TooManyAttempts
from helder.shop.model import OrderNumber
from helder.shop.proof import ProofLimits, Prover, fold_email, fold_postcode
from helder.shop.seed import DemoOrder, demo_orders
from helder.shop.sql import SqlShop

from .conftest import Clock

Demo = Callable[[str], DemoOrder]
UNKNOWN = "HD-100001"


def agreed(_conversation: str, _purpose: str) -> bool:
    return True


@pytest.fixture
def prover(sql_shop: SqlShop, clock: Clock) -> Prover:
    return Prover(sql_shop, granted=agreed, clock=clock.seconds)


@pytest.mark.parametrize("scenario", ["just_paid", "delayed", "cancelled"])  # NL, BE, GB
def test_the_postcode_or_the_email_proves_an_order(
    prover: Prover, demo: Demo, scenario: str
) -> None:
    known = demo(scenario)
    for answer in (
        known.postcode,
        known.postcode.lower(),
        known.postcode.replace(" ", ""),
        "  " + "-".join(known.postcode.replace(" ", "")) + ".",
        known.email,
        known.email.upper() + " ",
    ):
        assert prover.prove_order("c1", known.number.lower(), answer).number == known.number


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1011 ab", "1011AB"), ("NL-1011 AB", "1011AB"), ("B-9000", "9000"), ("BE 9000", "9000"),
        ("sw9 1aa", "SW91AA"), ("B9 0AA", "B90AA"),
        ("１０１１ＡＢ", "1011AB"), ("١٠١١ ab", "1011AB"),
        ("", ""), (" - ", ""),
    ],
)  # fmt: skip
def test_postcodes_are_read_however_they_are_typed(typed: str, meant: str) -> None:
    assert fold_postcode(typed) == meant


def test_an_email_keeps_its_dots_and_plus_signs() -> None:
    assert fold_email(" Jan.De.Vries+kade@Example.com\n") == "jan.de.vries+kade@example.com"
    assert fold_email("jan.devries@example.com") != fold_email("jandevries@example.com")


def test_a_wrong_postcode_gets_the_same_answer_as_an_unknown_order(
    prover: Prover, demo: Demo
) -> None:
    refusals = []
    for number, answer in [
        (demo("just_paid").number, "9999 ZZ"),
        (UNKNOWN, demo("just_paid").postcode),
        ("not a number", demo("just_paid").email),
        (demo("just_paid").number, demo("delayed").email),
    ]:
        with pytest.raises(ProofRefused) as refused:
            prover.prove_order("c1", number, answer)
        refusals.append((type(refused.value), refused.value.args, refused.value.__cause__))
    assert len(set(refusals)) == 1


def test_a_wrong_postcode_costs_the_same_work_as_an_unknown_order(
    prover: Prover, sql_shop: SqlShop, demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    work: list[str] = []
    real = hmac.compare_digest

    def counted(a: Any, b: Any) -> bool:
        work.append(f"compared {len(a)} with {len(b)}")
        return real(a, b)

    monkeypatch.setattr(hmac, "compare_digest", counted)
    sa.event.listen(
        sql_shop.engine,
        "before_cursor_execute",
        lambda conn, cursor, statement, *_: work.append(statement),
    )

    def done(number: str, answer: str) -> list[str]:
        work.clear()
        with pytest.raises(ProofRefused):
            prover.prove_order("c", number, answer)
        return list(work)

    wrong = done(demo("just_paid").number, "9999 ZZ")
    assert wrong == done(UNKNOWN, "9999 ZZ") == done("not a number", "9999 ZZ")
    assert wrong == done(demo("just_paid").number, "some@body.example")
    assert len([each for each in wrong if each.startswith("compared 32 with 32")]) == 2


@pytest.mark.parametrize("answer", ["", " ", "-", "\0", "\ud800", "x" * 100_000, "%", "0000 XX",
                                    "nobody@example.invalid", "' OR 1=1 --"])  # fmt: skip
@pytest.mark.parametrize("number", ["HD-752869", "HD-000000", "000000", UNKNOWN])
def test_no_trick_answer_proves_anything(prover: Prover, number: str, answer: str) -> None:
    with pytest.raises(ProofRefused):
        prover.prove_order("c1", number, answer)


@pytest.mark.parametrize("answer", ["", " ", "-", "\u200b"])
def test_an_order_without_postcode_or_email_is_not_proven_by_nothing(
    prover: Prover, sql_shop: SqlShop, demo: Demo, answer: str
) -> None:
    with sql_shop.engine.begin() as connection:
        connection.execute(sa.update(t.orders).values(postcode=" ", email=""))
    with pytest.raises(ProofRefused):
        prover.prove_order("c1", demo("just_paid").number, answer)


@settings(deadline=None)  # a busy machine is no failure
@given(answer=st.text(max_size=40))
def test_no_other_text_proves_an_order(read_only: SqlShop, answer: str) -> None:
    known = demo_orders(read_only)[0]
    prover = Prover(read_only, granted=agreed, clock=Clock().seconds)
    if fold_postcode(answer) == fold_postcode(known.postcode):
        return
    with pytest.raises(ProofRefused):
        prover.prove_order("c1", known.number, answer)


def _fail(prover: Prover, times: int, conversation: str, number: str) -> None:
    for _ in range(times):
        with pytest.raises(ProofRefused):
            prover.prove_order(conversation, number, "9999 ZZ")


def test_a_conversation_may_be_wrong_five_times(prover: Prover, demo: Demo, clock: Clock) -> None:
    known = demo("just_paid")
    for index in range(5):
        _fail(prover, 1, "c1", f"HD-10000{index}")
    with pytest.raises(TooManyAttempts) as full:
        prover.prove_order("c1", known.number, known.postcode)
    assert full.value.retry_after == 15 * 60
    assert prover.prove_order("c2", known.number, known.postcode)
    clock.move(minutes=15)
    assert prover.prove_order("c1", known.number, known.postcode)


@pytest.mark.parametrize("number", ["HD-752869", UNKNOWN])
def test_an_order_known_or_not_may_be_guessed_at_ten_times(
    prover: Prover, demo: Demo, clock: Clock, number: str
) -> None:
    assert demo("just_paid").number == "HD-752869"
    for index in range(5):
        _fail(prover, 2, f"c{index}", number)
    with pytest.raises(TooManyAttempts) as full:
        prover.prove_order("c9", number.lower().replace("-", " "), demo("just_paid").postcode)
    assert full.value.retry_after == 60 * 60
    clock.move(hours=1)
    _fail(prover, 1, "c9", number)


def test_being_limited_by_an_order_does_not_use_up_the_conversation(
    sql_shop: SqlShop, demo: Demo, clock: Clock
) -> None:
    limits = ProofLimits(per_conversation=2, per_order=1)
    prover, known = (
        Prover(sql_shop, granted=agreed, clock=clock.seconds, limits=limits),
        demo("just_paid"),
    )
    _fail(prover, 1, "other", UNKNOWN)
    for _ in range(5):
        with pytest.raises(TooManyAttempts):
            prover.prove_order("c1", UNKNOWN, "9999 ZZ")
    assert prover.prove_order("c1", known.number, known.postcode)


def test_right_answers_are_never_limited(prover: Prover, demo: Demo) -> None:
    known = demo("just_paid")
    for _ in range(40):
        assert prover.prove_order("c1", known.number, known.postcode)


def test_a_shop_that_is_down_costs_no_attempt(
    prover: Prover, sql_shop: SqlShop, demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(number: OrderNumber) -> None:
        raise ShopUnavailable("down")

    known = demo("just_paid")
    with monkeypatch.context() as patch:
        patch.setattr(sql_shop, "contact", down)
        for _ in range(20):
            with pytest.raises(ShopUnavailable):
                prover.prove_order("c1", known.number, known.postcode)
    assert prover.prove_order("c1", known.number, known.postcode)


def test_neither_log_nor_memory_holds_what_was_typed(prover: Prover, demo: Demo) -> None:
    known = demo("just_paid")
    with capture_logs() as logs:
        prover.prove_order("conv-1", known.number, known.postcode)
        _fail(prover, 5, "conv-1", known.number)
        with pytest.raises(TooManyAttempts):
            prover.prove_order("conv-1", known.number, known.email)
    assert [entry["event"] for entry in logs] == [
        "proof.given",
        *["proof.refused"] * 5,
        "proof.limited",
    ]
    kept = repr(logs) + repr(vars(prover._conversations)) + repr(vars(prover._orders))
    for secret in (known.number, known.postcode, known.email, "conv-1", "9999"):
        assert secret not in kept
