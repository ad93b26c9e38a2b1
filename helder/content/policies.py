"""policies/*.yml as the start reads them: what is wrong is one sentence with its line."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, fields
from pathlib import Path
from string import Formatter
from typing import Any
from urllib.parse import urlsplit

import yaml

from helder.masking.kinds import BY_POLICY, Kind
from helder.masking.policy import MaskingPolicy, Words

LANGUAGES = ("en", "nl")
_MOST = 1_000_000
_PRIVACY = ("minutes", "kept_days", "days", "opt_out_days")  # periods that its texts may name


class PolicyRefused(ValueError):
    """A policy that cannot be used. `sentence` says why; the message names the place too."""

    def __init__(self, path: Path, line: int, sentence: str) -> None:
        folder = f"{path.parent.name}/" if path.parent.parent.name == "policies" else ""
        super().__init__(f"policies/{folder}{path.name}, line {line}: {sentence}")
        self.path = path
        self.line = line
        self.sentence = sentence


@dataclass(frozen=True)
class Kept:
    """How long things are kept: retention.yml."""

    conversation_minutes: int
    conversation_days: int  # with the customer's consent (policies/consent.yml, keep_conversation)
    message_days: int
    ledger_days: int
    opt_out_days: int  # who wants no AI, after their last conversation


def load_retention(path: Path) -> Kept:
    """Read retention.yml.

    Raises:
        PolicyRefused: it cannot be used.
    """
    policy = Policy(path)
    return Kept(
        policy.number("conversation", "minutes_after_last_message"),
        policy.number("conversation", "days_with_consent"),
        policy.number("left_message", "days"),
        policy.number("erasure_ledger", "days"),
        policy.number("opt_out", "days_after_last_conversation"),
    )


@dataclass(frozen=True)
class Pages:
    """Addresses of the shop's pages: pages.yml."""

    account: str
    sign_up: str
    log_in: str
    details: str
    close_account: str
    review: str


def load_pages(path: Path) -> Pages:
    """Read pages.yml.

    Raises:
        PolicyRefused: it cannot be used.
    """
    policy = Policy(path)
    return Pages(**{field.name: policy.address(field.name) for field in fields(Pages)})


def load_masking(path: Path) -> MaskingPolicy:
    """Read masking.yml.

    Raises:
        PolicyRefused: it cannot be used.
    """
    policy = Policy(path)
    names = {kind: policy.words(("told", "names", kind.value), ()) for kind in Kind}
    return MaskingPolicy(
        conversation=_masked(policy, "conversation"),
        exported=_masked(policy, "exported"),
        text=policy.words(("told", "text"), ("what",)),
        between=policy.words(("told", "and"), ()),
        names=names,
    )


def _masked(policy: Policy, where: str) -> frozenset[Kind]:
    known = {kind.value: kind for kind in BY_POLICY}
    for name in policy.names(where):
        if name not in known:
            always = "is always masked; it does not belong here"
            unknown = f"is not known; a kind is {', '.join(sorted(known))}"
            why = always if name in [kind.value for kind in Kind] else unknown
            raise policy.refused((where, name), f"{where}.{name} {why}.")
        if policy.value(where, name) not in ("keep", "mask"):
            raise policy.refused((where, name), f"{where}.{name} must be keep or mask.")
    return frozenset(k for name, k in known.items() if policy.value(where, name) == "mask")


def load_privacy(path: Path) -> dict[str, Any]:
    """Read privacy.yml.

    Raises:
        PolicyRefused: it cannot be used.
    """
    policy = Policy(path)
    for language in LANGUAGES:
        for keys in (("title",), ("other", "language"), ("other", "title")):
            policy.text((language, *keys), ())
        for index in policy.indexes(language, "sections"):
            policy.text((language, "sections", index, "title"), ())
            policy.text((language, "sections", index, "text"), _PRIVACY)
    return policy.data


def check_texts(path: Path) -> None:
    """See that texts.yml or desk.yml has sections of texts in both languages.

    Raises:
        PolicyRefused: it has not.
    """
    policy = Policy(path)
    for section in policy.data:
        for key in policy.names(section):
            for language in LANGUAGES:
                policy.text((section, key, language), None)


def readable(path: Path) -> None:
    """See that a policy is YAML with names and values.

    Raises:
        PolicyRefused: it is not.
    """
    Policy(path)


