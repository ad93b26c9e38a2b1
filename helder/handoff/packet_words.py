"""policies/packet.yml: in which words a conversation is summed up, and what belongs in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helder.content.policies import LANGUAGES, Policy
from helder.texts import pick

FILE = "packet.yml"
Words = Mapping[str, str]  # a text by language

_HEADINGS = ("need", "fact", "tried", "refused")
_LINES: Mapping[str, tuple[str, ...]] = {
    "need": ("need", "words"),
    "unread": ("words",),
    "tried": ("words",),
    "refused": ("about", "reason"),
    "unexplained": ("about",),
}
_CUSTOMER = ("before", "after", "wrong", "ask", "thanks")


@dataclass(frozen=True)
class FactWords:
    """How a slot is told. `only` is the value without which it tells nothing, `about` the slot
    with a new value of which it is over; "": none."""

    said: Words
    only: str = ""
    about: str = ""


@dataclass(frozen=True)
class PacketWords:
    """What is in the file."""

    headings: Mapping[str, Words]
    lines: Mapping[str, Words]
    facts: Mapping[str, FactWords]
    customer: Mapping[str, Words]
    no_need: frozenset[str]
    no_answer: tuple[str, ...]

    def heading(self, topic: str, language: str) -> str:
        """What stands above the lines of a kind."""
        return self.headings[topic][pick(language)]

    def line(self, kind: str, language: str, **values: str) -> str:
        """One line."""
        return self.lines[kind][pick(language)].format(**values)

    def fact(self, slot: str, value: str, language: str) -> str:
        """A fact in words."""
        return self.facts[slot].said[pick(language)].format(value=value)

    def to_customer(self, key: str, language: str) -> str:
        """What the customer is told about it."""
        return self.customer[key][pick(language)]


def load_packet(path: Path) -> PacketWords:
    """Read the file.

    Raises:
        PolicyRefused: something in it is missing, unknown or cannot be filled in.
    """
    policy = Policy(path)
    _only(policy, ("headings", "lines", "facts", "customer", "no_need", "no_answer"))
    _only(policy, _HEADINGS, "headings")
    _only(policy, tuple(_LINES), "lines")
    _only(policy, _CUSTOMER, "customer")
    return PacketWords(
        headings={name: policy.words(("headings", name), ()) for name in _HEADINGS},
        lines={name: policy.words(("lines", name), known) for name, known in _LINES.items()},
        facts={slot: _fact(policy, slot) for slot in policy.names("facts")},
        customer={name: policy.words(("customer", name), ()) for name in _CUSTOMER},
        no_need=frozenset(_list(policy, "no_need")),
        no_answer=tuple(_list(policy, "no_answer")),
    )


def _fact(policy: Policy, slot: str) -> FactWords:
    _only(policy, (*LANGUAGES, "is", "about"), "facts", slot, least=LANGUAGES)
    given = {name: policy.data["facts"][slot].get(name, "") for name in ("is", "about")}
    for name, value in given.items():
        if not isinstance(value, str):
            raise policy.refused(("facts", slot, name), f"facts.{slot}.{name} must be a text.")
    if given["about"] and given["about"] not in policy.names("facts"):
        raise policy.refused(
            ("facts", slot, "about"), f"facts.{slot}.about must be another of the facts."
        )
    said = policy.words(("facts", slot), () if given["is"] else ("value",))
    return FactWords(said, given["is"], given["about"])


def _list(policy: Policy, name: str) -> list[str]:
    for at in policy.indexes(name):
        policy.text((name, at), ())
    return [str(policy.value(name, at)) for at in policy.indexes(name)]


def _only(
    policy: Policy, known: tuple[str, ...], *at: str, least: tuple[str, ...] | None = None
) -> None:
    """These names are there (or `least` of them), and no others."""
    found = policy.names(*at) if at else list(policy.data)
    for name in found:
        if name not in known:
            dotted = ".".join((*at, str(name)))
            raise policy.refused((*at, name), f"{dotted} is not known here.")
    for name in known if least is None else least:
        policy.value(*at, name)
