"""A real HTTP server on a loopback port: the adapter of docs/shop.md over the example shop."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from helder.shop import refusals, wire
from helder.shop.errors import BadRequest, ShopError
from helder.shop.model import Accepted, Address, RefundCause, ReturnLine, ReturnReason
from helder.shop.port import ShopBackend

API_KEY = "k" * 40


class Adapter:
    """What a company would write: HTTP in, its own shop out. `faults` are served first."""

    def __init__(self) -> None:
        self.shop: ShopBackend | None = None
        self.faults: deque[Any] = deque()
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.release = threading.Event()
        routes = [
            ("GET", "/v1/orders/{number}", lambda s, p, b, k: s.order(p["number"])),
            ("GET", "/v1/orders/{number}/contact", lambda s, p, b, k: s.contact(p["number"])),
            ("GET", "/v1/orders/{number}/invoices", lambda s, p, b, k: s.invoices(p["number"])),
            ("GET", "/v1/orders/{number}/invoices/{invoice}", _document),
            ("GET", "/v1/orders/{number}/returnable", lambda s, p, b, k: s.returnable(p["number"])),
            ("GET", "/v1/orders/{number}/cancellation", _may_cancel),
            ("POST", "/v1/orders/{number}/cancellation", _cancel),
            ("POST", "/v1/orders/{number}/returns", _return),
            ("PUT", "/v1/orders/{number}/address", _address),
            ("POST", "/v1/orders/{number}/compensation", _compensate),
            ("GET", "/v1/customers/{id}", lambda s, p, b, k: s.customer(p["id"])),
            ("GET", "/v1/customers/{id}/orders", lambda s, p, b, k: s.orders(p["id"])),
            ("POST", "/v1/customers/find", lambda s, p, b, k: s.find_customer(b["email"])),
            ("PUT", "/v1/customers/{id}/newsletter", _newsletter),
            ("POST", "/v1/customers/{id}/closure", _closure),
            ("PUT", "/v1/newsletter", _asked_newsletter),
            ("POST", "/v1/password-links", _password_link),
            ("GET", "/v1/delivery-options", lambda s, p, b, k: s.delivery_options(p["country"])),
            ("GET", "/v1/payment-methods", lambda s, p, b, k: s.payment_methods(p["country"])),
            ("GET", "/v1/products", lambda s, p, b, k: s.find_products(p["words"], int(p["limit"]))),  # noqa: E501 - a table
        ]  # fmt: skip
        self.routes = [(method, path) for method, path, _ in routes]
        self._app = Starlette(
            routes=[Route(path, self._endpoint(do), methods=[m]) for m, path, do in routes]
        )

    def _endpoint(self, do: Callable[..., Any]) -> Callable[..., Any]:
        async def endpoint(request: Request) -> Response:
            if request.headers.get("Authorization") != f"Bearer {API_KEY}":
                return JSONResponse({"error": {"code": "unauthorized"}}, 401)
            body = await request.json() if await request.body() else None
            given = {**request.path_params, **request.query_params}
            key = request.headers.get("Idempotency-Key")
            try:
                answer = await run_in_threadpool(do, self.shop, given, body, key)
            except wire.WireError:
                return JSONResponse(*reversed(refusals.to_wire(BadRequest())))
            except ShopError as error:
                return JSONResponse(*reversed(refusals.to_wire(error)))
            return JSONResponse(wire.encode(answer))

        return endpoint

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {k.decode(): v.decode() for k, v in scope["headers"]}
        self.requests.append((scope["method"], scope["path"], headers))
        fault = self.faults.popleft() if self.faults else None
        if fault is None:
            await self._app(scope, receive, send)
        elif fault == "lost answer":  # it was done, but nobody hears of it
            await self._app(scope, receive, _nowhere)
            await _start(send, 200, 10)
        elif fault == "drop":
            await _start(send, 200, 10)  # promises ten bytes and hangs up
        elif fault == "hang":
            await asyncio.get_running_loop().run_in_executor(None, self.release.wait)
        else:
            status, body, extra = fault
            await _start(send, status, len(body), extra)
            await send({"type": "http.response.body", "body": body})


async def _nowhere(message: Any) -> None:
    pass


async def _start(send: Any, status: int, length: int, extra: Any = ()) -> None:
    headers = [(b"content-length", str(length).encode()), *extra]
    await send({"type": "http.response.start", "status": status, "headers": headers})


def _document(shop: Any, given: Any, body: Any, key: Any) -> Any:
    return shop.invoice_document(given["number"], given["invoice"], given["language"])


def _may_cancel(shop: Any, given: Any, body: Any, key: Any) -> Any:
    shop.check_cancel(given["number"])
    return {"allowed": True}


def _cancel(shop: Any, given: Any, body: Any, key: Any) -> Any:
    return shop.cancel_order(given["number"], idempotency_key=key)


def _return(shop: Any, given: Any, body: Any, key: Any) -> Any:
    lines, reason = wire.decode_list(ReturnLine, body["lines"]), ReturnReason(body["reason"])
    return shop.request_return(given["number"], lines, reason, idempotency_key=key)


def _address(shop: Any, given: Any, body: Any, key: Any) -> Any:
    address = wire.decode(Address, body)
    return shop.change_address(given["number"], address, idempotency_key=key)


def _compensate(shop: Any, given: Any, body: Any, key: Any) -> Any:
    cause, reason = RefundCause(body["cause"]), ReturnReason(body["reason"])
    return shop.compensate(
        given["number"], cause, reason, signed_in=body["signed_in"], idempotency_key=key
    )


def _newsletter(shop: Any, given: Any, body: Any, key: Any) -> Any:
    return shop.set_newsletter(given["id"], body["subscribed"], idempotency_key=key)


def _closure(shop: Any, given: Any, body: Any, key: Any) -> Any:
    return shop.close_account(given["id"], idempotency_key=key)


def _asked_newsletter(shop: Any, given: Any, body: Any, key: Any) -> Any:
    asked = body["email"], body["subscribed"], body["language"]
    shop.ask_newsletter(*asked, idempotency_key=key)
    return Accepted(True)


def _password_link(shop: Any, given: Any, body: Any, key: Any) -> Any:
    shop.send_password_link(body["email"], body["language"], idempotency_key=key)
    return Accepted(True)


class RunningServer:
    """uvicorn in a thread, on a port of the system's choice."""

    def __init__(self) -> None:
        self.adapter = Adapter()
        config = uvicorn.Config(
            self.adapter,
            host="127.0.0.1",
            port=0,
            log_config=None,
            lifespan="off",
            ws="none",
            access_log=False,
        )
        self._server = uvicorn.Server(config)
        self._socket = config.bind_socket()
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        self.adapter.release.set()
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()
