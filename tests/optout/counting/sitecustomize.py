"""On the path of our processes when what Rasa reads is counted: every text that goes through NLU
is written to a file, one per line, where Rasa itself begins to read it.

Python imports a module of this name at every start.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

READ = Path(os.environ["COUNTED_READ"])
PROCESSOR = "rasa.core.processor"


def _counted(module: ModuleType) -> None:
    parse = module.MessageProcessor.parse_message

    def parse_message(self: Any, message: Any, *args: Any, **more: Any) -> Any:
        with READ.open("a", encoding="utf-8") as file:
            file.write(json.dumps(message.text) + "\n")
        return parse(self, message, *args, **more)

    module.MessageProcessor.parse_message = parse_message


class _Hook(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: object = None, target: object = None
    ) -> ModuleSpec | None:
        if fullname != PROCESSOR:
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
            _counted(module)

        loader.exec_module = loaded
        return spec


sys.meta_path.insert(0, _Hook())
