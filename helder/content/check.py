"""The content checks of `make check`: seconds, no training, no Rasa."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from helder.content import (
    config,
    domain,
    entities,
    examples,
    files,
    flows,
    refusals,
    scripts,
    vocabulary,
    words,
)
from helder.content.reading import Finding, Place
from helder.content.sources import Content, read

# Each look, and what it cannot do without.
_LOOKS: dict[Callable[[Content], Iterator[Finding]], str] = {
    words.braces: "",
    words.tongue: "",
    words.languages: "domain",
    words.used: "domain rules stories responses",
    words.readings: "domain nlu responses",
    words.filled: "domain",
    words.buttons: "domain nlu",
    examples.check: "domain nlu",
    entities.check: "domain nlu",
    files.homes: "nlu",
    flows.known: "domain rules stories",
    flows.check: "domain rules stories",
    domain.check: "domain rules stories responses",
}


def run(project: Path) -> list[Finding]:
    """Everything that is wrong, in order of file and line."""
    content = read(project)
    found = list(content.findings)
    for check in (files.check, files.parts, _policies):
        found += check(project)
    for look, needs in _LOOKS.items():
        # From what cannot be read, nothing follows but that.
        if not content.broken & set(needs.split()):
            found += look(content)
    found += config.check(project, content)
    found += vocabulary.check(project, content)
    keys = None if "responses" in content.broken else {str(key) for key, _ in content.responses}
    found += scripts.check(project, keys)
    return sorted(set(found), key=_order)


def _order(finding: Finding) -> tuple[str, int, str]:
    path, line, sentence = finding.split(":", 2)
    return path, int(line), sentence


def _policies(project: Path) -> Iterator[Finding]:
    """What the start would refuse."""
    for name, line, sentence in refusals.problems(project / "policies"):
        yield Place(f"policies/{name}", line).says(sentence)