def wrong_braces(text: str, allowed: Collection[str] | None = None) -> str | None:
    """What is wrong with the `{names}` in a text, or None. `allowed`: what is filled in."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return "has a brace { or } without its other half"
    for _, name, form, conversion in parts:
        if name is None:
            continue
        if not re.fullmatch(r"[A-Za-z_]\w*", name) or form or conversion:
            return "has braces around something that is no name"
        if allowed is not None and name not in allowed:
            return f"has {{{name}}}, which nothing fills in"
    return None


class Policy:
    """A policy's values, and the line of each."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            text = path.read_text(encoding="utf-8")
            # Read once: the nodes, which know their lines, and from them the values.
            loader = yaml.SafeLoader(text)
            self._node = loader.get_single_node()
            data = None if self._node is None else loader.construct_document(self._node)
        except OSError:
            raise self.refused((), "This file is missing or cannot be opened.") from None
        except UnicodeDecodeError:
            raise self.refused((), "This cannot be read: it is not UTF-8.") from None
        except (yaml.YAMLError, ValueError) as error:
            mark = getattr(error, "problem_mark", None)
            problem = getattr(error, "problem", None) or " ".join(str(error).split())
            line = mark.line + 1 if mark else 1
            raise PolicyRefused(path, line, f"This cannot be read: {problem}.") from None
        if not isinstance(data, dict) or not data:
            raise self.refused((), "This file must have names with values.")
        self.data: dict[str, Any] = data

    def refused(self, keys: tuple[Any, ...], sentence: str) -> PolicyRefused:
        """An error at a value, or at the nearest thing above it that is there."""
        return PolicyRefused(self.path, _line(getattr(self, "_node", None), keys), sentence)

    def value(self, *keys: Any) -> Any:
        """A value that must be there."""
        found: Any = self.data
        for depth, key in enumerate(keys):
            try:
                found = found[key]
            except (KeyError, IndexError, TypeError):
                name = _dotted(keys[: depth + 1])
                raise self.refused(keys, f"{name} is missing.") from None
        return found

    def number(self, *keys: Any) -> int:
        """A whole number of 1 or more."""
        value = self.value(*keys)
        if type(value) is not int or not 1 <= value <= _MOST:
            sentence = f"{_dotted(keys)} must be a whole number of 1 or more, not {value!r}."
            raise self.refused(keys, sentence)
        return value

    def text(self, keys: tuple[Any, ...], allowed: Collection[str] | None) -> None:
        """A text that is not empty, with braces that can be filled in."""
        value = self.value(*keys)
        if not isinstance(value, str) or not value.strip():
            raise self.refused(keys, f"{_dotted(keys)} must be a text.")
        wrong = wrong_braces(value, allowed)
        if wrong:
            raise self.refused(keys, f"{_dotted(keys)} {wrong}.")

    def words(self, keys: tuple[Any, ...], allowed: Collection[str]) -> Words:
        """A text in each language."""
        for language in LANGUAGES:
            self.text((*keys, language), allowed)
        return {language: str(self.value(*keys, language)) for language in LANGUAGES}

    def address(self, *keys: Any) -> str:
        """An address of the web that a customer may be sent to."""
        value = self.value(*keys)
        known = isinstance(value, str) and not re.search(r"\s", value)
        if not known or urlsplit(value).scheme != "https" or not urlsplit(value).hostname:
            raise self.refused(
                keys, f"{_dotted(keys)} must be an address such as https://shop.example."
            )
        return str(value)

    def indexes(self, *keys: Any) -> range:
        """The places of a list."""
        value = self.value(*keys)
        if not isinstance(value, list):
            raise self.refused(keys, f"{_dotted(keys)} must be a list.")
        return range(len(value))

    def names(self, *keys: Any) -> list[Any]:
        """The names under a name."""
        value = self.value(*keys)
        if not isinstance(value, dict):
            raise self.refused(keys, f"{_dotted(keys)} must have names with values.")
        return list(value)


def _dotted(keys: tuple[Any, ...]) -> str:
    return ".".join(str(key + 1) if isinstance(key, int) else str(key) for key in keys)


def _line(node: Any, keys: tuple[Any, ...]) -> int:
    line = 1
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == str(key)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
            line = node.start_mark.line + 1
        else:
            break
    return line
