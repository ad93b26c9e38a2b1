"""domain.yml beside the code and the rules: nothing that is missing, nothing left over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from helder.content.reading import Finding, Named, Place, place_of
from helder.content.sources import Content

_TYPES = {"text", "bool", "categorical", "float", "list", "any"}
_MAPPINGS = {"from_entity", "from_intent", "from_text", "from_trigger_intent", "custom"}
_TOP = Place("domain.yml", 1)


def check(content: Content) -> Iterator[Finding]:
    """Lists, slots, forms and actions."""
    for kind in ("intents", "entities", "actions"):
        yield from _listed(content, kind)
    yield from _slots(content)
    for name, form in (content.domain.get("forms") or {}).items():
        yield from _form(content, name, form)
    yield from _actions(content)


def _listed(content: Content, kind: str) -> Iterator[Finding]:
    seen: dict[str, Place] = {}
    for each in content.domain.get(kind) or ():
        name = place_of(each, _TOP), str(each if isinstance(each, str) else next(iter(each)))
        first = seen.setdefault(name[1], name[0])
        if first is not name[0]:
            yield name[0].says(f"{name[1]} is there already ({first}).")


def _slots(content: Content) -> Iterator[Finding]:
    entities = {str(e) if isinstance(e, str) else str(next(iter(e)))
                for e in content.domain.get("entities") or ()}  # fmt: skip
    for name, slot in (content.domain.get("slots") or {}).items():
        if slot.get("type") not in _TYPES:
            known = ", ".join(sorted(_TYPES))
            yield name.place.says(f"The slot {name} has no type that is known: {known}.")
        mappings = slot.get("mappings") or ()
        if not mappings:
            yield name.place.says(f"The slot {name} has no mappings, so nothing fills it.")
        for each in mappings:
            where = place_of(each, name.place)
            if each.get("type") not in _MAPPINGS:
                yield where.says(f"{each.get('type')} is no way to fill the slot {name}.")
            elif each["type"] == "from_entity" and each.get("entity") not in entities:
                sentence = (
                    f"The slot {name} is filled from {each.get('entity')}, which is no entity."
                )
                yield place_of(each.get("entity"), where).says(sentence)
        if not _wanted(content, name):
            yield name.place.says(f"Nothing uses the slot {name}.")


def _wanted(content: Content, slot: str) -> bool:
    forms = (content.domain.get("forms") or {}).values()
    asked = any(slot in (form.get("required_slots") or ()) for form in forms)
    said = any(v.slot == slot for _, variations in content.responses for v in variations)
    return asked or said or slot in content.code.mentioned


def _form(content: Content, name: Named, form: Any) -> Iterator[Finding]:
    """What is asked for can be asked and explained; the form is begun, and something follows."""
    actions = {str(action) for action in content.domain.get("actions") or ()}
    responses = {str(key) for key, _ in content.responses}
    wanted = form.get("required_slots") or ()
    if not wanted:
        yield name.place.says(f"{name} asks for nothing: it has no required_slots.")
    for slot in wanted:
        where = place_of(slot, name.place)
        if slot not in (content.domain.get("slots") or {}):
            yield where.says(f"{name} asks for {slot}, which is no slot.")
            continue
        if f"utter_ask_{slot}" not in responses and f"action_ask_{slot}" not in actions:
            yield where.says(f"Nothing asks for {slot}: there is no response utter_ask_{slot}.")
        if f"utter_why_{slot}" not in responses:
            sentence = f"There is no response utter_why_{slot}, for who asks why {slot} is asked."
            yield where.says(sentence)
    if f"validate_{name}" not in actions:
        yield name.place.says(f"domain.yml has no action validate_{name}, which this form needs.")
    yield from _course(content, name)


def _course(content: Content, form: Named) -> Iterator[Finding]:
    begun = form.removesuffix("_form") in content.code.mentioned
    ends = False
    for flow in content.flows:
        opens = any(step.get("active_loop") == form for step in flow.condition)
        does = [step["action"] for step in flow.steps if "action" in step]
        begun = begun or (form in does and not opens)
        closes = any("active_loop" in step and not step["active_loop"] for step in flow.steps)
        ends = ends or (opens and form in does and closes and does.index(form) < len(does) - 1)
    if not begun:
        yield form.place.says(
            f"No rule begins {form}, so its rules and questions are never reached."
        )
    if not ends:
        yield form.place.says(f"No rule says what is done once {form} has all it asks for.")


def _actions(content: Content) -> Iterator[Finding]:
    code = content.code
    named = {str(action) for action in content.domain.get("actions") or ()}
    slots = {str(slot) for slot in content.domain.get("slots") or ()}
    forms = {str(form) for form in content.domain.get("forms") or ()}
    done = {str(step.get("action")) for flow in content.flows for step in flow.steps}
    asking = {f"action_ask_{slot}" for slot in slots} | {f"validate_{form}" for form in forms}
    for action in content.domain.get("actions") or ():
        if action not in code.actions:
            yield action.place.says(f"No code in actions/ is called {action}.")
        elif action not in done | asking | code.mentioned:
            yield action.place.says(f"Nothing ever does {action}.")
    for name, place in code.actions.items():
        if name not in named:
            yield place.says(f"domain.yml does not name the action {name}.")
