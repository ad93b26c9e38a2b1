"""What may be said about an employee, checked where it comes in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from helder.staff.employee import LANGUAGES, MOST_CONVERSATIONS
from helder.staff.errors import BadAccount
from helder.staff.permissions import Role

_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,63}")
_SKILL = re.compile(r"[a-z][a-z0-9_-]{0,23}")
_LONGEST_DISPLAY = 40
_MOST_SKILLS = 9


def name_of(given: str) -> str:
    """The name that somebody signs in with, as it is compared."""
    return unicodedata.normalize("NFKC", given).strip().lower()


def checked_name(given: str) -> str:
    """As `name_of`. Raises BadAccount."""
    name = name_of(given)
    if not _NAME.fullmatch(name):
        raise BadAccount(
            "The name to sign in with has 2 to 64 small letters, digits and . _ - @ +, "
            "such as anna or anna@shop.example."
        )
    return name


def checked_display(given: str) -> str:
    """The name that customers and colleagues see. Raises BadAccount."""
    display = " ".join(given.split())
    if not display or len(display) > _LONGEST_DISPLAY or not display.isprintable():
        raise BadAccount(f"The name that customers see has 1 to {_LONGEST_DISPLAY} characters.")
    return display


def checked_roles(given: Iterable[str]) -> tuple[str, ...]:
    """Roles, at least one. Raises BadAccount."""
    return _some_of("role", given, tuple(role.value for role in Role))


def checked_languages(given: Iterable[str]) -> tuple[str, ...]:
    """Languages that somebody answers in, at least one. Raises BadAccount."""
    return _some_of("language", given, LANGUAGES)


def checked_skills(given: Iterable[str]) -> tuple[str, ...]:
    """What somebody is asked for in particular. Raises BadAccount."""
    skills = tuple(sorted({each.strip().lower() for each in given}))
    if wrong := [each for each in skills if not _SKILL.fullmatch(each)]:
        raise BadAccount(
            f"A skill is a short word such as returns or invoices, not {wrong[0]!r:.40}."
        )
    if len(skills) > _MOST_SKILLS:
        raise BadAccount(f"Somebody has at most {_MOST_SKILLS} skills.")
    return skills


def checked_capacity(given: int) -> int:
    """How many conversations at once. Raises BadAccount."""
    if not 1 <= given <= MOST_CONVERSATIONS:
        raise BadAccount(f"The capacity is a whole number from 1 to {MOST_CONVERSATIONS}.")
    return given


def _some_of(what: str, given: Iterable[str], known: tuple[str, ...]) -> tuple[str, ...]:
    chosen = {each.strip().lower() for each in given}
    if not chosen:
        raise BadAccount(f"Give at least one {what}: {', '.join(known)}.")
    if unknown := sorted(chosen - {*known}):
        raise BadAccount(f"There is no {what} {unknown[0]!r:.40}; there are: {', '.join(known)}.")
    return tuple(each for each in known if each in chosen)
