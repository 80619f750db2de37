"""The log of the running service: one JSON object a line, and nothing about any person in it.

What a request said can get into a log through the words of an error or the values of local variables. So of an error
only its type and the places it went through are written, and of other libraries' messages only the first line.
"""

import json
import logging
import sys
import threading
import traceback
from datetime import UTC, datetime
from typing import TextIO

from winnow.errors import BrokenLogError, SpoolFullError, StoreAwayError

#: Errors whose words come from this machine alone; all others may quote what somebody sent.
_QUOTE_NOBODY = (BrokenLogError, SpoolFullError, StoreAwayError, OSError)
_OURS = "winnow"
_MOST_FRAMES = 30


def set_up(stream: TextIO | None = None, *, json_lines: bool | None = None) -> None:
    """Send everything that is logged to standard error, once for the whole process.

    json_lines: None is plain text on a terminal and JSON elsewhere
    """
    target = stream or sys.stderr
    as_json = not target.isatty() if json_lines is None else json_lines
    handler = logging.StreamHandler(target)
    handler.setFormatter(JsonLines() if as_json else PlainLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(_OURS).setLevel(logging.INFO)
    logging.raiseExceptions = False  # a message that cannot be written is no reason to write its arguments
    threading.excepthook = _told_by_thread
    sys.unraisablehook = _told_unraisable


class JsonLines(logging.Formatter):
    """One object a line: `at`, `level`, `logger`, `message`; of errors `error` and `frames`; and further fields."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        return json.dumps(_fields(record), ensure_ascii=False, default=str)


class PlainLines(logging.Formatter):
    """The same for people."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; frames of an error follow on lines of their own."""
        fields = _fields(record)
        shown = [str(fields.pop(name)) for name in ("at", "level", "message")]
        fields.pop("logger")
        frames = fields.pop("frames", [])
        more = [f"{name}={value}" for name, value in fields.items()]
        return "\n    ".join([" ".join([*shown, *more]), *frames])  # type: ignore[misc]  # frames are texts


def _fields(record: logging.LogRecord) -> dict[str, object]:
    fields: dict[str, object] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": _message(record),
    }
    fields |= getattr(record, "fields", {})
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        fields |= {"error": chain_of(error), "frames": frames_of(error)}
    return fields


def _message(record: logging.LogRecord) -> str:
    """The words; of errors among the arguments only what cannot quote anybody."""
    arguments = record.args
    if isinstance(arguments, tuple):
        arguments = tuple(map(_safe, arguments))
    try:
        said = str(record.msg) % arguments if arguments else str(record.msg)
    except (TypeError, ValueError):
        said = "a message that does not fit its arguments"
    ours = record.name.split(".", 1)[0] == _OURS
    return said if ours else said.partition("\n")[0]


def _safe(argument: object) -> object:
    if not isinstance(argument, BaseException):
        return argument
    return str(argument) if isinstance(argument, _QUOTE_NOBODY) else type(argument).__name__


def chain_of(error: BaseException) -> str:
    """The types of an error and of what led to it, the last one first."""
    types: list[str] = []
    found: BaseException | None = error
    while found is not None and len(types) < _MOST_FRAMES:
        types.append(f"{type(found).__module__}.{type(found).__qualname__}".removeprefix("builtins."))
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)
    return " < ".join(types)


def frames_of(error: BaseException) -> list[str]:
    """Where an error went through: file, line and function, the innermost last."""
    return [
        f"{frame.filename}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)[-_MOST_FRAMES:]
    ]


def _told_by_thread(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None:
        name = told.thread.name if told.thread else "a thread"
        logging.getLogger(__name__).error("`%s` ended by an error", name, exc_info=told.exc_value)


def _told_unraisable(told: "sys.UnraisableHookArgs") -> None:
    if told.exc_value is not None:
        logging.getLogger(__name__).error("an error that nobody could be told", exc_info=told.exc_value)
