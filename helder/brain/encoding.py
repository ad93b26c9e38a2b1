"""The sentence encoder while a model is trained: no text twice, and begun before it is asked.

Encoding takes as long as Rasa needs to be imported and to read the examples. Both is Python's work
on one core, while the encoder's is numpy's: side by side, one of them costs next to nothing.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy.typing as npt

Encode = Callable[[Sequence[str]], Any]


class Remembering:
    """The sentence encoder, which is asked for each text once."""

    def __init__(self, encode: Encode) -> None:
        self._encode = encode
        self._known: dict[str, npt.NDArray[Any]] = {}

    def __call__(self, texts: Sequence[str]) -> Any:
        """See universal.encode."""
        import numpy as np

        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        self._known.update(zip(new, self._encode(new), strict=True))
        return np.stack([self._known[text] for text in texts]) if texts else self._encode([])


class Ahead:
    """The same, which has begun with what `texts` gives by the time that it is asked."""

    def __init__(self, encode: Encode, texts: Callable[[], Sequence[str]]) -> None:
        self._remembering = Remembering(encode)
        self._texts = texts
        self._thread = threading.Thread(target=self._begin, daemon=True)
        self._thread.start()

    def __call__(self, texts: Sequence[str]) -> Any:
        """See universal.encode."""
        self._thread.join()
        return self._remembering(texts)

    def _begin(self) -> None:
        # Of a damaged file tells who reads it next: Rasa.
        with contextlib.suppress(Exception):
            self._remembering(self._texts())


def examples_of(project: Path) -> list[str]:
    """The texts of all examples, as they will be asked for but for corrected slips."""
    from helder.content import sources

    found = sources.read(project).examples
    return [sources.ANNOTATED.sub(r"\1", text) for _, _, text in found]


def install(project: Path) -> None:
    """Encode so in this process, and begin with a project's examples; again does nothing more."""
    from helder.understanding import universal

    if not isinstance(universal.encode, Ahead):
        vars(universal)["encode"] = Ahead(universal.encode, lambda: examples_of(project))
