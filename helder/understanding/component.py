"""What our graph components share: checked settings and complete fingerprints."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from rasa.shared.exceptions import InvalidConfigException

# Rasa adds these to any component's settings.
_RASA_KEYS = frozenset({"name", "alias"})


def check_settings(
    component: str, settings: Mapping[str, Any], ranges: Mapping[str, tuple[float, float]]
) -> None:
    """Refuse unknown settings and numbers out of range; `ranges` are inclusive.

    Raises InvalidConfigException, naming component and setting, before anything is trained.
    """
    for key, value in settings.items():
        if key.startswith("__") or key in _RASA_KEYS:
            continue
        if key not in ranges:
            known = ", ".join(sorted(ranges)) or "none"
            raise InvalidConfigException(f"{component} has no setting '{key}' (it has: {known}).")
        low, high = ranges[key]
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not low <= value <= high:
            raise InvalidConfigException(
                f"{component}: '{key}' must be a number from {low} to {high}, not {value!r}."
            )


def check_lists(component: str, name: str, value: Any) -> None:
    """Refuse a setting that is not a list of lists of names. Raises InvalidConfigException."""
    lists = value if isinstance(value, list | tuple) else [None]
    for each in lists:
        if not isinstance(each, list | tuple) or not all(isinstance(n, str) for n in each):
            raise InvalidConfigException(
                f"{component}: '{name}' must be lists of names, such as [[a, b], [c, d]], "
                f"not {each!r}."
            )


def fingerprint(modules: Sequence[ModuleType], *more: str) -> str:
    """SHA-256 over the sources of modules and over versions: what Rasa's cache key leaves out."""
    digest = hashlib.sha256()
    for module in modules:
        digest.update(Path(str(module.__file__)).read_bytes())
    for text in (*more, np.__version__):
        digest.update(b"\0" + text.encode())
    return digest.hexdigest()
