"""What a designer reads when a script fails: what was expected, what came, how it was understood,
and which rule did what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

import yaml

from helder.content.sources import Flow, read

ROOT = Path(__file__).resolve().parents[2]
FALLBACK = "nlu_fallback"
_WIDTH = 12  # of the words at the margin
_SHOWN = 3  # readings of a message
Matches = Callable[[str, str], bool]
Event = Mapping[str, Any]


@dataclass(frozen=True)
class Failure:
    """A step of a script that did not go as written."""

    place: str
    name: str
    wanted: Sequence[str]
    came: Sequence[str]
    events: Sequence[Event]  # of the last turn
    so_far: Sequence[str]


def account(failure: Failure, said: Callable[[str], str], key_of: Callable[[str], str],
            matches: Matches) -> str:  # fmt: skip
    """All of it as text. `said` is the text of a response's key, `key_of` the other way about."""
    lines = [f"{failure.place}: {failure.name}", ""]
    lines += _compared(failure, said, key_of, matches)
    lines += ["", *understood(failure.events)]
    lines += _block("why", why(failure.events) or ["nothing was done"])
    lines += _block("instead", [each for want in failure.wanted for each in sayers(want)])
    lines += ["", *_block("so far", failure.so_far)]
    return "\n".join(lines)


def _compared(
    failure: Failure, said: Callable[[str], str], key_of: Callable[[str], str], matches: Matches
) -> Iterator[str]:
    """What was expected beside what came, one under the other, with a mark where they differ."""
    for want, text in zip_longest(failure.wanted, failure.came):
        if want == "...":
            return
        fits = want is not None and text is not None and matches(want, text)
        mark = "✓" if fits else "✗"
        expected = "nothing more" if want is None else " ".join([want, said(want)]).strip()
        got = "nothing" if text is None else f"{key_of(text)} {_short(text)}"
        yield f"{mark} {'expected':{_WIDTH - 2}}{expected}"
        yield f"  {'came':{_WIDTH - 2}}{got}"


def understood(events: Sequence[Event]) -> list[str]:
    """How the last message was read: intents with their confidence, and what was found in it."""
    user = next((event for event in events if event["event"] == "user"), None)
    if user is None:
        return _block("understood", ["no message of the customer's"])
    parsed = user["parse_data"]
    ranked = [
        f"{each['name']} {each['confidence']:.2f}"
        for each in parsed.get("intent_ranking") or [parsed["intent"]]
        if each["name"] and each["name"] != FALLBACK
    ]
    first = ", then ".join(ranked[:_SHOWN]) or "nothing"
    if parsed["intent"]["name"] == FALLBACK:
        first = f"not surely enough, so Helder asks back: {first} ({_fallback()})"
    entities = [f"{e['entity']} {e['value']}" for e in parsed.get("entities", ())]
    return _block("understood", [first, *([f"found: {', '.join(entities)}"] if entities else [])])


@lru_cache(maxsize=1)
def _fallback() -> str:
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    for component in config["pipeline"]:
        if component["name"].endswith("FallbackClassifier"):
            least, apart = component.get("threshold"), component.get("ambiguity_threshold")
            return f"it takes {least}, and {apart} more than the next"
    return "no fallback is set"


def why(events: Sequence[Event]) -> list[str]:
    """Each thing that was done, with the rule or story that says so."""
    intent, found = "", []
    for event in events:
        kind, name = event["event"], str(event.get("name"))
        if kind == "user":
            intent = str(event["parse_data"]["intent"]["name"])
        elif kind == "action" and name != "action_listen":
            found.append(f"{name}: {_reason(name, intent, str(event.get('policy') or ''))}")
        elif kind == "action_execution_rejected":
            found.append(f"{name}: the message was not for this form, so the rules had it")
        elif kind == "slot":
            found.append(f"  {name} = {event.get('value')}")
        elif kind == "active_loop":
            found.append(f"  the form {name} begins" if event.get("name") else "  the form ends")
    return found


def _reason(action: str, intent: str, policy: str) -> str:
    if "Memoization" in policy:
        story = next((f for f in _flows() if f.kind == "story" and _names(f, action)), None)
        return f"the story {_called(story)}" if story else "a story"
    if "RulePolicy" not in policy:
        return policy or "another action asked for it"
    rules = [flow for flow in _flows() if flow.kind == "rule" and _names(flow, action)]
    mine = [rule for rule in rules if _intent(rule) == intent]
    ends = [rule for rule in rules if rule.condition]
    if mine:
        return f"the rule {_called(mine[0])} for {intent}"
    if action.endswith("_form"):
        return "the form is open, and the message is its own or it asks again"
    if ends:
        return f"the rule {_called(ends[0])}, as its form has all it asks for"
    return f"no rule says what to do after {intent} here"


def sayers(wanted: str) -> list[str]:
    """Which rules or stories would have said what was expected."""
    keys = wanted.split(" or ") if wanted.startswith("utter_") else []
    return [
        f"{key} is said by the {flow.kind} {_called(flow)} after {_intent(flow) or 'its form'}"
        for key in keys
        for flow in _flows()
        if _names(flow, key)
    ]


@lru_cache(maxsize=1)
def _flows() -> tuple[Flow, ...]:
    return tuple(read(ROOT).flows)


def _names(flow: Flow, action: str) -> bool:
    return any(step.get("action") == action for step in flow.steps)


def _intent(flow: Flow) -> str:
    return str(flow.steps[0].get("intent") or "") if flow.steps else ""


def _called(flow: Flow | None) -> str:
    return f"“{flow.name!s}” ({flow.place})" if flow else ""


def _block(name: str, lines: Sequence[str]) -> list[str]:
    """Lines with a word at their margin."""
    return [f"{name if not n else '':{_WIDTH}}{line}" for n, line in enumerate(lines)]


def _short(text: str) -> str:
    return " ".join(text.split())
