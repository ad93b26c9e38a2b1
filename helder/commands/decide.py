"""`helder decide`: what a policy decides about an order, why, and what if."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated, Optional

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from helder.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from helder.decisions.facts import Value
    from helder.decisions.policy import Version
    from helder.decisions.record import Decision
    from helder.decisions.words import Words
    from helder.shop.model import Order
    from helder.shop.port import ShopBackend

out = Console(highlight=False)
# Before what counted, as all that a customer would read. The rest is for whoever writes policies.
COUNTED = {"en": "What counted", "nl": "Wat meetelde"}


def decide(
    policy: Annotated[str, typer.Argument(help="The policy's name, such as returns.")],
    order: Annotated[str, typer.Option(help="An order of the shop, such as HD-204817.")],
    fact: Annotated[
        Optional[list[str]],  # noqa: UP045 - typer reads it at run time
        typer.Option(help="What if: days_since_delivery=31. May be given several times."),
    ] = None,
    at: Annotated[str, typer.Option(help="On another day, such as 2026-12-01.")] = "",
    language: Annotated[str, typer.Option(help="What the customer would read: nl or en.")] = "en",
) -> None:
    """Show what a policy decides about an order, each condition, and what would change it."""
    from helder import settings as settings_module
    from helder.decisions.errors import DecisionError
    from helder.decisions.words import Words
    from helder.installation import shop_of
    from helder.shop.facts import FACTS, case_of
    from helder.shop.policy import load_policy

    if language not in COUNTED:
        raise Refusal(f"--language is nl or en, not {language!r}.")
    settings = settings_module.load()
    folder = settings.project / "policies"
    try:
        policies, words = load_policy(folder), Words.of(folder, FACTS)
        moment = _moment(at)
        version = policies.version(policy, moment)
        supposed = _supposed(fact or [])
        case = case_of(_order(shop_of(settings), order), moment).supposing(FACTS, supposed)
        _show(version, policies.decide(policy, case, moment), words, language)
    except DecisionError as error:
        raise Refusal(str(error)) from None


def _moment(at: str) -> datetime:
    """Noon of the day on the shop's clock; now, if none is given."""
    from helder.conversation.clock import utc_now
    from helder.shop.facts import SHOP_ZONE

    if not at:
        return utc_now()
    try:
        return datetime.combine(date.fromisoformat(at), time(12), SHOP_ZONE)
    except ValueError:
        raise Refusal(f"--at must be a day such as 2026-12-01, not {at!r}.") from None


def _order(shop: ShopBackend, typed: str) -> Order:
    from helder.shop.errors import NotAnOrderNumber, NotFound, ShopUnavailable
    from helder.shop.numbers import normalise_order_number

    try:
        return shop.order(normalise_order_number(typed))
    except NotAnOrderNumber:
        raise Refusal(f"{typed!r} cannot be an order number; HD-204817 is one.") from None
    except NotFound:
        raise Refusal(f"The shop has no order {typed}.") from None
    except ShopUnavailable:
        raise Refusal("The shop does not answer; try again later.") from None


def _supposed(facts: Sequence[str]) -> dict[str, Value]:
    """`name=value`, as the fact reads it. Raises FactError, Refusal."""
    from helder.shop.facts import FACTS

    found: dict[str, Value] = {}
    for each in facts:
        name, separator, value = each.partition("=")
        if not separator:
            raise Refusal(f"--fact needs a name and a value such as days_late=3, not {each!r}.")
        found[name.strip()] = FACTS.known(name.strip()).read(value)
    return found


def _show(version: Version, decision: Decision, words: Words, language: str) -> None:
    """The result first, then how it came about, then what would change it."""
    from helder.decisions.explain import explain

    explanation = explain(version, decision, words.catalogue)
    _line(f"{decision.policy}, in force from {decision.version}, about {decision.about}")
    money = [("pays", decision.pays), ("fee", decision.fee)]
    told = [f"{name} {words.value('', amount, 'en')}" for name, amount in money if amount]
    out.print(f"[bold]{escape(', '.join([decision.result.value, *told]))}[/]  rule {decision.rule}")
    _line(f"  {words.reason(explanation, version, language)}")
    out.print()
    out.print(_trace(decision, words))
    out.print()
    _line(f"{COUNTED[language]}: {words.mattered(explanation, language)}.")
    changed = words.changed(explanation, language)
    if changed:
        _line(changed)
    _line(words.contest(version, decision, language))


def _trace(decision: Decision, words: Words) -> Table:
    """Every condition that was looked at, rule by rule, with the value and its source."""
    table = Table("rule", "condition", "value", "from", "", box=None, pad_edge=False)
    given = {each.fact: each for each in decision.given}
    before = ""
    for each in decision.checked:
        fact = given[each.fact]
        table.add_row(
            "" if each.rule == before else each.rule,
            escape(each.condition),
            escape(words.value(each.fact, fact.value, "en")),
            fact.source.value,
            "[green]true[/]" if each.outcome else "false",
        )
        before = each.rule
    if decision.rule != before:  # a rule for anything else asks nothing
        table.add_row(decision.rule, "anything else", "", "", "[green]true[/]")
    return table


def _line(text: str) -> None:
    out.print(escape(text), soft_wrap=True)
