"""What comes in, read strictly: bodies of a limited size, JSON of the right types, clean text."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

from starlette.requests import Request

from helder.gateway.errors import ApiError
from helder.masking.issuers import holds_card
from helder.masking.masker import Masked, Masker

MAX_BODY_BYTES = 16 * 1024
MAX_TEXT = 2_000
# A card has at most 19 digits; a UUID has 32 places, of which the version is one.
LEAST_FILLING = 8
_UUID = re.compile(r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
# Joiners are part of many scripts and of emoji; everything else in Cf (bidi overrides, zero-width
# blanks, byte order marks) can only disguise.
_KEPT_FORMATS = {"\u200c", "\u200d", "\u200e", "\u200f"}
_ALWAYS = Masker()
_MAX_MARKS = 4
_MANY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
_FLAG = "\U0001f3f4"


async def read_object(request: Request, allowed: set[str]) -> dict[str, Any]:
    """The request's JSON object (an empty body is an empty object).

    Raises:
        ApiError: 413 for too many bytes, 400 for anything that is not an object of these fields.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise ApiError(413, "too_long")
    if not body:
        return {}
    try:
        content = json.loads(bytes(body).decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise ApiError(400, "bad_request") from None
    if not isinstance(content, dict) or set(content) - allowed:
        raise ApiError(400, "bad_request")
    return content


def text_field(content: dict[str, Any], name: str) -> str | None:
    """A field that is text or not there at all."""
    value = content.get(name)
    if value is None and name not in content:
        return None
    if not isinstance(value, str):
        raise ApiError(400, "bad_request")
    return value


def message_id(content: dict[str, Any]) -> str:
    """The client's own id of its message: a UUID in its usual form (RFC 9562 §4)."""
    value = text_field(content, "id")
    if value is None or not _UUID.fullmatch(value) or _hides_card(value):
        raise ApiError(400, "bad_request")
    return value.lower()


def _hides_card(identifier: str) -> bool:
    """Was a card written as an id, filled up with digits or one letter?

    Of ids that are drawn at random, about one in five million is so: its message is refused.
    """
    letters = re.sub(r"[^a-f]", "", identifier.lower())
    filled = not letters or (len(letters) >= LEAST_FILLING and len(set(letters)) == 1)
    return filled and holds_card(re.sub(r"[^0-9]", "", identifier))


def count(value: str | None) -> int:
    """A message number from an address or header: a whole number from 0."""
    if value is None:
        return 0
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        raise ApiError(400, "bad_request")
    return int(value)


def clean(text: str, masker: Masker = _ALWAYS) -> str:
    """A customer's text as it may be kept: see `kept`."""
    return kept(text, masker).text


def kept(text: str, masker: Masker) -> Masked:
    """A customer's text as it may be kept: normalised (NFC), without control characters, masked.

    Raises:
        ApiError: 400 if nothing is left, 413 if it is too long.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _MANY_LINES.sub("\n\n", "".join(_keep(text))).strip()
    if not text:
        raise ApiError(400, "empty")
    if len(text) > MAX_TEXT:
        raise ApiError(413, "too_long")
    return masker.mask(text, goes_on=True)


def _keep(text: str) -> list[str]:
    kept: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        # A heap of combining marks ("zalgo") covers the lines around it.
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > _MAX_MARKS or category in ("Cs", "Co", "Cn"):
            continue
        if category == "Cc" and character not in "\n\t":
            continue
        if (
            category == "Cf"
            and character not in _KEPT_FORMATS
            and not _spells_flag(kept, character)
        ):
            continue
        kept.append(character)
    return kept


def _is_tag(character: str) -> bool:
    return 0xE0020 <= ord(character) <= 0xE007F


def _spells_flag(kept: list[str], character: str) -> bool:
    # Tag characters spell regional flags, such as Scotland's; anywhere else they hide something.
    return _is_tag(character) and bool(kept) and (kept[-1] == _FLAG or _is_tag(kept[-1]))
