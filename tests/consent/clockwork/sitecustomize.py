"""On the path of our processes when their clock is moved: now is as much later as a file says.

Python imports a module of this name at every start. Whoever asks for the time asks
`helder.conversation.clock`; forgetting is tried every second instead of every minute.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

MINUTES = Path(os.environ["CLOCKWORK_MINUTES"])


def _moved(module: ModuleType) -> None:
    def utc_now() -> datetime:
        return datetime.now(timezone.utc) + timedelta(minutes=int(MINUTES.read_text()))

    module.utc_now = utc_now  # type: ignore[attr-defined]  # a module may be given anything


def _often(module: ModuleType) -> None:
    assert module.EXPIRE_EVERY_SECONDS == 60
    module.EXPIRE_EVERY_SECONDS = 1  # type: ignore[attr-defined]  # a module may be given anything


_PATCHES: dict[str, Callable[[ModuleType], None]] = {
    "helder.conversation.clock": _moved,
    "helder.gateway.state": _often,
}


class _Hook(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> ModuleSpec | None:
        if fullname not in _PATCHES:
            return None
        sys.meta_path.remove(self)
        try:
            spec = importlib.util.find_spec(fullname)
        finally:
            sys.meta_path.insert(0, self)
        assert spec is not None
        loader: Any = spec.loader
        load = loader.exec_module

        def loaded(module: ModuleType) -> None:
            load(module)
            _PATCHES[fullname](module)

        loader.exec_module = loaded
        return spec


sys.meta_path.insert(0, _Hook())
