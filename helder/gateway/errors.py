"""How the API says no: `{"error": {"code", "message"}}`, in the customer's language."""

from __future__ import annotations

from collections.abc import Mapping


class ApiError(Exception):
    """A request that is refused. `code` is a key of `errors` in policies/texts.yml."""

    def __init__(self, status: int, code: str, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.retry_after = retry_after

    @property
    def headers(self) -> Mapping[str, str]:
        """`Retry-After` in seconds (RFC 9110 §10.2.3), `WWW-Authenticate` with every 401."""
        headers = {}
        if self.retry_after is not None:
            headers["Retry-After"] = str(max(1, self.retry_after))
        if self.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return headers
