"""The shop's errors as HTTP answers, for both sides of the wire.

404 {"error": {"code": "not_found", "what": "order"}}
409 {"error": {"code": "not_allowed", "reason": "already_packed", "facts": {"since": "…"}}}
409 {"error": {"code": "key_reused"}}
422 {"error": {"code": "bad_request"}}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .errors import BadAnswer, BadRequest, KeyReused, NotAllowed, NotFound, Reason, ShopError


def to_wire(error: ShopError) -> tuple[int, dict[str, Any]]:
    """Status and body of an error. What is not listed above is 503 `unavailable`."""
    if isinstance(error, NotFound):
        return 404, {"error": {"code": "not_found", "what": error.what}}
    if isinstance(error, NotAllowed):
        facts = dict(error.facts)
        return 409, {"error": {"code": "not_allowed", "reason": error.reason.value, "facts": facts}}
    if isinstance(error, KeyReused):
        return 409, {"error": {"code": "key_reused"}}
    if isinstance(error, BadRequest):
        return 422, {"error": {"code": "bad_request"}}
    return 503, {"error": {"code": "unavailable"}}


def from_wire(status: int, data: Any) -> ShopError:
    """The error that an answer means; BadAnswer if the contract does not know it."""
    error = data.get("error") if isinstance(data, dict) else None
    if not isinstance(error, dict):
        return BadAnswer(f"status {status} without an error that we know")
    code = error.get("code")
    if (status, code) == (404, "not_found"):
        what = error.get("what")
        if isinstance(what, str) and re.fullmatch("[a-z_]{1,32}", what):
            return NotFound(what)
        return NotFound("record")
    if (status, code) == (409, "not_allowed"):
        return _not_allowed(error)
    if (status, code) == (409, "key_reused"):
        return KeyReused("this idempotency key belongs to another request")
    if (status, code) == (422, "bad_request"):
        return BadRequest("the shop does not understand this request")
    return BadAnswer(f"status {status} with an error that we do not know")


def _not_allowed(error: Mapping[str, Any]) -> ShopError:
    facts = error.get("facts", {})
    try:
        reason = Reason(error.get("reason"))
    except ValueError:
        return BadAnswer("a refusal for a reason that we do not know")
    if not isinstance(facts, dict) or not all(isinstance(fact, str) for fact in facts.values()):
        return BadAnswer("a refusal with facts that are not texts")
    return NotAllowed(reason, facts)
