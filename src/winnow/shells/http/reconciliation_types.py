"""What the API takes and gives about contacts that went past the gate, as types; see `types`."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, TypeAlias

from msgspec import UNSET, Meta, Struct, UnsetType

from winnow.bootstrap.reconciling import activities_in_text
from winnow.core.govern.terms import Channel
from winnow.errors import InvalidInputError
from winnow.services.reconcile import Report, Sight, User, Workaround, key_of

MOST_ROWS = 100_000
_EXAMPLE_ROW = {"email": "ana@bluebird.example", "sent_at": "2026-11-22T09:30:00+01:00", "owner": "Bo"}
_EXAMPLE_CSV = "email,sent_at,channel,owner\nana@bluebird.example,2026-11-22T09:30:00+01:00,email,Bo\n"
_EXAMPLE_TIME = "2026-11-22T08:30:00Z"

_Cell: TypeAlias = str | int | float | bool | None
_Row: TypeAlias = Annotated[dict[str, _Cell], Meta(max_length=200)]


class ReconciliationIn(Struct, forbid_unknown_fields=True):
    """What a CRM or a mail server did: `csv`, or `rows` of the same columns."""

    csv: Annotated[
        Annotated[str, Meta(min_length=1)] | UnsetType,
        Meta(description="The text of a CSV file, see docs/smtp-gate.md.", examples=[_EXAMPLE_CSV]),
    ] = UNSET
    rows: Annotated[
        Annotated[list[_Row], Meta(min_length=1, max_length=MOST_ROWS)] | UnsetType,
        Meta(description="The same as objects; the names are those of the columns.", examples=[[_EXAMPLE_ROW]]),
    ] = UNSET
    channel: Annotated[Channel | None, Meta(description="Of rows that do not name one.", examples=["email"])] = None
    by: Annotated[
        Annotated[str, Meta(min_length=1, max_length=100)] | None,
        Meta(description="The column that says who did it, where it is called otherwise.", examples=["sent via"]),
    ] = None

    def activities(self) -> Iterator[tuple[int, Mapping[str, object]]]:
        """The rows with the numbers of their lines, or of their places in the list; raises InvalidInputError."""
        if (self.csv is UNSET) == (self.rows is UNSET):
            raise InvalidInputError("it is not clear which activities are meant", where="$", fix="send csv or rows")
        if self.rows is not UNSET:
            return ((at, {key_of(name): each[name] for name in each}) for at, each in enumerate(self.rows, 1))
        return _bounded(activities_in_text(self.csv if self.csv is not UNSET else "", "csv"))


def _bounded(rows: Iterator[tuple[int, Mapping[str, object]]]) -> Iterator[tuple[int, Mapping[str, object]]]:
    for count, row in enumerate(rows):
        if count >= MOST_ROWS:
            fix = f"send at most {MOST_ROWS:,}, or use winnow gate reconcile"
            raise InvalidInputError("so many rows are not taken at once", where="csv", fix=fix)
        yield row


class UserOut(Struct):
    """What one user or tool did."""

    by: Annotated[str, Meta(description="As the file names them; empty where it does not.", examples=["Bo"])]
    contacts: Annotated[int, Meta(description="All their contacts.", examples=[40])]
    without_permit: Annotated[int, Meta(description="Those without a permit.", examples=[7])]
    after_a_no: Annotated[int, Meta(description="Of these, those to people who had said no.", examples=[2])]
    first: Annotated[datetime | None, Meta(description="The first without a permit.", examples=[_EXAMPLE_TIME])]
    last: Annotated[datetime | None, Meta(description="The last without a permit.", examples=[_EXAMPLE_TIME])]


class WorkaroundOut(Struct, omit_defaults=True):
    """A contact without a permit."""

    line: Annotated[int, Meta(description="Of the file, or the place in the list, from 1.", examples=[3])]
    at: Annotated[datetime, Meta(description="When it took place.", examples=[_EXAMPLE_TIME])]
    channel: Annotated[Channel, Meta(description="What it went through.", examples=["email"])]
    purpose: Annotated[str | None, Meta(description="What for, if the row says it.", examples=["marketing"])]
    by: Annotated[str, Meta(description="Who did it.", examples=["Bo"])]
    lack: Annotated[
        str,
        Meta(description="`never`, `channel`, `purpose`, `early`, `late` or `since` (a no since).", examples=["late"]),
    ]
    because: Annotated[
        str,
        Meta(
            description="Why it is one, in a sentence.",
            examples=["the last permit before it had expired, at 2026-11-22T08:10+00:00 (pm_01jd8qg4z5-0)"],
        ),
    ]
    permit: Annotated[
        str | None, Meta(description="The permit that comes nearest.", examples=["pm_01jd8qg4z5x3n0v7k2m9r6t1wy-0"])
    ]
    no: Annotated[
        str | UnsetType,
        Meta(
            description="What the person had said against it by then; for keys with the scope `consent:read`.",
            examples=["the person opted out on 2026-11-20 with one click on unsubscribe (email, marketing)"],
        ),
    ] = UNSET
    who: Annotated[
        str | UnsetType,
        Meta(
            description="Whom it went to; for keys with the scope `decisions:read`.", examples=["ana@bluebird.example"]
        ),
    ] = UNSET


class UnreadOut(Struct):
    """A row that could not be read; it is not taken for covered."""

    line: Annotated[int, Meta(description="Of the file, or the place in the list, from 1.", examples=[5])]
    what: Annotated[str, Meta(description="What is wrong.", examples=["it does not say when, with a time zone"])]


class ReconciliationOut(Struct):
    """Who went past the gate, when and how often."""

    contacts: Annotated[int, Meta(description="Rows that could be read.", examples=[1200])]
    permitted: Annotated[int, Meta(description="Those that a permit covers.", examples=[1193])]
    without_permit: Annotated[int, Meta(description="Those that none covers.", examples=[7])]
    after_a_no: Annotated[int, Meta(description="Of these, those to people who had said no.", examples=[2])]
    unreadable: Annotated[int, Meta(description="Rows that could not be read.", examples=[0])]
    first: Annotated[datetime | None, Meta(description="The first contact.", examples=[_EXAMPLE_TIME])]
    last: Annotated[datetime | None, Meta(description="The last contact.", examples=[_EXAMPLE_TIME])]
    by_lack: Annotated[dict[str, int], Meta(description="What they lack.", examples=[{"never": 5, "late": 2}])]
    by_channel: Annotated[dict[str, int], Meta(description="Through what they went.", examples=[{"email": 7}])]
    by_day: Annotated[dict[str, int], Meta(description="When, in UTC.", examples=[{"2026-11-22": 7}])]
    by_column: Annotated[
        dict[str, int], Meta(description="Which columns say who did it; empty: none.", examples=[{"owner": 1200}])
    ]
    users: Annotated[list[UserOut], Meta(description="Who did it, the most first.")]
    workarounds: Annotated[list[WorkaroundOut], Meta(description="In the order of the rows, the first 10,000.")]
    unreadable_lines: Annotated[list[UnreadOut], Meta(description="Rows that could not be read, the first 10,000.")]


def reconciliation_out(report: Report) -> ReconciliationOut:
    """The report as it is sent, with what its `sight` lets be seen."""
    return ReconciliationOut(
        report.contacts,
        report.contacts - report.workarounds,
        report.workarounds,
        report.after_a_no,
        report.unread,
        report.first,
        report.last,
        dict(report.by_lack.most_common()),
        dict(report.by_channel.most_common()),
        dict(sorted(report.by_day.items())),
        dict(report.by_column.most_common()),
        [_user_out(name, report.users[name]) for name, _ in report.by_user.most_common()],
        [_workaround_out(each, report.sight) for each in report.found],
        [UnreadOut(place, what) for place, what in report.unreadable],
    )


def _user_out(name: str, user: User) -> UserOut:
    return UserOut(name, user.contacts, user.workarounds, user.after_a_no, user.first, user.last)


def _workaround_out(each: Workaround, sight: Sight) -> WorkaroundOut:
    return WorkaroundOut(
        each.place,
        each.at,
        each.channel,
        each.purpose,
        each.by,
        each.lack.name.lower(),
        each.because,
        None if each.lacking.near is None else each.lacking.near.id,
        each.no if sight.noes else UNSET,
        each.who if sight.addresses else UNSET,
    )
