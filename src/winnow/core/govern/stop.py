"""The kill switch: what is stopped, by whom and why, and what that means for one act or one lead.

One person stops; two different people start again. What cannot be read counts as stopped: see UNREADABLE.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from enum import StrEnum
from typing import NamedTuple

from winnow.core.govern.terms import OWN_SYSTEM, Action
from winnow.core.govern.words import checked_text
from winnow.errors import InvalidInputError

#: What the id of every stop begins with.
PREFIX = "stop"
#: Who stops what no person has stopped: the system itself.
SYSTEM = "system"

LONGEST_REASON, LONGEST_TARGET = 2_000, 200
_LEAST_DIGITS, _SHOWN = 8, 40
_HASH = re.compile(rf"[0-9a-f]{{{_LEAST_DIGITS},64}}")


class StopScope(StrEnum):
    """What is stopped: everything automatic, or what has to do with one thing."""

    ALL = "all"
    SOURCE = "source"
    SCORECARD = "scorecard"
    RULE = "rule"
    ACTION = "action"
    SYSTEM = "ai-system"


#: In sentences.
_KINDS = {StopScope.SYSTEM: "AI system"}


class Drill(StrEnum):
    """An exercise. LIVE: stops for some seconds · DRY: stops nothing, and shows only who would have known when."""

    LIVE = "live"
    DRY = "dry"


class Halt(NamedTuple):
    """What is stopped of deciding one lead; kept with its facts, so that the decision can be derived again.

    reason: the id of the stop and what was said, as the decision's reasons repeat it
    """

    scope: StopScope
    target: str
    reason: str


@dataclass(frozen=True, slots=True)
class Stop:
    """One press of the switch, in force.

    target: the source, rule, action or AI system by its name, the scorecard by its hash or at least 8 digits of its
        beginning; empty for ALL
    by: the id of a person or key, `command line`, or `system` · at: aware, UTC
    outbox: number of the last delivery that was waiting to be sent when it was pressed
    drill: an exercise, which ends by itself at `ends_at`
    """

    id: str
    scope: StopScope
    target: str
    by: str
    at: datetime
    reason: str
    outbox: int = 0
    drill: Drill | None = None
    ends_at: datetime | None = None

    @property
    def said(self) -> str:
        """The stop as the reasons of decisions and refusals name it."""
        return f"{self.reason} ({self.id})"

    def covers(self, scope: StopScope, name: str | None) -> bool:
        """Whether it stops what goes by a name; ALL stops whatever it is."""
        if self.scope is StopScope.ALL:
            return True
        if self.scope is not scope or not name:
            return False
        return name.startswith(self.target) if scope is StopScope.SCORECARD else name == self.target


@dataclass(frozen=True, slots=True)
class Stops:
    """The stops in force at one moment.

    number: how often stops were changed by then: what was decided under one number may be recorded only while the log
        still has that number. None: unknown, and so all is stopped; what comes of that is always safe to record.
    """

    number: int | None
    standing: tuple[Stop, ...] = ()

    def covers(
        self,
        *,
        source: str | None = None,
        action: Action | None = None,
        system: str | None = None,
        rule: str | None = None,
        scorecard: str | None = None,
    ) -> Stop | None:
        """The first stop that forbids an act that these things have to do with; None when none does.

        system: the id of an AI system · scorecard: its hash · what is left out is not part of the act
        """
        named = (
            (StopScope.SOURCE, source),
            (StopScope.ACTION, action),
            (StopScope.SYSTEM, system),
            (StopScope.RULE, rule),
            (StopScope.SCORECARD, scorecard),
        )
        return next((stop for stop in self.standing for scope, name in named if stop.covers(scope, name)), None)

    def halts(self, source: str | None) -> tuple[Halt, ...]:
        """What is stopped of deciding a lead of this source; screening itself is an AI system, too."""
        named = {StopScope.SOURCE: source, StopScope.SYSTEM: OWN_SYSTEM}
        return tuple([
            Halt(stop.scope, stop.target, stop.said)
            for stop in self.standing
            if stop.scope not in named or stop.covers(stop.scope, named[stop.scope])
        ])  # fmt: skip


#: What holds while nobody can tell what is stopped.
UNREADABLE = Stops(
    None,
    (
        Stop(
            "unreadable",
            StopScope.ALL,
            "",
            SYSTEM,
            datetime.fromtimestamp(0, UTC),
            "whether anything is stopped could not be read",
        ),
    ),
)


def checked_target(scope: StopScope, target: str) -> str:
    """The target of a new stop; raises InvalidInputError for one that could never be met."""
    name = target.strip()
    if scope is StopScope.ALL:
        if name:
            raise InvalidInputError("a stop of everything names nothing", where="target", fix="leave it out")
        return ""
    if not name or len(name) > LONGEST_TARGET or not name.isprintable():
        what = f"a stop of one {scope.value} names it, in 1 to {LONGEST_TARGET} printable characters"
        raise InvalidInputError(what, where="target", fix="say which one")
    if scope is StopScope.ACTION and name not in {action.value for action in Action}:
        known = ", ".join(Action)
        raise InvalidInputError(f"`{name[:_SHOWN]}` is no action", where="target", fix=f"use one of {known}")
    if scope is StopScope.SCORECARD and not _HASH.fullmatch(name):
        what = f"a scorecard is named by its hash or at least {_LEAST_DIGITS} digits of its beginning"
        raise InvalidInputError(what, where="target", fix="see `winnow ruleset ladder`")
    return name


def need_known(scope: StopScope, name: str, known: Collection[str] | None) -> None:
    """Raise InvalidInputError for a target that is none of those there are; None: nobody can tell."""
    if known is None or any(each.startswith(name) if scope is StopScope.SCORECARD else each == name for each in known):
        return
    close = get_close_matches(name, known, 1)
    meant = f"`{close[0]}` is the closest; name one there is" if close else "name one there is"
    what = f"there is no {_KINDS.get(scope, scope.value)} `{name[:_SHOWN]}`, so nothing was stopped"
    raise InvalidInputError(what, where="target", fix=f"{meant}, or stop everything")


def checked_words(text: str, where: str, fix: str) -> str:
    """What somebody says for the record in a few words; see `checked_text`."""
    return checked_text(text, LONGEST_REASON, where, fix)
