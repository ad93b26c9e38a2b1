"""Which lists there are: a class per file of words/, a field per list.

Beside each list in words/ stands what it is for; here is only how it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helder.vocabulary.lists import Phrases, Words


@dataclass(frozen=True)
class Common:
    """Used by many."""

    yes: Words
    no: Words
    negation: Words
    everything: Words
    joining: Words


@dataclass(frozen=True)
class Deed:
    """How something that cannot be undone is named: what is done, and to what."""

    verbs: Words
    about: Words


@dataclass(frozen=True)
class Agreeing:
    """The answer to "shall I?". `deeds` by the intent that begins their form."""

    agrees: Phrases
    thanks: Phrases
    fillers: Words
    no_problem: Phrases
    goes_on: Words
    begins_a_no: Words
    rather: Words
    deeds: Mapping[str, Deed]
    around_deed: Words


@dataclass(frozen=True)
class Stopping:
    """Ending something, and taking back what was done."""

    stop: Words
    around: Words
    undo: Words


@dataclass(frozen=True)
class Waiting:
    """Asking for a moment."""

    wait: Words
    around: Words


@dataclass(frozen=True)
class Smalltalk:
    """What small talk is about; the first subject that fits is answered."""

    subjects: Mapping[str, Words]
    not_how: Words


@dataclass(frozen=True)
class Products:
    """Naming what the shop sells."""

    no_products: Words


@dataclass(frozen=True)
class Counts:
    """How many; `numbers` by what they mean."""

    numbers: Mapping[int, Words]
    one: Words


@dataclass(frozen=True)
class Returns:
    """Which of an order goes back, and why."""

    but_for: Words
    only: Words
    kept: Words
    around_everything: Words
    articles: Words
    verbs: Words
    no_names: Words
    skips: Words
    no_reason: Words
    around_no_reason: Words


@dataclass(frozen=True)
class Newsletter:
    """On, off, or neither."""

    signed_up: Phrases
    doubt: Phrases
    asks: Phrases
    negated: Phrases
    off: Phrases
    on: Phrases
    on_clearly: Phrases


@dataclass(frozen=True)
class Why:
    """What a "why?" is about; `about` by the policy that decided."""

    a_moment: Phrases
    waiting: Phrases
    not_waiting: Phrases
    refused: Phrases
    said_no: Phrases
    decided: Phrases
    proof: Phrases
    said: Phrases
    i_say: Phrases
    about: Mapping[str, Phrases]
    person: Phrases
    nobody_there: Phrases
    you_cannot: Phrases


@dataclass(frozen=True)
class Language:
    """Which language somebody asks for; `names` by its code."""

    names: Mapping[str, Words]
    refused: Words
    why: Words
    but: Words
    over: Words
    you: Words
    me: Phrases
    things: Words


@dataclass(frozen=True)
class Orders:
    """What cancelling costs, against what something else costs."""

    costs: Words
    of_something_else: Phrases


@dataclass(frozen=True)
class Contact:
    """Ways to be reached, and holidays."""

    reached_by: Words
    numbered: Words
    decision: Phrases


@dataclass(frozen=True, eq=False)
class Person:
    """Asking for a person: whom, how, and what only looks like it; and what makes one needed."""

    people: Phrases
    anybody: Phrases
    want: Phrases
    talk: Phrases
    after: Phrases
    enough: Phrases
    none: Phrases
    around: Words
    anger: Phrases
    danger: Phrases
    treatment: Phrases
    despair: Phrases


@dataclass(frozen=True)
class Trust:
    """What a question about data asks for."""

    trains: Phrases
    reads: Phrases


@dataclass(frozen=True)
class Vocabulary:
    """All of words/, a field per file."""

    common: Common
    agreeing: Agreeing
    stopping: Stopping
    waiting: Waiting
    smalltalk: Smalltalk
    products: Products
    counts: Counts
    returns: Returns
    newsletter: Newsletter
    why: Why
    language: Language
    orders: Orders
    contact: Contact
    trust: Trust
    person: Person
