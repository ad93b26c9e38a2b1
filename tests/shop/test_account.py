"""The account of the customer who signed in, and of nobody else."""

from __future__ import annotations

import pytest

from helder.shop.account import OwnAccount
from helder.shop.gate import NotProven
from helder.shop.model import AccountState, Customer, CustomerId, NewsletterState
from helder.shop.sql import SqlShop
from tests.shop.test_gate import Said

ME = CustomerId("C-20000")


def me(shop: SqlShop) -> Customer:
    return shop.customer(ME)


@pytest.mark.parametrize(
    "evidence",
    [Said(), Said(("HD-204817",)), Said((), ("C-20000", "C-20007"))],
    ids=["nothing", "only an order", "two customers"],
)
def test_without_one_identity_no_account_is_seen_or_changed(
    sql_shop: SqlShop, evidence: Said
) -> None:
    before = me(sql_shop)
    own = OwnAccount(sql_shop, evidence)
    assert own.customer() is None
    with pytest.raises(NotProven):
        own.close(idempotency_key="k")
    with pytest.raises(NotProven):
        own.set_newsletter(True, idempotency_key="k")
    assert me(sql_shop) == before


def test_who_signed_in_may_close_the_account_and_choose_the_newsletter(sql_shop: SqlShop) -> None:
    own = OwnAccount(sql_shop, Said((), (ME, ME)))
    assert own.customer() == me(sql_shop)
    own.set_newsletter(True, idempotency_key="k1")
    assert me(sql_shop).newsletter is NewsletterState.SUBSCRIBED
    assert own.close(idempotency_key="k2") == me(sql_shop)
    assert me(sql_shop).account is AccountState.GUEST


def test_a_customer_whom_the_shop_no_longer_knows_is_nobody(sql_shop: SqlShop) -> None:
    assert OwnAccount(sql_shop, Said((), ("C-nobody",))).customer() is None
