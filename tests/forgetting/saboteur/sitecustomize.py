"""On the path of our processes during a hunt: on a word of a customer they break, each in its way.

Python imports a module of this name at every start. It also writes down which files a process opens
to write, and keeps what is removed from the folder for temporary files.
"""

from __future__ import annotations

import asyncio
import ctypes
import functools
import importlib.util
import json
import logging
import os
import re
import shutil
import signal
import sys
import threading
import warnings
from collections.abc import Callable
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

FOLDER = Path(os.environ["SABOTEUR_FOLDER"])
_WORD = re.compile(r"boem-(gateway|nlu|action|desk)-([a-z]+)-(\d+)")
_inside = threading.local()


def sabotage(where: str, text: object) -> None:
    """Break if the text says so; the same text breaks it once, so that it is answered after all."""
    for place, kind, number in _WORD.findall(str(text)):
        mark = FOLDER / f"{place}-{kind}-{number}"
        if place == where and not mark.exists():
            mark.touch()
            _KINDS[kind](str(text))


def _raise(text: str) -> None:
    try:
        raise KeyError(text)
    except KeyError as error:
        raise ValueError(f"It says: {text}") from error


def _recurse(text: str) -> None:
    _recurse(text)


def _in_thread(text: str) -> None:
    thread = threading.Thread(target=_raise, args=(text,), name=text)
    thread.start()
    thread.join()


class _Unraisable:
    def __init__(self, text: str) -> None:
        self._text = text

    def __del__(self) -> None:
        _raise(self._text)


def _unraisable(text: str) -> None:
    _Unraisable(text)  # its end is at the end of this line


def _in_task(text: str) -> None:
    async def fail() -> None:
        _raise(text)

    asyncio.get_running_loop().create_task(fail(), name=text)


def _log(text: str) -> None:
    library = logging.getLogger("some.library")
    library.addHandler(logging.StreamHandler())
    library.setLevel(logging.DEBUG)
    library.debug("Customer says %s", text)
    library.warning({"text": text}, extra={"request": text}, stack_info=True)
    try:
        _raise(text)
    except ValueError:
        library.exception(text)
    logging.getLogger().critical(text)


def _kill(number: int) -> Callable[[str], None]:
    return lambda _text: os.kill(os.getpid(), number)


def _segfault(_text: str) -> None:
    ctypes.string_at(0)


def _abort(_text: str) -> None:
    os.abort()


_KINDS: dict[str, Callable[[str], None]] = {
    "raise": _raise,
    "recurse": _recurse,
    "thread": _in_thread,
    "unraisable": _unraisable,
    "task": _in_task,
    "warn": lambda text: warnings.warn(text, RuntimeWarning, stacklevel=2),
    "log": _log,
    "kill": _kill(signal.SIGKILL),
    "segfault": _segfault,
    "abort": _abort,
}


def _nlu(module: ModuleType) -> None:
    process = module.HybridClassifier.process

    def breaking(self: Any, messages: list[Any]) -> Any:
        for message in messages:
            sabotage("nlu", message.get("text"))
        return process(self, messages)

    module.HybridClassifier.process = breaking


def _before(name: str, where: str, *path: str) -> Callable[[ModuleType], None]:
    """Break before a coroutine function, by what its arguments say."""

    def patch(module: ModuleType) -> None:
        owner: Any = functools.reduce(getattr, path, module)
        original = getattr(owner, name)

        async def breaking(*args: Any, **kwargs: Any) -> Any:
            sabotage(where, args)
            return await original(*args, **kwargs)

        setattr(owner, name, breaking)

    return patch


def _latest_only(module: ModuleType) -> None:
    run = module._run

    async def breaking(executor: Any, call: Any) -> Any:
        sabotage("action", json.dumps(call["tracker"]["latest_message"]))
        return await run(executor, call)

    module._run = breaking  # type: ignore[attr-defined]  # a module may be given anything


def _after_form(module: ModuleType) -> None:
    read = module.read

    async def breaking(request: Any) -> Any:
        fields = await read(request)
        sabotage("desk", fields)
        return fields

    module.read = breaking  # type: ignore[attr-defined]  # a module may be given anything


def _impatient(name: str, patience: float) -> Callable[[ModuleType], None]:
    """Wait less long for a database that is locked."""

    def patch(module: ModuleType) -> None:
        assert getattr(module, name) > patience
        setattr(module, name, patience)

    return patch


def _talkative(module: ModuleType) -> None:
    """For a control: libraries may say what they like."""
    module._record = logging.LogRecord  # type: ignore[attr-defined]  # a module may be given anything
    module._is_ours = lambda _name: True  # type: ignore[attr-defined]  # a module may be given anything


def _dumping(module: ModuleType) -> None:
    """For a control: a crash leaves a copy of the memory."""
    module.forbid = lambda: None  # type: ignore[attr-defined]  # a module may be given anything


_PATCHES = {
    "helder.understanding.classifier": _nlu,
    "actions.server": _latest_only,
    "helder.gateway.turns": _before("_ask", "gateway", "Turns"),
    "helder.desk.forms": _after_form,
    "helder.database": _impatient("BUSY_TIMEOUT_MS", 200),
    "helder.conversation.anchor": _impatient("_PATIENCE_SECONDS", 0.2),
}


if os.environ.get("SABOTEUR_UNPROTECTED"):
    _PATCHES |= {"helder.logs": _talkative, "helder.coredumps": _dumping}


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


def _watch(event: str, args: tuple[Any, ...]) -> None:
    if event not in ("open", "os.remove", "os.rename") or getattr(_inside, "busy", False):
        return
    _inside.busy = True
    try:
        _note(event, args)
    finally:
        _inside.busy = False


def _note(event: str, args: tuple[Any, ...]) -> None:
    path = args[1] if event == "os.rename" else args[0]
    if not isinstance(path, (str, bytes, os.PathLike)):
        return
    named = Path(os.fsdecode(os.fspath(path))).absolute()
    if event == "os.remove":
        if args[1] != -1:  # from within a folder that is open
            named = Path(f"/proc/self/fd/{args[1]}").readlink() / named.name
        if named.is_relative_to(os.environ["TMPDIR"]) and named.is_file():
            shutil.copy(named, FOLDER / "removed" / f"{os.getpid()}-{named.name}")
    elif event == "os.rename" or _writes(args[1], args[2]):
        _written.write(f"{named}\n")
        _written.flush()


def _writes(mode: object, flags: object) -> bool:
    if isinstance(mode, str):
        return bool(set(mode) & set("wax+"))
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


(FOLDER / "removed").mkdir(exist_ok=True)
_written = (FOLDER / f"written.{os.getpid()}").open("a")
sys.meta_path.insert(0, _Hook())
sys.addaudithook(_watch)
