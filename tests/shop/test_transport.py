"""What HttpShop does when the other side misbehaves; against a real server."""

from __future__ import annotations

import json
import logging
import random
import socket
from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from helder.shop.breaker import Circuit, CircuitBreaker
from helder.shop.errors import BadAnswer, NotAllowed, NotFound, ShopUnavailable
from helder.shop.http import HttpShop
from helder.shop.model import OrderNumber, OrderState, ReturnLine, ReturnReason
from helder.shop.seed import DemoOrder
from helder.shop.transport import LARGEST, Patience, Transport

from .conftest import Clock
from .server import API_KEY, RunningServer

Demo = Callable[[str], DemoOrder]
ERROR_500 = (500, b"<h1>Internal Server Error</h1>", ())
GARBAGE = (200, b"\x1f\x8b not json", ())


@pytest.mark.parametrize("fault", [ERROR_500, (503, b"{}", ()), (429, b"{}", ()), "drop",
                                   GARBAGE, (200, b"", ()), (200, b"[" * 100_000, ()),
                                   (200, b"\xff\xfe", ())])  # fmt: skip
def test_a_fault_is_tried_again(
    http_shop: HttpShop, server: RunningServer, demo: Demo, pauses: list[float], fault: object
) -> None:
    server.adapter.faults.append(fault)
    assert http_shop.order(demo("just_paid").number).state is OrderState.PAID
    assert len(server.adapter.requests) == 2
    assert len(pauses) == 1


def test_a_shop_that_does_not_answer_is_waited_for_only_so_long(
    server: RunningServer, demo: Demo
) -> None:
    transport = Transport(
        server.url, API_KEY, patience=Patience(read=0.2, tries=2), sleep=lambda _: None
    )
    server.adapter.faults.extend(["hang"] * 2)
    with pytest.raises(ShopUnavailable, match="ReadTimeout"):
        HttpShop(transport).order(demo("just_paid").number)
    transport.close()
    assert len(server.adapter.requests) == 2


def test_pauses_grow_and_differ(
    http_shop: HttpShop, server: RunningServer, demo: Demo, pauses: list[float]
) -> None:
    server.adapter.faults.extend([ERROR_500] * 3)
    with pytest.raises(ShopUnavailable):
        http_shop.order(demo("just_paid").number)
    first, second = pauses
    assert 0.1 <= first <= 0.3
    assert 0.2 <= second <= 0.6
    assert second != 2 * first


def test_a_write_whose_answer_was_lost_is_done_once(
    http_shop: HttpShop, server: RunningServer, demo: Demo
) -> None:
    order = http_shop.order(demo("delivered_5_days_ago").number)
    server.adapter.requests.clear()
    server.adapter.faults.append("lost answer")
    lines = [ReturnLine(order.lines[0].id, 1)]
    new = http_shop.request_return(
        order.number, lines, ReturnReason.DAMAGED, idempotency_key="turn-1"
    )
    keys = [headers["idempotency-key"] for _, _, headers in server.adapter.requests]
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert http_shop.order(order.number).returns == (new,)


def test_a_refusal_is_an_answer_and_not_tried_again(
    http_shop: HttpShop, server: RunningServer, demo: Demo
) -> None:
    with pytest.raises(NotAllowed):
        http_shop.check_cancel(demo("on_its_way").number)
    with pytest.raises(NotFound):
        http_shop.order(OrderNumber("HD-000001"))
    assert len(server.adapter.requests) == 2


def _json(status: int, data: object) -> tuple[int, bytes, tuple[()]]:
    return status, json.dumps(data).encode(), ()


@pytest.mark.parametrize(
    "fault",
    [
        _json(200, {}),
        _json(200, []),
        _json(200, None),
        _json(200, {"number": 1, "email": "a", "postcode": "b"}),
        _json(200, {"number": "HD-1", "email": "a", "postcode": "b", "more": 1}),
        _json(200, {"number": "HD-1", "email": "\ud800", "postcode": "b"}),
        _json(302, {}),
        _json(404, {"detail": "Not Found"}),  # a wrong address is not an unknown order
        _json(404, []),
        _json(409, {"error": {"code": "not_allowed", "reason": "because"}}),
        _json(409, {"error": {"code": "not_allowed", "reason": ["x"]}}),
        _json(409, {"error": {"code": "not_allowed", "reason": "window_over", "facts": {"a": 1}}}),
        _json(409, {"error": "no"}),
        _json(418, {"error": {"code": "teapot"}}),
    ],
)
def test_an_answer_outside_the_contract_is_refused(
    http_shop: HttpShop, server: RunningServer, fault: object
) -> None:
    server.adapter.faults.append(fault)
    with pytest.raises(BadAnswer):
        http_shop.contact(OrderNumber("HD-204817"))
    assert len(server.adapter.requests) == 1


