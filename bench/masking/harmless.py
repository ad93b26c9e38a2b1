"""Numbers that customers write and that must stay: of orders and parcels, dates, amounts."""

from __future__ import annotations

import random

from bench.masking import numbers


def order(rng: random.Random) -> str:
    """An order number, as customers write it."""
    n = numbers.six(rng)
    marks = ("HD-", "HD-", "hd-", "hd", "HD ", "#", "", "", "HD–")
    return rng.choice(marks) + rng.choice((n, n, n, f"{n[:3]} {n[3:]}", f"{n[:3]}.{n[3:]}"))


def tracking(rng: random.Random) -> str:
    """A code of one of the carriers."""
    d = numbers.digits(rng, 24)
    return rng.choice(
        (
            f"3SKADE{d[:9]}",
            f"KD{d[:9]}NL",
            f"JVGL0{d[:15]}",
            f"1Z999AA1{d[:10]}",
            f"LX{d[:9]}NL",
            f"CD{d[:9]}BE",
            f"0{d[:13]}",
            f"3232{d[:20]}",
            f"JJD0{d[:18]}",
            f"TBA{d[:12]}",
        )
    )


def date_written(rng: random.Random) -> str:
    """A date, some with a time."""
    day, month, year = rng.randrange(1, 29), rng.randrange(1, 13), rng.choice((2025, 2026))
    return rng.choice(
        (
            f"{day}-{month}-{year}",
            f"{day:02}/{month:02}/{year}",
            f"{year}-{month:02}-{day:02}",
            f"{day:02}.{month:02}.{year} 14:{day:02}",
            f"{day} november {year}",
            f"{year}-{month:02}-{day:02}T10:{day:02}:00",
        )
    )


def amount(rng: random.Random) -> str:
    """Money."""
    euros, cents = rng.randrange(1, 2000), rng.randrange(100)
    return rng.choice(
        (
            f"€ {euros},{cents:02}",
            f"€{euros}.{cents:02}",
            f"{euros},{cents:02} euro",
            f"€ 1.{euros % 1000:03},{cents:02}",
            f"£{euros}.{cents:02}",
            f"EUR {euros}",
        )
    )
