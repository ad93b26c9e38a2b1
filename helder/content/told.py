"""policies/how_it_works.yml: the sentences of the page, and what may be filled in to each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helder.content.policies import LANGUAGES, Policy

_NAME = re.compile(r"\{(\w+)\}")
# Every sentence of the page, with the names that are filled in.
SENTENCES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "page": {"title": (), "other": (), "made": ("day",)},
    "who": {"title": (), "program": (), "texts": (), "marks": ()},
    "rules": {
        **{"title": (), "intro": (), "own_shop": (), "how": (), "money": ()},
        **{"send": ("send_within_days",), "first_yes": (), "contest": ()},
    },
    "consent": {"title": (), "intro": (), "holds": (), "receipt": (), "back": ()},
    "stored": {
        **{"title": (), "what": (), "how_long": (), "more": (), "notice": ("version",)},
        **{"conversation": (), "conversation_until": ("minutes",)},
        **{"kept": (), "kept_until": ("kept_days",), "agreed": (), "agreed_until": ()},
        **{"message": (), "message_until": ("days",)},
        **{"no_ai": (), "no_ai_until": ("opt_out_days",)},
        **{"erased": (), "erased_until": ("ledger_days",)},
    },
    "model": {
        **{"title": (), "how": (), "name": (), "trained": (), "intents": ()},
        **{"examples_en": (), "examples_nl": (), "right_en": (), "right_nl": ()},
        **{"share": ("share",), "measured": ("day", "count")},
        **{"not_measured": (), "unknown": (), "down": ()},
    },
    "topics": {"title": (), "intro": ()},
    "person": {
        **{"title": (), "always": (), "unasked": (), "later": ("answer_days",)},
        **{"later_one": (), "no_ai": ()},
        "without": ("phone", "email"),
    },
    "limits": {"title": (), "wrong": (), "exceptions": (), "see": (), "pay": ()},
}


class Told:
    """The sentences in one language."""

    def __init__(self, data: Mapping[str, Any], language: str) -> None:
        self._data = data
        self.language = language

    def __call__(self, section: str, key: str, **values: object) -> str:
        """A sentence, filled in."""
        return str(self._data[section][key][self.language]).format(**values)


def load_told(path: Path) -> Mapping[str, Told]:
    """Read how_it_works.yml; the sentences by language.

    Raises:
        PolicyRefused: it cannot be used.
    """
    policy = Policy(path)
    for section, sentences in SENTENCES.items():
        for key, names in sentences.items():
            for language in LANGUAGES:
                _check(policy, (section, key, language), names)
        for key in policy.names(section):
            if key not in sentences:
                raise policy.refused((section, key), f"{section}.{key} is on no page.")
    return {language: Told(policy.data, language) for language in LANGUAGES}


def _check(policy: Policy, at: tuple[str, str, str], names: tuple[str, ...]) -> None:
    policy.text(at, names)
    found = set(_NAME.findall(policy.value(*at)))
    for name in names:
        if name not in found:
            raise policy.refused(at, f"{'.'.join(at)} must say {{{name}}}.")