def test_an_answer_without_end_is_cut_off(http_shop: HttpShop, server: RunningServer) -> None:
    server.adapter.faults.extend([(200, b" " * (LARGEST + 1), ())] * 3)
    with pytest.raises(BadAnswer, match="too large"):
        http_shop.contact(OrderNumber("HD-204817"))


def test_a_compressed_answer_is_not_unpacked(http_shop: HttpShop, server: RunningServer) -> None:
    server.adapter.faults.extend([(200, b"{}", [(b"content-encoding", b"gzip")])] * 3)
    with pytest.raises(BadAnswer, match="compressed"):
        http_shop.contact(OrderNumber("HD-204817"))


def test_a_wrong_key_is_reported_once_and_not_tried_again(
    server: RunningServer, demo: Demo
) -> None:
    transport = Transport(server.url, "w" * 40, sleep=lambda _: None)
    with capture_logs() as logs, pytest.raises(ShopUnavailable, match="key"):
        HttpShop(transport).order(demo("just_paid").number)
    transport.close()
    assert len(server.adapter.requests) == 1
    assert [entry["event"] for entry in logs] == ["shop.key_refused"]


def test_time_is_up_before_the_tries_are(server: RunningServer, demo: Demo) -> None:
    clock = Clock()

    def sleep(seconds: float) -> None:
        clock.move(seconds=seconds)

    patience = Patience(total=1.0, tries=50, pause=0.2)
    transport = Transport(
        server.url, API_KEY, patience=patience, clock=clock.seconds, sleep=sleep,
        breaker=CircuitBreaker(clock.seconds, failures=100), dice=random.Random(2),
    )  # fmt: skip
    began = clock.seconds()
    server.adapter.faults.extend([ERROR_500] * 50)
    with pytest.raises(ShopUnavailable):
        HttpShop(transport).order(demo("just_paid").number)
    transport.close()
    assert clock.seconds() - began < 1.0
    assert 2 <= len(server.adapter.requests) < 10


def test_nobody_at_home_is_unavailable_and_opens_the_circuit() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    breaker = CircuitBreaker(Clock().seconds, failures=3, rest=20)
    transport = Transport(
        f"http://127.0.0.1:{port}", API_KEY, breaker=breaker, sleep=lambda _: None
    )
    with pytest.raises(ShopUnavailable, match="ConnectError"):
        HttpShop(transport).contact(OrderNumber("HD-204817"))
    assert breaker.state is Circuit.OPEN
    with pytest.raises(ShopUnavailable, match="circuit open"):
        HttpShop(transport).contact(OrderNumber("HD-204817"))
    transport.close()


def test_the_circuit_closes_when_the_shop_is_back(server: RunningServer, demo: Demo) -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock.seconds, failures=3, rest=20)
    transport = Transport(server.url, API_KEY, breaker=breaker, sleep=lambda _: None)
    shop, number = HttpShop(transport), demo("just_paid").number
    server.adapter.faults.extend([ERROR_500] * 3)
    with pytest.raises(ShopUnavailable):
        shop.contact(number)
    asked = len(server.adapter.requests)
    with pytest.raises(ShopUnavailable):
        shop.contact(number)
    assert len(server.adapter.requests) == asked, "an open circuit asks nobody"
    clock.move(seconds=21)
    assert shop.contact(number).number == number
    transport.close()


def test_nothing_personal_is_logged_at_any_level(
    server: RunningServer, demo: Demo, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "httpcore.http11", "httpcore.connection"):
        caplog.set_level(logging.DEBUG, name)
    known = demo("just_paid")
    transport = Transport(server.url, API_KEY, sleep=lambda _: None)
    with capture_logs() as logs:
        shop = HttpShop(transport)
        shop.find_customer(known.email)
        server.adapter.faults.extend([GARBAGE, ERROR_500])
        shop.cancel_order(known.number, idempotency_key="conversation-1")
    transport.close()
    # The test's own server may log what it was asked; that is not ours.
    ours = [each.getMessage() for each in caplog.records if not each.name.startswith("uvicorn")]
    said = repr(ours) + repr(logs)
    assert len(logs) == 2, "the faults are logged"
    for secret in (known.email, known.number, known.postcode, API_KEY, "conversation-1"):
        assert secret not in said


def test_what_is_asked_is_in_no_address_of_a_request(
    http_shop: HttpShop, server: RunningServer, demo: Demo
) -> None:
    http_shop.find_customer(demo("just_paid").email)
    ((method, path, headers),) = server.adapter.requests
    assert (method, path) == ("POST", "/v1/customers/find")
    assert "example" not in repr(headers)
