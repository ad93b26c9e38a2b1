"""Whom a limit counts against: the caller's network address, as far as it can be believed."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

_LONGEST = 64


def caller(client: str | None, forwarded: Sequence[str], *, trust_proxy: bool) -> str:
    """The subscriber who calls: `client`, or what a trusted proxy in front says it is.

    `forwarded` are the X-Forwarded-For headers. Only the very last name in them was written by the
    proxy; a proxy may put it in a header of its own, after what the caller sent.
    """
    named = ",".join(forwarded).split(",")[-1].strip()
    return subscriber(named if trust_proxy and named else client or "unknown")


def subscriber(address: str) -> str:
    """The address, or for IPv6 its /64: one subscriber has all the addresses of that."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:_LONGEST]
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.IPv6Network((parsed, 64), strict=False))
    return str(parsed)
