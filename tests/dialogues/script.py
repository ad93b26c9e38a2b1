"""Dialogue scripts: what a customer says and what must come back. docs/designers.md explains them.

    - name: a wrong postcode
      language: nl
      steps:
        - customer: waar is {on_its_way.number}?
        - assistant: utter_ask_order_proof
        - customer: 9999 ZZ
        - assistant: [utter_proof_refused, utter_ask_order_proof]
        - choice: Vraag het aan een collega
        - assistant: [utter_person_open or utter_person_closed, /bericht/, ...]

An answer is a response's key (any values in its variables), `a or b`, a /regular expression/, the
exact text, or `...` for whatever else comes. `language: en` as a step: from here on it answers so.

May order data be used? Where a script does not expect that question (`utter_consent_question`), its
customer says yes to it by a button, and the script sees what comes before and after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from helder.responses import language_of
from tests.agreeing import filled

FOLDER = Path(__file__).parent
RESPONSES = FOLDER.parents[1] / "data" / "responses"
REST = "..."


@dataclass(frozen=True)
class Step:
    """One thing in a script: `kind` is customer, choice, assistant or language."""

    kind: str
    said: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Script:
    """A conversation that must go like this."""

    topic: str
    name: str
    language: str
    steps: tuple[Step, ...]

    @property
    def id(self) -> str:
        """What pytest calls it."""
        return f"{self.topic}-{self.language}-{self.name}".replace(" ", "_")


class ScriptError(ValueError):
    """A script that cannot be read; the message says where."""


def scripts() -> Iterator[Script]:
    """All scripts of this folder."""
    for path in sorted(FOLDER.glob("*.yml")):
        for content in YAML().load(path) or []:
            yield _script(path, content)


def _script(path: Path, content: Any) -> Script:
    where = f"{path.name}:{content.lc.line + 1}"
    if set(content) != {"name", "language", "steps"} or content["language"] not in ("nl", "en"):
        raise ScriptError(f"{where}: a script has a name, a language (nl or en) and steps.")
    steps = tuple(_step(path, step) for step in content["steps"])
    if not any(step.kind == "assistant" for step in steps):
        raise ScriptError(f"{where}: this script expects nothing.")
    return Script(path.stem, content["name"], content["language"], steps)


def _step(path: Path, step: Any) -> Step:
    line = step.lc.line + 1
    if len(step) != 1 or next(iter(step)) not in ("customer", "choice", "assistant", "language"):
        raise ScriptError(f"{path.name}:{line}: a step is customer, choice, assistant or language.")
    kind, said = next(iter(step.items()))
    said = said if isinstance(said, list) else [said]
    return Step(kind, tuple(str(each) for each in said), line)


class Responses:
    """The texts of data/responses, to recognise what the assistant says by its key."""

    def __init__(self) -> None:
        self._patterns: dict[tuple[str, str], re.Pattern[str]] = {}
        self._texts: dict[tuple[str, str], str] = {}
        for path in RESPONSES.glob("*.yml"):
            for key, variations in YAML(typ="safe").load(path)["responses"].items():
                for variation in variations:
                    language = language_of(variation.get("condition"))
                    if language is None:
                        continue
                    pattern = filled(variation["text"], language)
                    # Hundreds of them: `re` itself keeps fewer than that.
                    self._patterns[key, language] = re.compile(pattern, re.DOTALL)
                    self._texts[key, language] = variation["text"]

    def matches(self, wanted: str, text: str, language: str) -> bool:
        """Is `text` what the script wants?"""
        if wanted.startswith("/") and wanted.endswith("/") and len(wanted) > 1:
            return re.search(wanted[1:-1], text, re.IGNORECASE | re.DOTALL) is not None
        if re.fullmatch(r"utter_\w+( or utter_\w+)*", wanted):
            keys = wanted.split(" or ")
            return any(self._of(key, language).fullmatch(text) for key in keys)
        return wanted == text

    def text(self, wanted: str, language: str) -> str:
        """The text of a response's key, for the report; "" of anything else."""
        return " ".join(self._texts.get((wanted, language), "").split())

    def key_of(self, text: str) -> str:
        """The most specific key that such a text can come from, for the report."""
        found = [
            (len(pattern.pattern), key)
            for (key, _), pattern in self._patterns.items()
            if pattern.fullmatch(text)
        ]
        return max(found)[1] if found else "?"

    def _of(self, key: str, language: str) -> re.Pattern[str]:
        if (key, language) not in self._patterns:
            raise ScriptError(f"There is no response {key}.")
        return self._patterns[key, language]
