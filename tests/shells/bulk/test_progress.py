"""How far a run is: at most a line each twentieth where it is logged, a bar on a terminal, nothing when quiet."""

import io
import re
import time

import pytest
from rich.console import Console

from winnow.shells.bulk.progress import meter


def printed(steps, *, total=1000, terminal="", seconds=10.0, monkeypatch=None, **how):
    """What is shown when `steps` of (done, leads) are told over some seconds, on a kind of terminal or on none."""
    moments = iter([0.0, *(seconds * (place + 1) / len(steps) for place in range(len(steps)))])
    if monkeypatch:
        monkeypatch.setattr(time, "monotonic", lambda: next(moments))
    file = io.StringIO()
    named = {"TERM": terminal}
    console = Console(file=file, force_terminal=bool(terminal), width=100, no_color=True, _environ=named)
    with meter(console, total, "screening", **how) as shown:
        for done, leads in steps:
            shown.at(done, leads)
    return file.getvalue()


def test_a_line_each_twentieth():
    lines = printed([(done, done // 2) for done in range(1, 1001)]).splitlines()
    assert len(lines) == 20
    assert [line.split()[1] for line in lines] == [f"{share}%" for share in range(5, 101, 5)]


def test_large_steps_give_a_line_each():
    assert len(printed([(300, 1), (310, 1), (1000, 2)]).splitlines()) == 2


def test_the_time_left_is_from_the_rate_so_far(monkeypatch):
    text = printed([(500, 40)], monkeypatch=monkeypatch)
    assert text == "screening:  50% · 40 leads · 4/s · 10 s left\n"


def test_a_continued_run_does_not_count_what_was_done_before(monkeypatch):
    text = printed([(600, 40)], begun=500, monkeypatch=monkeypatch)
    assert text == "screening:  60% · 40 leads · 4/s · 40 s left\n"


def test_reading_without_deciding_names_no_leads(monkeypatch):
    assert printed([(500, 0)], monkeypatch=monkeypatch) == "screening:  50% · 10 s left\n"


@pytest.mark.parametrize("total", [None, 0])
def test_without_a_total_there_is_nothing_to_tell(total):
    assert printed([(1, 1), (2, 2)], total=total) == ""


def test_quiet_is_silent():
    assert printed([(500, 1), (1000, 2)], quiet=True) == ""


@pytest.mark.parametrize("total", [None, 1000])
def test_a_bar_on_a_terminal_is_gone_afterwards(total):
    shown = printed([(500, 1), (1000, 2)], total=total, terminal="xterm")
    assert "screening" in shown
    assert re.search(r"\x1b\[1A\x1b\[2K|\x1b\[2K", shown), "the line is erased"


def test_a_terminal_that_cannot_move_its_cursor_gets_lines():
    assert len(printed([(500, 1), (1000, 2)], terminal="dumb").splitlines()) == 2
