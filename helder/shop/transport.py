"""Calls to a shop's server: time limits, retries, a circuit breaker, and nothing in the logs.

Everything that is called is idempotent (writes carry an Idempotency-Key), so everything may be
tried again. Neither bodies nor addresses are logged: both can be personal.
"""

from __future__ import annotations

import hashlib
import json
import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import structlog

from .breaker import CircuitBreaker, CircuitOpen
from .errors import BadAnswer, BadRequest, ShopUnavailable
from .refusals import from_wire

log = structlog.get_logger()

LARGEST = 2_000_000  # bytes of an answer


@dataclass(frozen=True)
class Patience:
    """How long a call may take, in seconds, and how often it is tried.

    `total` covers all tries and the pauses between them: a customer is waiting.
    """

    connect: float = 2.0
    read: float = 4.0
    total: float = 8.0
    tries: int = 3
    pause: float = 0.2


class Transport:
    """JSON in, JSON out, over one httpx client. Safe to use from several threads."""

    def __init__(
        self,
        base_url: str,
        api_key: str | None = None,
        *,
        patience: Patience | None = None,
        breaker: CircuitBreaker | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        dice: random.Random | None = None,
    ) -> None:
        self._patience = patience or Patience()
        self._clock = clock
        self._sleep = sleep
        self._dice = dice or random.SystemRandom()
        self.breaker = breaker or CircuitBreaker(clock)
        # No compression: an answer's size is then what is counted, not a bomb's. No proxies or
        # certificates from the environment: only settings.py reads that.
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if api_key:
            headers["Authorization"] = f"Bearer {api_key}"
        self._client = httpx.Client(base_url=base_url, headers=headers, trust_env=False)
        _silence()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def call(
        self,
        operation: str,
        method: str,
        path: str,
        *,
        body: Any = None,
        params: Mapping[str, str] | None = None,
        key: str | None = None,
    ) -> Any:
        """One call, tried again while that may help. `operation` is its name in the log.

        Raises:
            ShopError: what the shop answered, or ShopUnavailable.
        """
        _refuse_half_characters(body)
        request = {"method": method, "url": path, "params": params, "json": body}
        request = {name: value for name, value in request.items() if value is not None}
        if key is not None:
            request["headers"] = {"Idempotency-Key": _opaque(key)}
        deadline = self._clock() + self._patience.total
        for number in range(1, self._patience.tries + 1):
            try:
                status, data = self._guarded(request, deadline)
            except ShopUnavailable as error:
                log.warning("shop.call_failed", operation=operation, attempt=number, why=str(error))
                if number == self._patience.tries or not self._paused(number, deadline):
                    raise
            else:
                return self._understood(operation, status, data)
        raise ShopUnavailable("not tried")  # only with `tries` below 1

    def _paused(self, number: int, deadline: float) -> bool:
        """Wait before the next try, longer each time, with jitter. False if time is up."""
        if self.breaker.state.value == "open":
            return False
        pause = self._patience.pause * 2 ** (number - 1) * self._dice.uniform(0.5, 1.5)
        if self._clock() + pause >= deadline:
            return False
        self._sleep(pause)
        return True

    def _guarded(self, request: Mapping[str, Any], deadline: float) -> tuple[int, Any]:
        try:
            self.breaker.enter()
        except CircuitOpen:
            raise ShopUnavailable("circuit open") from None
        try:
            answer = self._once(request, deadline)
        except BaseException:
            self.breaker.failed()
            raise
        self.breaker.succeeded()
        return answer

    def _once(self, request: Mapping[str, Any], deadline: float) -> tuple[int, Any]:
        left = max(0.001, deadline - self._clock())
        patience = self._patience
        limit = httpx.Timeout(min(patience.read, left), connect=min(patience.connect, left))
        try:
            with self._client.stream(**request, timeout=limit) as response:
                raw = self._read(response, deadline)
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
            raise ShopUnavailable(type(error).__name__) from None
        if response.status_code >= 500 or response.status_code == 429:
            raise ShopUnavailable(f"status {response.status_code}")
        try:
            return response.status_code, json.loads(raw)
        except (ValueError, RecursionError):
            raise BadAnswer(f"status {response.status_code} without JSON") from None

    def _read(self, response: httpx.Response, deadline: float) -> bytes:
        # Read timeouts are per piece; a server that drips would hold a customer for ever.
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise BadAnswer("compressed though not asked for")
        raw = bytearray()
        for piece in response.iter_raw():
            raw += piece
            if len(raw) > LARGEST:
                raise BadAnswer("too large")
            if self._clock() > deadline:
                raise ShopUnavailable("too slow")
        return bytes(raw)

    def _understood(self, operation: str, status: int, data: Any) -> Any:
        if status in {200, 201}:
            return data
        if status in {401, 403}:
            log.error("shop.key_refused", operation=operation)
            raise ShopUnavailable("the shop refuses our key")
        error = from_wire(status, data)
        if isinstance(error, BadAnswer):
            log.error("shop.bad_answer", operation=operation, why=str(error))
        raise error


def _opaque(key: str) -> str:
    """Any key as ASCII of one length, telling the shop nothing about the conversation."""
    if not key:
        raise BadRequest("a write needs an idempotency key")
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _refuse_half_characters(body: Any) -> None:
    try:
        json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise BadRequest("a text with half a character cannot be sent") from None


def _silence() -> None:
    # httpx logs whole addresses at INFO, httpcore headers (our key) at DEBUG. `disabled` and not
    # a level: a level can be set again by whoever configures logging.
    logging.getLogger("httpx").disabled = True
    for name in ("connection", "http11", "http2", "proxy", "socks"):
        logging.getLogger(f"httpcore.{name}").disabled = True
