"""policies/notices: every notice that customers were ever shown, by its version.

A notice tells that it is an AI, what it can do, what happens to data and how to reach a person
(AI Act, Regulation (EU) 2024/1689, art. 50(1); GDPR art. 13). Each version is a file with its
number for a name, and is never changed once it was shown: a digest in the file holds it to that.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helder.content.policies import LANGUAGES, Policy, PolicyRefused

FOLDER = "notices"
VALUES = ("minutes",)  # what is filled in
_FILE = re.compile(r"([1-9][0-9]{0,5})\.yml")
_NAME = re.compile(r"\{(\w+)\}")
_DIGITS = 16


@dataclass(frozen=True)
class Link:
    """Where more is written. `href` may be relative to the gateway."""

    title: str
    href: str


@dataclass(frozen=True)
class Words:
    """A notice in one language. A blank line in the text begins a paragraph."""

    title: str
    text: str
    links: tuple[Link, ...]

    def filled(self, values: Mapping[str, int]) -> Words:
        """With the numbers in it."""
        return Words(self.title, self.text.format(**values), self.links)


@dataclass(frozen=True)
class Notices:
    """All versions, each in both languages."""

    versions: Mapping[int, Mapping[str, Words]]

    @property
    def current(self) -> int:
        """The version that is shown today."""
        return max(self.versions)

    def words(self, version: int, language: str, values: Mapping[str, int]) -> Words:
        """What somebody read who was shown this version with these numbers."""
        return self.versions[version][language].filled(values)


def load_notices(folder: Path) -> Notices:
    """Read policies/notices.

    Raises:
        PolicyRefused: one cannot be used, is missing, or is not what its digest says.
    """
    numbers = []
    for path in sorted(folder.glob("*.yml")):
        match = _FILE.fullmatch(path.name)
        if not match:
            sentence = "The name of a notice is its version, such as 2.yml."
            raise PolicyRefused(path, 1, sentence)
        numbers.append(int(match[1]))
    for number in range(1, max(numbers, default=1) + 1):
        if number not in numbers:
            sentence = "This notice is missing: whoever was shown it must find its words again."
            raise PolicyRefused(folder / f"{number}.yml", 1, sentence)
    return Notices({number: _read(folder / f"{number}.yml", number) for number in sorted(numbers)})


def digest(texts: Mapping[str, Any]) -> str:
    """Sixteen hexadecimal digits that change with any word, blank lines and wrapping apart."""
    plain = json.dumps(_joined(texts), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:_DIGITS]


def _read(path: Path, number: int) -> Mapping[str, Words]:
    policy = Policy(path)
    for language in LANGUAGES:
        policy.text(("texts", language, "title"), ())
        policy.text(("texts", language, "text"), VALUES)
        for index in policy.indexes("texts", language, "links"):
            for name in ("title", "href"):
                policy.text(("texts", language, "links", index, name), ())
    _alike(policy)
    _as_recorded(policy, number)
    return {language: _words(policy.data["texts"][language]) for language in LANGUAGES}


def _alike(policy: Policy) -> None:
    """Both languages tell the same: numbers in them, paragraphs, links."""
    first, *others = LANGUAGES
    for language in others:
        mine, theirs = (policy.data["texts"][each] for each in (language, first))
        missing = sorted(set(_NAME.findall(theirs["text"])) ^ set(_NAME.findall(mine["text"])))
        at = ("texts", language)
        if missing:
            raise policy.refused(at, f"{{{missing[0]}}} is in the text of one language only.")
        if len(mine["text"].split("\n\n")) != len(theirs["text"].split("\n\n")):
            raise policy.refused(at, "The two languages have not as many paragraphs.")
        if len(mine["links"]) != len(theirs["links"]):
            raise policy.refused(at, "The two languages have not as many links.")


def _as_recorded(policy: Policy, number: int) -> None:
    found = digest(policy.data["texts"])
    recorded = policy.data.get("digest")
    if recorded is None:
        raise policy.refused((), f"digest is missing. Once the text is final, add: digest: {found}")
    if str(recorded) != found:
        sentence = (
            f"This is not the text that was recorded as version {number}. What customers were "
            f"shown stays as it was: put it back, and write the new text in {number + 1}.yml. If "
            f"nobody was shown it yet, record it with: digest: {found}"
        )
        raise policy.refused(("digest",), sentence)


def _words(texts: Mapping[str, Any]) -> Words:
    links = tuple(Link(each["title"], each["href"]) for each in texts["links"])
    return Words(texts["title"], texts["text"], links)


def _joined(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _joined(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_joined(each) for each in value]
    return " ".join(str(value).split())
