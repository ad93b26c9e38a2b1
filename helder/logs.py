"""Logs that hold no message text, no personal data and no secrets, at any level.

Our own events (loggers `helder.*` and `actions.*`) are written in full: a name, ids and counts.
Other libraries quote what customers write (Rasa logs whole events, SQLAlchemy the parameters of a
statement), so of theirs only this is kept: logger, level, place, and of an exception its types and
frames. An exception's message is never written, not even for our own records. The cut is made where
the record is born, so that a handler which a library installs has no text to write either.

Values that are left, the texts of libraries during training among them, are masked as well
(helder/masking): should somebody log what they must not, no card, address or number is in the file.

Not covered: what a library prints by itself to standard output.
"""

from __future__ import annotations

import asyncio
import faulthandler
import json
import logging
import re
import sys
import threading
import warnings
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog import configure as _configure_structlog
from structlog.typing import EventDict, WrappedLogger

from helder import coredumps
from helder.masking.masker import mask_all
from helder.settings import Settings

OURS = ("helder", "actions")
ACCESS_LOGS = ("sanic.access", "uvicorn.access")
MAX_FRAMES = 40
_LEAST_CARD = 10**11
_ID = re.compile(r"[0-9a-f]{32}|[\w.-]+/[\w./-]+:\d+")
_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
_log = structlog.get_logger("helder.logs")


def configure(settings: Settings, process: str, *, foreign_text: bool = False) -> None:
    """Take over logging, structlog, warnings, uncaught exceptions and crashes of this process.

    Call it first; what a library sets up afterwards finds no text. `process` is named in every
    line. `foreign_text=True` keeps what libraries say: for training only, where no customer's data
    is near.
    """
    level = _LEVELS[settings.log_level]
    logging.setLogRecordFactory(logging.LogRecord if foreign_text else _record)
    logging.raiseExceptions = False  # else a failing handler prints the message it could not write
    handler = Stderr()
    handler.setFormatter(Formatter(process, settings.log_format, foreign_text=foreign_text))
    handler.addFilter(lambda record: _is_shown(record, level))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in ACCESS_LOGS:
        logging.getLogger(name).addFilter(_never)
    _configure_structlog(
        processors=[structlog.contextvars.merge_contextvars, _to_logging],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        context_class=dict,
        cache_logger_on_first_use=False,
    )
    # Rasa would replace this with processors that write messages and local variables.
    structlog.configure = _keep_ours
    warnings.showwarning = _show_warning
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(
        args.exc_type, args.exc_value, args.exc_traceback, thread=True
    )
    sys.unraisablehook = lambda args: _uncaught(
        args.exc_type, args.exc_value, args.exc_traceback, unraisable=True
    )
    faulthandler.enable()
    coredumps.forbid()


