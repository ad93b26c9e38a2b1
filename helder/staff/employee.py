"""An employee, and their account as it is sealed."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from typing import Any

from helder.staff.permissions import Action, Role, allowed

LANGUAGES = ("en", "nl")
MOST_CONVERSATIONS = 10


@dataclass(frozen=True)
class Employee:
    """Somebody who works at the desk. `id` is opaque; `display` is what customers see.

    `capacity`: how many conversations at once. `one_time`: the password was given by somebody
    else and is to be changed. `enrolled`: there is an authenticator app. `taught`: the version of
    the short guide that they have read, or "".
    """

    id: str
    name: str
    display: str
    roles: frozenset[Role]
    languages: frozenset[str]
    skills: frozenset[str]
    capacity: int
    disabled: bool
    one_time: bool
    enrolled: bool
    recovery_left: int
    taught: str

    def may(self, action: Action) -> bool:
        """Whether their roles let them do this."""
        return not self.disabled and allowed(self.roles, action)


@dataclass(frozen=True)
class Account:
    """What is kept of an employee, sealed as one. Whoever holds it can check their proofs.

    `secret` is the authenticator app's (base32), "" until it is enrolled; `last_step` the last
    time step whose code was taken (RFC 6238 §5.2). `epoch` counts what ended every session.
    `taught_at` is in minutes since 1970.
    """

    name: str
    display: str
    roles: tuple[str, ...]
    languages: tuple[str, ...]
    skills: tuple[str, ...]
    capacity: int
    password: str
    one_time: bool = True
    disabled: bool = False
    secret: str = ""
    last_step: int = -1
    recovery: tuple[str, ...] = ()
    epoch: int = 0
    taught: str = ""
    taught_at: int = 0

    def packed(self) -> bytes:
        """As it is sealed."""
        content = {each.name: getattr(self, each.name) for each in fields(self)}
        return json.dumps(content, ensure_ascii=False).encode()

    @classmethod
    def unpacked(cls, content: bytes) -> Account:
        """What `packed` gave."""
        known: dict[str, Any] = json.loads(content)
        for name, value in known.items():
            known[name] = tuple(value) if isinstance(value, list) else value
        return cls(**known)

    def all_signed_out(self) -> Account:
        """The same, with every session over."""
        return replace(self, epoch=self.epoch + 1)

    def employee(self, who: str) -> Employee:
        """What others may know of it."""
        return Employee(
            id=who,
            name=self.name,
            display=self.display,
            roles=frozenset(Role(each) for each in self.roles),
            languages=frozenset(self.languages),
            skills=frozenset(self.skills),
            capacity=self.capacity,
            disabled=self.disabled,
            one_time=self.one_time,
            enrolled=bool(self.secret),
            recovery_left=len(self.recovery),
            taught=self.taught,
        )
