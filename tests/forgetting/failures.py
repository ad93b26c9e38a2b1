"""Every way in which something can break while somebody talks about themselves."""

from __future__ import annotations

import itertools

import httpx

from helder.shop.seed import demo_orders, open_shop
from tests.desk.visitor import Visitor
from tests.forgetting.hunt import Hunt

# Those that a process survives, and those that it does not.
GENTLE = ("raise", "recurse", "thread", "unraisable", "warn", "log", "task")
DEADLY = {
    "nlu": ("abort",),
    "action": ("segfault",),
    "gateway": ("segfault", "abort"),
    "desk": ("abort",),
}
_numbers = itertools.count(1)


def planned() -> list[tuple[str, str]]:
    """Where, and what kind."""
    return [(where, kind) for where, deadly in DEADLY.items() for kind in (*GENTLE, *deadly)]


def in_every_process(hunt: Hunt) -> None:
    """Exceptions, warnings and foreign log records with the customer's words in them; crashes."""
    with hunt.client() as client:
        for where, kind in planned():
            if where == "desk":
                continue
            conversation = hunt.open(client)
            word = f"boem-{where}-{kind}-{next(_numbers)}"
            text = f"Openingstijden? {word} {hunt.words(f'failure, {where}, {kind}', 6)}"
            hunt.send(client, conversation, text=text)
            if kind in DEADLY[where]:
                hunt.settle()
    hunt.settle()
    hunt.ready()


def at_the_desk(hunt: Hunt) -> None:
    """The same in the desk's forms."""
    for kind in (*GENTLE, *DEADLY["desk"]):
        word = f"boem-desk-{kind}-{next(_numbers)}"
        with hunt.client("desk") as client:
            try:
                words = hunt.words(f"failure, desk, {kind}", 3)
                Visitor(client).try_password(f"{word} {words}", hunt.words("desk, password", 1))
            except httpx.HTTPError as error:  # it may have died of it before it answered
                hunt.printed.append(type(error).__name__)
        hunt.ready()


def database_locked(hunt: Hunt) -> None:
    """Nobody can write, while people write and turns are saved."""
    var = hunt.settings.var
    with hunt.client() as client:
        conversation = hunt.open(client)
        hunt.send(client, conversation, text=hunt.words("before the lock", 3))
        for path in (var / "helder.db", var / "anchor.db", var / "shop.db"):
            text = hunt.words(f"{path.name} locked", 4)
            with hunt.locked(path):
                _ask(hunt, conversation, text)
            hunt.send(client, conversation, text=text)
    hunt.settle()


def _ask(hunt: Hunt, conversation: str, text: str) -> None:
    # Its answer, whatever it is, is not waited for: that is what `send` does after this.
    with hunt.client() as client:
        path = f"/api/conversations/{conversation}/messages"
        for id_ in ("0f8fad5b-d9cb-469f-a165-70867728950e", "7c9e6679-7425-40de-944b-e07fc1f90ae7"):
            client.post(path, json={"id": id_, "text": text}, headers=hunt._as(conversation))


def killed(hunt: Hunt) -> None:
    """Each process ends without warning, with a message under way; the outage is talked about."""
    orders = demo_orders(open_shop(hunt.settings.shop_url))
    for victim in ("actions", "gateway", "desk", "rasa"):
        with hunt.client() as client:
            conversation = hunt.open(client)
            number = orders[0].number
            hunt.send(client, conversation, text=f"waar is {number}? {hunt.words(victim, 8)}")
            hunt.stack.kill(victim)
            hunt.send(client, conversation, text=hunt.words(f"after {victim} was killed", 4))
    hunt.settle()
    hunt.ready()
