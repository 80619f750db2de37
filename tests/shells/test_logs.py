"""The log says what went wrong and where, and nothing of what anybody sent."""

import io
import json
import logging
import sys
import threading

import pytest

from winnow.errors import BrokenLogError, ConflictError, SpoolFullError, StoreAwayError
from winnow.shells import logs

NEEDLE = "ana.kovac@bluebird.example"


@pytest.fixture
def log():
    """What is written to the log, as it is set up for real."""
    root, hooks = logging.getLogger(), (threading.excepthook, sys.unraisablehook)
    before = root.handlers[:], root.level, logging.getLogger("winnow").level
    stream = io.StringIO()
    logs.set_up(stream)
    yield stream
    root.handlers[:], root.level = before[:2]
    logging.getLogger("winnow").setLevel(before[2])
    threading.excepthook, sys.unraisablehook = hooks
    logging.raiseExceptions = True


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def failing(lead):
    raise ValueError(f"cannot use {lead}")


def failed(lead):
    try:
        failing(lead)
    except ValueError as error:
        raise ConflictError(f"another lead has the id `{lead}`") from error


OURS, OTHERS = logging.getLogger("winnow.test"), logging.getLogger("asyncio")


def test_an_error_is_told_by_type_and_place(log):
    try:
        failed(NEEDLE)
    except ConflictError as error:
        OURS.exception("it failed: %s", error)
    (line,) = lines(log)
    assert line["level"] == "error"
    assert line["message"] == "it failed: ConflictError"
    assert line["error"] == "winnow.errors.ConflictError < ValueError"
    assert [frame.rsplit(" ", 1)[1] for frame in line["frames"]] == [
        "test_an_error_is_told_by_type_and_place",
        "failed",
    ]
    assert "test_logs.py:" in line["frames"][0]
    assert NEEDLE not in log.getvalue()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (StoreAwayError("the database does not answer: locked"), "the database does not answer: locked"),
        (SpoolFullError("the spool may hold 5 bytes"), "the spool may hold 5 bytes"),
        (BrokenLogError("the log ends after 3 entries"), "the log ends after 3 entries"),
        (OSError(28, "No space left on device"), "[Errno 28] No space left on device"),
        (ConflictError(NEEDLE), "ConflictError"),
        (KeyError(NEEDLE), "KeyError"),
    ],
)
def test_only_errors_that_quote_nobody_are_told_in_words(log, error, told):
    OURS.warning("away: %s", error)
    assert lines(log)[0]["message"] == f"away: {told}"


def test_of_others_only_the_first_line_is_told(log):
    OTHERS.error("Task exception was never retrieved\nfuture: <Task exception=ValueError('%s')>", NEEDLE)
    OTHERS.info("nothing of importance")
    assert [line["message"] for line in lines(log)] == ["Task exception was never retrieved"]


def test_a_message_that_does_not_fit_its_arguments_is_no_way_out(log):
    OURS.error("%d leads", NEEDLE)
    assert NEEDLE not in log.getvalue()
    assert len(lines(log)) == 1


def test_threads_and_finalizers_end_up_in_the_log(log):
    thread = threading.Thread(target=failing, args=(NEEDLE,), name="winnow-x")
    thread.start()
    thread.join()
    (line,) = lines(log)
    assert line["message"] == "`winnow-x` ended by an error"
    assert line["error"] == "ValueError"
    assert NEEDLE not in log.getvalue()


def test_fields_are_fields(log):
    OURS.info("request", extra={"fields": {"route": "GET /healthz", "status": 200, "ms": 0.4}})
    (line,) = lines(log)
    assert (line["message"], line["route"], line["status"], line["ms"]) == ("request", "GET /healthz", 200, 0.4)


@pytest.mark.usefixtures("log")
def test_people_get_plain_text():
    stream = io.StringIO()
    logs.set_up(stream, json_lines=False)
    try:
        failed(NEEDLE)
    except ConflictError:
        OURS.exception("it failed", extra={"fields": {"route": "GET /x"}})
    first, *frames = stream.getvalue().splitlines()
    assert "error it failed route=GET /x error=winnow.errors.ConflictError < ValueError" in first
    assert len(frames) == 2
    assert NEEDLE not in stream.getvalue()
