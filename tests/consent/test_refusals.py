"""Below the dialogue: every service that touches personal data refuses without the consent.

The services are found by looking, not by a list: whoever is given the shop is one, and each of its
public methods is called. A new one that does not refuse fails here.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import actions
import helder
from helder.consent.errors import NotGranted
from helder.shop.account import OwnAccount
from helder.shop.gate import ProvenShop
from helder.shop.model import Customer, CustomerId, Order, OrderNumber
from helder.shop.port import ShopBackend
from helder.shop.proof import Prover

ROOT = Path(__file__).resolve().parents[2]
# Of the shop's methods, those that touch nobody's data.
ABOUT_NOBODY = {"delivery_options", "payment_methods", "find_products"}
# Those that only send something to an address that the customer types, and tell nothing back.
ONLY_SENT = {"ask_newsletter", "send_password_link"}
# Those that nothing may use but the example shop and its tests.
UNUSED = {"find_customer"}
# What tells something without looking at the shop.
TELLS_NOTHING: dict[str, Any] = {"ProvenShop.is_proven": False, "Prover.locked": 0}
# Who has the shop only to hand it to a service.
HOLDERS = {"actions.services.Services", "helder.gateway.state.Gateway"}


class Touched:
    """A shop that remembers who was asked for what."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def ask(*_args: Any, **_more: Any) -> Any:
            self.asked.append(name)
            raise AssertionError(f"the shop was asked for {name}")

        return ask


class Proven:
    """Everything is proven, and nothing is agreed to."""

    def granted(self, purpose: str) -> bool:
        return False

    def orders(self) -> tuple[str, ...]:
        return ("HD-100001",)

    def customers(self) -> tuple[str, ...]:
        return ("C-1",)


def made(service: type, shop: Touched) -> Any:
    if issubclass(service, Prover):
        return service(shop, granted=lambda *_: False)  # type: ignore[arg-type]  # has what is used of it
    return service(shop, Proven())


def services() -> set[type]:
    """Every class of ours that is given a shop, found by its constructor."""
    found = set()
    for package in (helder, actions):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name.endswith("__main__") or ".brain" in module.name:
                continue
            if ".understanding" in module.name or ".watch" in module.name:
                continue
            for each in vars(importlib.import_module(module.name)).values():
                mine = inspect.isclass(each) and each.__module__ == module.name
                if mine and "ShopBackend" in str(inspect.signature(each.__init__)):
                    found.add(each)
    return found


def unguarded(service: type) -> list[str]:
    """The public methods that do not refuse, or ask the shop before they do."""
    wrong = []
    for name, method in inspect.getmembers(service, inspect.isfunction):
        if name.startswith("_"):
            continue
        shop = Touched()
        called = getattr(made(service, shop), name)
        arguments = [_some(each) for each in _wanted(method)]
        named = {each.name: "k" for each in _keywords(method)}
        key = method.__qualname__  # of the class that has it
        try:
            told = called(*arguments, **named)
        except NotGranted:
            refused = True
        except AssertionError:
            refused = False
        else:
            refused = key in TELLS_NOTHING and told == TELLS_NOTHING[key]
        if not refused or shop.asked:
            wrong.append(key)
    return wrong


def _parameters(method: Callable[..., Any]) -> list[inspect.Parameter]:
    return list(inspect.signature(method).parameters.values())[1:]


def _wanted(method: Callable[..., Any]) -> list[inspect.Parameter]:
    return [each for each in _parameters(method) if each.kind is not each.KEYWORD_ONLY]


def _keywords(method: Callable[..., Any]) -> list[inspect.Parameter]:
    return [each for each in _parameters(method) if each.kind is each.KEYWORD_ONLY]


def _some(parameter: inspect.Parameter) -> Any:
    if "OrderNumber" in str(parameter.annotation) or "order_number" in parameter.name:
        return "HD-100001"
    return {"int": 3, "bool": True}.get(str(parameter.annotation), "x")


def test_the_services_that_are_given_the_shop_are_these() -> None:
    names = {f"{each.__module__}.{each.__name__}" for each in services()}
    assert names - HOLDERS == {
        "helder.shop.gate.ProvenShop",
        "helder.shop.account.OwnAccount",
        "helder.shop.proof.Prover",
    }
    assert names >= HOLDERS


@pytest.mark.parametrize("service", [ProvenShop, OwnAccount, Prover])
def test_every_method_refuses_without_consent_and_does_not_ask_the_shop(service: type) -> None:
    assert unguarded(service) == []


class Leaky(ProvenShop):
    """Somebody's next version."""

    def parcels(self, number: OrderNumber) -> Order:
        return self._backend.order(number)


class Talkative(OwnAccount):
    """It asks first, and refuses then."""

    def email(self) -> Customer:
        found = self._backend.customer(CustomerId("C-1"))
        self._mine()
        return found


class Careful(ProvenShop):
    """A new method that is guarded."""

    def parcels(self, number: OrderNumber) -> Order:
        return self._behind(number, self._backend.order)


def test_a_new_method_that_does_not_refuse_is_found() -> None:
    assert unguarded(Leaky) == ["Leaky.parcels"]
    assert unguarded(Talkative) == ["Talkative.email"]
    assert unguarded(Careful) == []


def test_every_method_of_the_shop_is_behind_a_gate_or_harmless() -> None:
    port = {name for name, _ in inspect.getmembers(ShopBackend, inspect.isfunction)}
    public = {name for name in port if not name.startswith("_")}
    behind = set(_asked_by(ProvenShop, OwnAccount, Prover))
    assert public == behind | ABOUT_NOBODY | ONLY_SENT | UNUSED
    assert not behind & (ABOUT_NOBODY | ONLY_SENT | UNUSED)


def _asked_by(*classes: type) -> Iterator[str]:
    for each in classes:
        for node in ast.walk(ast.parse(inspect.getsource(each))):
            asked = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute)
            if asked and node.value.attr == "_backend":  # type: ignore[attr-defined]  # `asked` says that it is an Attribute
                yield node.attr  # type: ignore[attr-defined]  # the same


def past_the_gates(source: str) -> list[str]:
    """What a module asks of the shop itself."""
    asked = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Attribute):
            continue
        holder = node.value.func if isinstance(node.value, ast.Call) else node.value
        name = getattr(holder, "attr", getattr(holder, "id", ""))
        called = isinstance(node.value, ast.Call)
        if name == "backend" or (name in ("shop", "shop_of") and called and _is_gateway(holder)):
            asked.append(node.attr)
    return asked


def _is_gateway(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "gateway"


def test_nobody_goes_past_the_gates() -> None:
    for package in ("actions", "helder/gateway", "helder/desk", "helder/handoff"):
        for path in (ROOT / package).rglob("*.py"):
            asked = set(past_the_gates(path.read_text(encoding="utf-8")))
            assert asked <= ABOUT_NOBODY | ONLY_SENT, path


def test_who_would_go_past_the_gates_is_found() -> None:
    assert past_the_gates("x = self.services.backend.order(n)") == ["order"]
    assert past_the_gates("x = gateway.shop().orders(c)") == ["orders"]
    assert past_the_gates("x = self.services.shop(c).order(n)") == []
