"""Variables of the environment in Rasa's files: replaced, or Rasa is not started with them.

Rasa refuses an unset `${NAME}` only where a word begins with it. Inside a longer word it stays as
it is, so that an action server is looked for at `http://${HOST}`; and so does every one in
quotation marks, set or not (rasa/shared/utils/io.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rasa.shared.exceptions import RasaException
from rasa.shared.utils.io import read_yaml

from helder.brain.errors import UnsetVariable

_VARIABLE = re.compile(r"\$\{([^}\n]*)\}")


def refuse_unset(path: Path) -> None:
    """Read a YAML file as Rasa does, and look for what is left of variables.

    Raises:
        UnsetVariable: with the file, the place and the name; never with a value.
    """
    text = path.read_text(encoding="utf-8")
    if "${" not in text:
        return
    try:
        left = list(_left(read_yaml(text), ()))
    except RasaException:  # it would tell the value
        names = ", ".join(dict.fromkeys(_VARIABLE.findall(text)))
        raise UnsetVariable(
            f"{path.name} needs these environment variables, and not all of them are set: {names}."
        ) from None
    for place, name in left:
        raise UnsetVariable(
            f"{path.name} still has ${{{name}}} in {place}: set this environment variable. (In a "
            "value with quotation marks, Rasa replaces none.)"
        )


def _left(content: Any, place: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The place and the name of each variable that is left."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from _left(key, (*place, str(key)))
            yield from _left(value, (*place, str(key)))
    elif isinstance(content, list):
        for value in content:
            yield from _left(value, place)
    elif isinstance(content, str):
        for name in _VARIABLE.findall(content):
            yield ".".join(place), name
