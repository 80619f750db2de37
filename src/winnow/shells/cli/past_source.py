"""Where a what-if takes its leads from, and what is tried on them."""

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from winnow import bootstrap
from winnow.errors import InvalidInputError
from winnow.shells.cli.labelled import Labelled, Sides, labelled_sides

if TYPE_CHECKING:
    from collections.abc import Iterator

    from winnow.bootstrap.histories import Progress
    from winnow.bootstrap.service import Service
    from winnow.config import Config


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: ruleset files, decisions from when on, groupings, a file of kept leads."""

    draft: Path | None
    against: Path | None
    since: datetime | None
    groups: tuple[str, ...]
    kept: Path | None


def sides(asked: Asked, file: Labelled | None, config: "Config", stack: ExitStack, progress: "Progress") -> Sides:
    """The leads and the rulesets; what is opened is closed with the stack."""
    if asked.kept is not None and asked.since is not None:
        raise InvalidInputError(
            "--kept holds the leads of an earlier run", fix="leave --since away, or read them again"
        )
    if file is None:
        return _kept(asked, asked.kept, config) if asked.kept else _on_record(asked, config, stack, progress)
    if asked.kept is not None or asked.since is not None:
        what = "--labelled is another source of leads than --kept, and knows no --since"
        raise InvalidInputError(what, fix="give --labelled alone")
    return labelled_sides(file, (asked.draft, asked.against), asked.groups, config, progress)


def _kept(asked: Asked, path: Path, config: "Config") -> Sides:
    from winnow.bootstrap.looking_back import leads_kept  # noqa: PLC0415  # needs the extra `learn`

    past = leads_kept(path)
    strange = [name for name in asked.groups if name not in past.groups]
    if strange:
        fix = "read the decisions again with this --by, and --keep them"
        raise InvalidInputError(f"the kept leads cannot be counted by `{strange[0]}`", where=str(path), fix=fix)
    compared = asked.against is not None or not past.decided
    against = bootstrap.load_ruleset(asked.against or config.path("screen.ruleset"), config) if compared else None
    return Sides(past, bootstrap.load_ruleset(asked.draft, config), against)


def _on_record(asked: Asked, config: "Config", stack: ExitStack, progress: "Progress") -> Sides:
    from winnow.bootstrap.looking_back import leads_on_record  # noqa: PLC0415  # as above

    service = stack.enter_context(existing(config))
    draft = service.live.ruleset() if asked.draft is None else bootstrap.load_ruleset(asked.draft, config)
    against = None if asked.against is None else bootstrap.load_ruleset(asked.against, config)
    rulesets = [draft] if against is None else [draft, against]
    return Sides(leads_on_record(service, rulesets, asked.groups, asked.since, progress), draft, against)


@contextmanager
def existing(config: "Config") -> "Iterator[Service]":
    """The installation for as long as a `with`; raises InvalidInputError when there is none."""
    from winnow.bootstrap.service import open_service  # noqa: PLC0415  # a second that other commands need not wait
    from winnow.bootstrap.stores import require_installation  # noqa: PLC0415  # as above

    require_installation(config)
    service = open_service(config)
    try:
        yield service
    finally:
        service.close()