def quiet_loop(loop: asyncio.AbstractEventLoop) -> None:
    """Let an event loop report the exceptions nobody awaited as an event of ours."""

    def report(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        _log.error("asyncio_exception", exc_info=context.get("exception"))

    loop.set_exception_handler(report)


def describe(error: BaseException | None) -> list[dict[str, Any]]:
    """An exception and its causes, outermost first: type and frames, never the message."""
    found: list[dict[str, Any]] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        kind = type(error)
        frames = list(_frames(error.__traceback__))[-MAX_FRAMES:]
        found.append({"type": f"{kind.__module__}.{kind.__qualname__}", "frames": frames})
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


def _frames(trace: TracebackType | None) -> Iterator[str]:
    while trace is not None:
        code = trace.tb_frame.f_code
        yield f"{_short(code.co_filename)}:{trace.tb_lineno}:{code.co_name}"
        trace = trace.tb_next


def _short(path: str) -> str:
    """A source path from the package on, so that a line stays readable."""
    parts = Path(path).parts
    if "site-packages" in parts:
        return "/".join(parts[parts.index("site-packages") + 1 :])
    return "/".join(parts[-3:])


def _is_ours(name: str | None) -> bool:
    return name is not None and name.partition(".")[0] in OURS


def _record(
    name: str,
    level: int,
    path: str,
    line: int,
    msg: object,
    args: Any,
    exc_info: Any,
    func: str | None = None,
    sinfo: str | None = None,  # noqa: ARG001 - a stack dump quotes source; never kept
    **_extra: Any,
) -> logging.LogRecord:
    """A record without foreign text and without exception messages."""
    failure = describe(exc_info[1]) if exc_info else []
    if not _is_ours(name):
        kinds = ", ".join(part["type"] for part in failure)
        msg, args = f"{_short(path)}:{line} {kinds}".strip(), ()
    record = logging.LogRecord(name, level, path, line, msg, args, None, func)
    record.failure = failure
    return record


def _to_logging(_logger: WrappedLogger, _method: str, event: EventDict) -> Any:
    exc_info = event.pop("exc_info", None)
    event.pop("stack_info", None)
    return ((event,), {"exc_info": exc_info})


def _keep_ours(*_args: Any, **_kwargs: Any) -> None:
    """Stands in for `structlog.configure`."""


def _never(_record: logging.LogRecord) -> bool:
    return False


def _is_shown(record: logging.LogRecord, level: int) -> bool:
    # Without their text, the debug and info lines of others are worth reading in a hunt only.
    return _is_ours(record.name) or record.levelno >= logging.WARNING or level == logging.DEBUG


def _show_warning(
    message: Warning | str,  # noqa: ARG001 - a warning may quote what a customer wrote
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001 - the signature of warnings.showwarning
    line: str | None = None,  # noqa: ARG001 - as warnings.showwarning has it
) -> None:
    _log.warning("python_warning", category=category.__name__, at=f"{_short(filename)}:{lineno}")


def _uncaught(
    kind: type[BaseException],
    error: BaseException | None,
    trace: TracebackType | None,
    **where: bool,
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    error = error if error is not None else kind()
    _log.critical("uncaught_exception", exc_info=(kind, error, trace), **where)


class Stderr(logging.Handler):
    """Writes to standard error. No StreamHandler: libraries look for those and replace them."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record's line; one that cannot be written is dropped without its text."""
        try:
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except (OSError, ValueError, TypeError):
            self.handleError(record)


class Formatter(logging.Formatter):
    """One line per record, for people (`console`) or for machines (`json`)."""

    def __init__(self, process: str, form: str, *, foreign_text: bool = False) -> None:
        super().__init__()
        self._process = process
        self._json = form == "json"
        self._foreign_text = foreign_text

    def format(self, record: logging.LogRecord) -> str:
        """The line. A value that spans lines is escaped, so that nobody can forge a line."""
        fields = self._fields(record)
        if self._json:
            return json.dumps(fields, default=str, ensure_ascii=False)
        failure = fields.pop("exception", [])
        head = [fields.pop(key) for key in ("time", "level", "process", "logger", "event")]
        rest = [f"{key}={_printable(value)}" for key, value in fields.items()]
        lines = [" ".join([*map(_printable, head), *rest])]
        for part in failure:
            lines += [f"  {part['type']}", *(f"    {frame}" for frame in part["frames"])]
        return "\n".join(lines)

    def _fields(self, record: logging.LogRecord) -> dict[str, Any]:
        time = datetime.fromtimestamp(record.created, timezone.utc)
        fields: dict[str, Any] = {
            "time": time.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": self._process,
            "logger": record.name,
        }
        for key, raw in self._content(record).items():
            value = _masked(raw)
            fields[f"field_{key}" if key in fields else key] = value
        failure = getattr(record, "failure", None)
        if record.exc_info and failure is None:
            failure = describe(record.exc_info[1])
        if failure:
            fields["exception"] = failure
        return fields

    def _content(self, record: logging.LogRecord) -> dict[str, Any]:
        if _is_ours(record.name):
            if isinstance(record.msg, dict):
                return {"event": "", **record.msg}
            return {"event": record.getMessage()}
        content = {"event": "foreign", "at": f"{_short(record.pathname)}:{record.lineno}"}
        if self._foreign_text:
            content["event"] = record.getMessage()
            if record.exc_info and record.exc_info[1] is not None:
                content["message"] = str(record.exc_info[1])
        return content


def _masked(value: Any) -> Any:
    """The value as it may be written. Counts and truths stay what they are."""
    if value is None or isinstance(value, (bool, float)):
        return value
    if isinstance(value, int) and abs(value) < _LEAST_CARD:
        return value
    text = str(value)
    # An id of ours and a place in code are read often, and are no text.
    if _ID.fullmatch(text):
        return value
    masked = mask_all(text)
    return value if masked == text else masked


def _printable(value: object) -> str:
    text = str(value)
    return text if text.isprintable() else json.dumps(text, ensure_ascii=True)
