"""What the desk refuses, drawn in one place.

DeskError        answered with a page in the employee's language; policies/desk.yml has its `code`
SessionOver      nobody is half-way through a sign-in, or no longer: begin again
"""

from __future__ import annotations


class DeskError(Exception):
    """A request that is refused. `retry_after` is in seconds."""

    def __init__(self, status: int, code: str, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        """What goes with the answer."""
        return {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}


class SessionOver(Exception):
    """Nobody is half-way through a sign-in with this cookie: forged, or too old."""
