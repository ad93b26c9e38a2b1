"""How long colleagues and customers may be away: policies/handoff.yml, read strictly."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import yaml

from helder.handoff.errors import HandoffRefused

LONGEST = 24 * 60 * 60


@dataclass(frozen=True)
class HandoffPolicy:
    """See the file; each is a whole number of 1 or more."""

    silent_minutes: int
    offline_seconds: int
    transfer_minutes: int
    gone_minutes: int


def load_handoff(path: Path) -> HandoffPolicy:
    """Read handoff.yml.

    Raises:
        HandoffRefused: it is missing, or something in it cannot be used; the message says what.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise HandoffRefused(f"{path} cannot be read: {type(error).__name__}.") from None
    names = [field.name for field in fields(HandoffPolicy)]
    if not isinstance(data, dict) or set(data) != set(names):
        raise HandoffRefused(f"{path} must say {', '.join(names)}, and nothing else.")
    for name in names:
        if type(data[name]) is not int or not 0 < data[name] <= LONGEST:
            raise HandoffRefused(f"{path}: {name} must be a whole number of 1 or more.")
    return HandoffPolicy(**data)
