"""Reading a form, and refusing one that is not ours (OWASP ASVS 5.0, V3.5)."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

from helder.desk import visit
from helder.desk.errors import DeskError
from helder.desk.state import desk_of

LARGEST = 20_000  # bytes; a long reply, written as a form writes it
_FIELDS = 8
TOKEN = "token"  # noqa: S105 - the name of the field


async def read(request: Request) -> dict[str, str]:
    """The fields of a form that this visitor got from us.

    Raises:
        DeskError: 413 it is too large, 400 it is no form, 403 it comes from elsewhere or too late.
    """
    if request.headers.get("origin", "").lower() != visit.origin(request):
        raise DeskError(403, "foreign_form")
    fields = _fields(await _body(request))
    signing = desk_of(request).signing
    if not signing.is_form_token(visit.visitor(request), fields.pop(TOKEN, "")):
        raise DeskError(403, "old_form")
    return fields


async def _body(request: Request) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise DeskError(413, "too_large")
    return body


def _fields(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=_FIELDS, errors="strict"
        )
    except ValueError:
        raise DeskError(400, "bad_request") from None
    return dict(pairs)
