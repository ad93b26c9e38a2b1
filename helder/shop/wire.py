"""The port's types as JSON: one spelling for both sides of the wire, strict about what comes in.

Dataclasses become objects, enums their value, times ISO 8601 with an offset, days ISO 8601,
tuples arrays. Reading refuses what is missing, what is too much and what has the wrong type, and
names the place, never the value.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime, timezone
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union

T = TypeVar("T")


class WireError(ValueError):
    """JSON that is not what it should be; the message names the place and what was expected."""


def encode(value: Any) -> Any:
    """What `json.dumps` takes. Raises TypeError for a type that is not on the wire."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: encode(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [encode(item) for item in value]
    if isinstance(value, Mapping):
        return {str(name): encode(item) for name, item in value.items()}
    if value is None or isinstance(value, (str, int)):
        return value
    raise TypeError(f"{type(value).__name__} is not on the wire")


def decode(kind: type[T], data: Any) -> T:
    """A `kind` (a dataclass of the port) from what `json.loads` gave. Raises WireError."""
    result: T = _decode(kind, data, kind.__name__)
    return result


def decode_list(kind: type[T], data: Any) -> tuple[T, ...]:
    """Several of them, from an array. Raises WireError."""
    result: tuple[T, ...] = _decode(tuple[kind, ...], data, kind.__name__)  # type: ignore[valid-type]  # mypy takes no type from a value
    return result


def _decode(kind: Any, data: Any, place: str) -> Any:
    kind = getattr(kind, "__supertype__", kind)  # a NewType is what it is made of
    origin = typing.get_origin(kind)
    if origin in (Union, types.UnionType):
        return None if data is None else _decode(typing.get_args(kind)[0], data, place)
    if origin is tuple:
        if not isinstance(data, list):
            raise WireError(f"{place}: an array was expected")
        item = typing.get_args(kind)[0]
        return tuple(_decode(item, each, f"{place}[{i}]") for i, each in enumerate(data))
    if dataclasses.is_dataclass(kind):
        return _object(kind, data, place)
    return _plain(kind, data, place)


def _object(kind: Any, data: Any, place: str) -> Any:
    hints = _hints(kind)
    if not isinstance(data, dict):
        raise WireError(f"{place}: an object was expected")
    if set(data) != set(hints):
        missing, extra = sorted(set(hints) - set(data)), len(set(data) - set(hints))
        raise WireError(f"{place}: missing fields {missing}, {extra} unknown fields")
    values = {name: _decode(hint, data[name], f"{place}.{name}") for name, hint in hints.items()}
    try:
        return kind(**values)
    except ValueError as error:
        raise WireError(f"{place}: {error}") from None


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _plain(kind: Any, data: Any, place: str) -> Any:
    try:
        if kind is datetime and isinstance(data, str):
            return _moment(data)
        if kind is date and isinstance(data, str):
            return date.fromisoformat(data)
        if issubclass(kind, Enum) and isinstance(data, str):
            return kind(data)
        if kind is str and isinstance(data, str):
            data.encode()  # half a character (a lone surrogate) would fail later, elsewhere
            return data
    except (ValueError, OverflowError):
        raise WireError(f"{place}: not a valid {kind.__name__}") from None
    if kind in (int, bool) and type(data) is kind:  # True is an int, but not here
        return data
    raise WireError(f"{place}: {kind.__name__} was expected")


def _moment(text: str) -> datetime:
    # Python 3.10 does not read the Z that others write for UTC (RFC 3339).
    moment = datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith("Z") else text)
    if moment.tzinfo is None:
        raise ValueError("no offset")
    return moment.astimezone(timezone.utc)
