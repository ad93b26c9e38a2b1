"""An HTTP client for processes that may be killed at any moment."""

from __future__ import annotations

import httpx


def client_to(
    port: int, timeout: float | httpx.Timeout, limits: httpx.Limits | None = None
) -> httpx.AsyncClient:
    """Who asks what listens on this port; whatever breaks off raises `httpx.TransportError`."""
    return httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}",
        transport=_Transport(trust_env=False, limits=limits or httpx.Limits()),
        trust_env=False,
        timeout=timeout,
    )


class _Transport(httpx.AsyncHTTPTransport):
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await super().handle_async_request(request)
        except AttributeError as error:
            # Whoever is killed in the moment of connecting leaves uvloop no socket, and anyio asks
            # None for its peer.
            if error.name != "getpeername":
                raise
            raise httpx.ConnectError(str(error), request=request) from error
