"""docs/shop.md is a contract: it says what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path

from helder.shop import wire
from helder.shop.breaker import CircuitBreaker
from helder.shop.errors import Reason
from helder.shop.model import Order
from helder.shop.numbers import normalise_order_number
from helder.shop.proof import ProofLimits
from helder.shop.stories import DEMO
from helder.shop.transport import LARGEST, Patience

from .server import Adapter

PAGE = (Path(__file__).parents[2] / "docs" / "shop.md").read_text(encoding="utf-8")


def test_every_call_of_the_adapter_is_in_the_table() -> None:
    written = re.findall(r"^\| `(GET|POST|PUT) (/v1/[^`]*)` \|", PAGE, re.MULTILINE)
    assert sorted(written) == sorted(Adapter().routes)


def test_the_order_in_the_page_is_an_order() -> None:
    (example,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    order = wire.decode(Order, json.loads(example))
    assert normalise_order_number(order.number) == order.number
    assert sum(line.total.cents for line in order.lines) + order.shipping.cents == order.total.cents


def test_every_reason_is_listed() -> None:
    listed = PAGE[PAGE.index("Reasons: ") : PAGE.index("`facts` are texts")]
    assert set(re.findall(r"`(\w+)`", listed)) == {reason.value for reason in Reason}


def test_the_numbers_in_the_page_are_those_in_the_code() -> None:
    patience, limits = Patience(), ProofLimits()
    assert (patience.connect, patience.read, patience.total, patience.tries) == (2, 4, 8, 3)
    assert "Two seconds to connect, four to answer, eight for all" in PAGE
    breaker = CircuitBreaker(lambda: 0.0)
    assert (breaker._limit, breaker._rest) == (5, 20)
    assert "After five failures in a row nothing is asked for 20 seconds" in PAGE
    assert LARGEST == 2_000_000
    assert (limits.per_conversation, limits.conversation_seconds) == (5, 15 * 60)
    assert (limits.per_order, limits.order_seconds) == (10, 60 * 60)
    assert "Five wrong answers per\n  conversation in 15 minutes, ten per order in an hour" in PAGE
    listed = PAGE[PAGE.index("lists eight orders") :]
    assert len(DEMO) == 8
    for story, _ in DEMO:
        assert story.name.replace("_", " ") in " ".join(listed.split())
