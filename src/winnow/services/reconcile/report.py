"""What came out of holding contacts against permits: counts, and which lines went past the gate."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from winnow.core.govern.terms import Channel
from winnow.core.govern.workaround import Contact, Lack, Lacking

#: Workarounds that are listed, and different users that are counted.
MOST_LISTED, MOST_USERS = 10_000, 1_000

_OTHERS = "others"


class Sight(NamedTuple):
    """What whoever reads the report may see of the people in it.

    addresses: whom a contact went to, as the file writes it · noes: what they had said about being contacted
    """

    addresses: bool = False
    noes: bool = False


class Workaround(NamedTuple):
    """A contact without a permit that held.

    place: its line in the report · lacking: which permit is missing, in words in `lacking.because`
    no: what the person had said against it by then, with its day; empty: nothing, or not for these eyes
    who: whom it went to; empty where that is not for these eyes
    """

    place: int
    at: datetime
    channel: Channel
    purpose: str | None
    by: str
    lacking: Lacking
    no: str = ""
    who: str = ""

    @property
    def lack(self) -> Lack:
        """What is missing, in one of six words."""
        return self.lacking.lack

    @property
    def because(self) -> str:
        """Why it is one, in a sentence."""
        return f"{self.lacking.because}; {self.no}" if self.no else self.lacking.because


#: What is told to whoever may not see people: counts and lines.
NOBODY_SEEN = Sight()


@dataclass(slots=True)
class User:
    """What one user or tool did: contacts, those without a permit, and those of them after the person's no."""

    contacts: int = 0
    workarounds: int = 0
    after_a_no: int = 0
    first: datetime | None = None
    last: datetime | None = None

    def tell(self, contact: Contact, *, permitted: bool, said_no: bool) -> None:
        """Note a contact; `first` and `last` are of those without a permit."""
        self.contacts += 1
        if permitted:
            return
        self.workarounds += 1
        self.after_a_no += said_no
        self.first = min(self.first or contact.at, contact.at)
        self.last = max(self.last or contact.at, contact.at)


@dataclass(slots=True)
class Report:
    """What came out. It says of people what `sight` lets it; without, the numbers of lines say who they are.

    after_a_no: workarounds to people who had said no · by_column: where the file says who did it, by lines
    found: the workarounds, in their order, MOST_LISTED at most · unreadable: lines with what is wrong, the same
    """

    sight: Sight = NOBODY_SEEN
    contacts: int = 0
    workarounds: int = 0
    after_a_no: int = 0
    unread: int = 0
    first: datetime | None = None
    last: datetime | None = None
    by_lack: Counter[str] = field(default_factory=Counter)
    by_channel: Counter[str] = field(default_factory=Counter)
    by_column: Counter[str] = field(default_factory=Counter)
    by_day: Counter[str] = field(default_factory=Counter)
    users: dict[str, User] = field(default_factory=dict)
    found: list[Workaround] = field(default_factory=list)
    unreadable: list[tuple[int, str]] = field(default_factory=list)

    def tell_unread(self, place: int, what: str) -> None:
        """Note a line that could not be read."""
        self.unread += 1
        if len(self.unreadable) < MOST_LISTED:
            self.unreadable.append((place, what))

    def tell(self, contact: Contact, lacks: Lacking | None, no: str = "") -> None:
        """Note a contact; `no`: what the person had said against it."""
        self.contacts += 1
        self.first = min(self.first or contact.at, contact.at)
        self.last = max(self.last or contact.at, contact.at)
        self._user(contact.by).tell(contact, permitted=lacks is None, said_no=bool(no))
        if lacks is None:
            return
        self.workarounds += 1
        self.after_a_no += bool(no)
        self.by_lack[lacks.lack.name.lower()] += 1
        self.by_channel[contact.channel.value] += 1
        self.by_day[contact.at.date().isoformat()] += 1
        if len(self.found) < MOST_LISTED:
            shown = (no if self.sight.noes else ""), (contact.who if self.sight.addresses else "")
            what = contact.place, contact.at, contact.channel, contact.purpose, contact.by
            self.found.append(Workaround(*what, lacks, *shown))

    def _user(self, name: str) -> User:
        known = name in self.users or len(self.users) < MOST_USERS
        return self.users.setdefault(name if known else _OTHERS, User())

    @property
    def by_user(self) -> Counter[str]:
        """Workarounds by who did them."""
        return Counter({name: user.workarounds for name, user in self.users.items() if user.workarounds})

    @property
    def document(self) -> dict[str, object]:
        """The report as plain data; `who` and `no` of a workaround are there for eyes that may see them."""
        return {
            "contacts": self.contacts,
            "permitted": self.contacts - self.workarounds,
            "without_permit": self.workarounds,
            "after_a_no": self.after_a_no,
            "unreadable": self.unread,
            "first": self.first and self.first.isoformat(),
            "last": self.last and self.last.isoformat(),
            "by_lack": dict(self.by_lack.most_common()),
            "by_channel": dict(self.by_channel.most_common()),
            "by_user": dict(self.by_user.most_common()),
            "by_column": dict(self.by_column.most_common()),
            "by_day": dict(sorted(self.by_day.items())),
            "users": [_user_document(name, self.users[name]) for name, _ in self.by_user.most_common()],
            "workarounds": [_workaround_document(each, self.sight) for each in self.found],
            "unreadable_lines": [{"line": place, "what": what} for place, what in self.unreadable],
        }


def _user_document(name: str, user: User) -> dict[str, object]:
    return {
        "by": name,
        "contacts": user.contacts,
        "without_permit": user.workarounds,
        "after_a_no": user.after_a_no,
        "first": user.first and user.first.isoformat(),
        "last": user.last and user.last.isoformat(),
    }


def _workaround_document(each: Workaround, sight: Sight) -> dict[str, object]:
    found: dict[str, object] = {
        "line": each.place,
        "at": each.at.isoformat(),
        "channel": each.channel.value,
        "purpose": each.purpose,
        "by": each.by,
        "lack": each.lack.name.lower(),
        "because": each.because,
        "permit": each.lacking.near and each.lacking.near.id,
    }
    return found | ({"no": each.no} if sight.noes else {}) | ({"who": each.who} if sight.addresses else {})
