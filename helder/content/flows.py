"""Rules and stories: what they name is there, each can be reached, and each says something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from helder.content.reading import Finding, Named, Place, place_of
from helder.content.sources import Content, Flow

_ALLOWED = {
    "rule": {"rule", "condition", "steps"},
    "story": {"story", "steps"},
}
_STEP = {"intent", "action", "active_loop", "slot_was_set", "or", "checkpoint"}
_DEFAULT = ("utter_", "action_listen", "action_deactivate_loop")
Step = Mapping[Any, Any]


def check(content: Content) -> Iterator[Finding]:
    """Each by itself, and all beside each other."""
    slots = content.domain.get("slots") or {}
    for flow in content.flows:
        for step in (*flow.condition, *flow.steps):
            yield from _step(flow, step)
        yield from _slots_seen(flow, slots)
        yield from (_rule if flow.kind == "rule" else _story)(content, flow)
        if not flow.steps:
            yield flow.place.says(f"The {flow.kind} “{flow.name!s}” has no steps.")
    yield from _names_twice(content)
    yield from _beaten(content)
    yield from _silent(content)


def known(content: Content) -> Iterator[Finding]:
    """What rules and stories name is declared, and every intent is named."""
    domain = content.domain
    declared = {
        "intent": set(domain.get("intents") or ()),
        "action": {*(domain.get("actions") or ()), *(domain.get("forms") or ())},
        "active_loop": set(domain.get("forms") or ()),
        "slot": {*(domain.get("slots") or ()), "requested_slot"},
    }
    handled = set()
    for kind, name in _named(content):
        if kind == "intent":
            handled.add(str(name))
        default = kind == "action" and name.startswith(_DEFAULT)
        if name not in declared[kind] and not default:
            what = {"active_loop": "form"}.get(kind, kind)
            yield name.place.says(f"domain.yml has no {what} {name}.")
    for intent in domain.get("intents") or ():
        if intent not in handled:
            yield intent.place.says(f"No rule or story does anything with {intent}.")


def _named(content: Content) -> Iterator[tuple[str, Named]]:
    for flow in content.flows:
        for step in (*flow.condition, *flow.steps):
            for part in step.get("or") or [step]:
                for kind in ("intent", "action", "active_loop"):
                    if isinstance(part.get(kind), Named):
                        yield kind, part[kind]
                for slot in part.get("slot_was_set") or ():
                    for name in slot if isinstance(slot, Mapping) else [slot]:
                        yield "slot", name


def _step(flow: Flow, step: Step) -> Iterator[Finding]:
    for key in step:
        if key not in _STEP:
            sentence = f"{key} is not known here; a step is intent, action, active_loop"
            yield place_of(key, flow.place).says(f"{sentence}, slot_was_set, or, or checkpoint.")


def _slots_seen(flow: Flow, slots: Mapping[str, Any]) -> Iterator[Finding]:
    """A slot without influence is not seen by rules: the condition would be as if not there."""
    for step in (*flow.condition, *flow.steps):
        for each in step.get("slot_was_set") or ():
            for name in each if isinstance(each, Mapping) else [each]:
                if name in slots and slots[name].get("influence_conversation") is False:
                    sentence = f"Rules and stories do not see the slot {name}"
                    yield name.place.says(f"{sentence} (influence_conversation: false).")


def _rule(content: Content, rule: Flow) -> Iterator[Finding]:
    """One intent, at its beginning; a form with what a form needs around it."""
    intents = [n for n, step in enumerate(rule.steps) if "intent" in step or "or" in step]
    if intents and intents != [0]:
        where = place_of(rule.steps[intents[-1]], rule.place)
        sentence = "A rule has one intent, which is its first step"
        yield where.says(f"{sentence}; what depends on an earlier turn is a story.")
        return
    forms = set(content.domain.get("forms") or ())
    for n, step in enumerate(rule.steps):
        form = step.get("action")
        if not isinstance(form, Named) or form not in forms:
            continue
        after = rule.steps[n + 1] if n + 1 < len(rule.steps) else {}
        if intents and after.get("active_loop") != form:
            yield form.place.says(f"After {form} a rule that begins it says active_loop: {form}.")
        opens = any(each.get("active_loop") == form for each in rule.condition)
        if not intents and not opens:
            sentence = f"This rule is never reached: it lacks the condition active_loop: {form}"
            yield rule.place.says(f"{sentence}.")


def _story(content: Content, story: Flow) -> Iterator[Finding]:
    """It begins with an intent, and no rule answers otherwise on the way."""
    first = story.steps[0] if story.steps else {}
    ends = {
        str(each.steps[-1]["checkpoint"])
        for each in content.flows
        if each.steps and "checkpoint" in each.steps[-1]
    }
    if "checkpoint" in first:
        if first["checkpoint"] not in ends:
            sentence = f"This story can never begin: no story ends at {first['checkpoint']}."
            yield place_of(first, story.place).says(sentence)
    elif first and not {"intent", "or"} & set(first):
        sentence = "This story can never begin: its first step is what a customer says (intent)."
        yield place_of(first, story.place).says(sentence)
    rules = {str(rule.steps[0]["intent"]): rule for rule in content.flows if _always(rule)}
    for intent, done in _turns(story.steps):
        rule = rules.get(intent)
        if rule is not None and _done(rule.steps) != done:
            sentence = f"The rule “{rule.name!s}” ({rule.place}) always answers {intent}"
            yield intent.place.says(f"{sentence}, so this story never comes this far.")


def _always(flow: Flow) -> bool:
    one = flow.kind == "rule" and not flow.condition and bool(flow.steps)
    return one and isinstance(flow.steps[0].get("intent"), Named)


def _turns(steps: tuple[Step, ...]) -> Iterator[tuple[Named, list[str]]]:
    starts = [n for n, step in enumerate(steps) if isinstance(step.get("intent"), Named)]
    for start, end in zip(starts, [*starts[1:], len(steps)], strict=True):
        yield steps[start]["intent"], _done(steps[start:end])


def _done(steps: tuple[Step, ...]) -> list[str]:
    return [str(step["action"]) for step in steps if "action" in step]


def _names_twice(content: Content) -> Iterator[Finding]:
    seen: dict[tuple[str, str], Place] = {}
    for flow in content.flows:
        first = seen.setdefault((flow.kind, str(flow.name)), flow.place)
        if first is not flow.place:
            yield flow.place.says(f"A {flow.kind} is called so already ({first}).")


def _beaten(content: Content) -> Iterator[Finding]:
    """Two rules for the same intent under the same condition: only one is ever followed."""
    seen: dict[tuple[str, str], Flow] = {}
    for rule in content.flows:
        intent = rule.steps[0].get("intent") if rule.steps else None
        if rule.kind == "rule" and isinstance(intent, Named):
            first = seen.setdefault((str(intent), repr(rule.condition)), rule)
            if first is not rule:
                sentence = f"{intent} is answered by the rule “{first.name!s}” already"
                yield rule.place.says(f"{sentence} ({first.place}); this one is never reached.")


def _silent(content: Content) -> Iterator[Finding]:
    """After every intent something is said."""
    forms = set(content.domain.get("forms") or ())
    for rule in content.flows:
        intent = rule.steps[0].get("intent") if rule.steps else None
        if rule.kind != "rule" or not isinstance(intent, Named):
            continue
        for action in _done(rule.steps):
            listens = action in ("action_listen", "action_deactivate_loop")
            if action in forms or not (listens or action in content.code.silent):
                break
        else:
            sentence = f"Nothing is said after {intent}: none of these actions has words"
            yield intent.place.says(f"{sentence}, so add a response (utter_…).")
