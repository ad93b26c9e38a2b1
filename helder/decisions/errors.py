"""Everything that can go wrong with decisions, drawn in one place.

DecisionError
├── PolicyError     a policy file that cannot be used; `problems` has line and sentence of each
├── NoVersion       no version of the policy was in force on that day
├── FactError       a fact that is unknown or missing, or a value that it cannot have
└── NotReplayed     a record that cannot be read or replayed, or comes out differently
    └── PolicyLost  nobody kept the version that decided
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Problem(NamedTuple):
    """What is wrong in a file, and where; a whole sentence."""

    line: int
    sentence: str


class DecisionError(ValueError):
    """The message is a sentence for whoever writes or tries policies."""


class PolicyError(DecisionError):
    """A policy that cannot be used; the message names the file and the line to mend."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        line, sentence = problems[0]
        super().__init__(f"policies/{file}, line {line}: {sentence}")
        self.file = file
        self.problems = tuple(problems)


class NoVersion(DecisionError):
    """No version of the policy was in force on that day."""


class FactError(DecisionError):
    """A fact that nobody knows, or a value that it cannot have."""


class NotReplayed(DecisionError):
    """The record cannot be read, or the policy does not decide what it says."""


class PolicyLost(NotReplayed):
    """The version that decided is neither in its file nor in the archive."""
