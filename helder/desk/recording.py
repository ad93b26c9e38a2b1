"""What employees do is recorded before it is done; what cannot be recorded is not done."""

from __future__ import annotations

import structlog
from sqlalchemy.engine import Connection

from helder.handoff.happened import Did

logger = structlog.get_logger(__name__)


def record(
    connection: Connection, did: Did, employee: str, conversation: str, **detail: str
) -> None:
    """Something done in the queue; see helder.handoff.claims.Records. No word of anybody."""
    del connection  # what is only logged needs none
    told = {name: detail[name] for name in ("ticket", "turn", "to", "skill") if detail.get(name)}
    logger.info("employee_did", did=did.value, employee=employee, of=conversation, **told)


def looked(employee: str, what: str, subject: str) -> None:
    """Somebody looked at a conversation, or asked for what is masked in it."""
    logger.info("employee_looked", what=what, employee=employee, of=subject)
