"""Reading a document somebody wrote: each mistake is named by its path, with the nearest right word."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from difflib import get_close_matches
from math import isfinite
from typing import TypeVar

from winnow.errors import InvalidRulesetError

T = TypeVar("T")

_BEYOND_64_BITS = 2**63


class Table:
    """One table of a document; `path` is where it stands, e.g. `scorecard.features[3]`.

    Every key must be read by one of the methods before `finish`, which refuses what is left over.
    """

    def __init__(self, content: object, path: str = "") -> None:
        if not isinstance(content, Mapping):
            raise InvalidRulesetError("expected a table", where=path or None, fix="write key = value pairs")
        self.content: Mapping[str, object] = content
        self.path = path
        self._read: set[str] = set()
        self._known: set[str] = set()

    def at(self, key: str) -> str:
        """The path of one of its keys."""
        return f"{self.path}.{key}" if self.path else key

    def has(self, key: str) -> bool:
        """Whether the key is there; does not count as reading it."""
        self._known.add(key)
        return key in self.content

    def value(self, key: str) -> object:
        """Whatever stands under the key; None when it is missing."""
        self._read.add(key)
        self._known.add(key)
        return self.content.get(key)

    def _typed(self, key: str, kind: type[T], word: str, default: T | None) -> T:
        found = self.value(key)
        if found is None and default is not None:
            return default
        if found is None:
            raise InvalidRulesetError(f"`{key}` is missing", where=self.path or None, fix=f"add {key} = {word}")
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
            raise InvalidRulesetError(f"`{found}` is not {word}", where=self.at(key), fix=f"give {word}")
        return found

    def text(self, key: str, default: str | None = None) -> str:
        """A text; required unless a default is given."""
        return self._typed(key, str, "a text in quotes", default)

    def integer(self, key: str, default: int | None = None) -> int:
        """A whole number of 64 bits, as TOML has them."""
        found = self._typed(key, int, "a whole number", default)
        if not -_BEYOND_64_BITS <= found < _BEYOND_64_BITS:
            raise InvalidRulesetError("the number is too large", where=self.at(key), fix="give at most 18 digits")
        return found

    def optional_integer(self, key: str) -> int | None:
        """A whole number, or None when the key is missing."""
        return self.integer(key) if self.has(key) else None

    def number(self, key: str) -> float:
        """A finite number, whole or not."""
        if type(self.value(key)) is int:
            return float(self.integer(key))
        found = self._typed(key, float, "a number", None)
        if not isfinite(found):
            raise InvalidRulesetError(f"`{found}` is not a number", where=self.at(key), fix="give a finite number")
        return found

    def scalar(self, key: str) -> bool | int | float | str:
        """A text, a finite number, true or false; required."""
        found = self.value(key)
        if not isinstance(found, bool | int | float | str) or (isinstance(found, float) and not isfinite(found)):
            what = "expected a text, a number, true or false"
            raise InvalidRulesetError(what, where=self.at(key), fix=f"add {key} = …")
        return found

    def flag(self, key: str, *, default: bool) -> bool:
        """Either true or false."""
        return self._typed(key, bool, "true or false", default)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty when the key is missing."""
        found = self.value(key)
        if found is None:
            return ()
        if not isinstance(found, (list, tuple)) or not all(isinstance(each, str) for each in found):
            raise InvalidRulesetError("expected a list of texts", where=self.at(key), fix='write it like ["a", "b"]')
        return tuple(found)

    def moment(self, key: str) -> datetime | None:
        """A date and time with its offset, as TOML or ISO 8601 text; None when the key is missing."""
        found = self.value(key)
        if found is None:
            return None
        moment = _moment(found)
        if moment is None:
            raise InvalidRulesetError(
                f"`{found}` is not a date and time with an offset", where=self.at(key), fix="write 2027-01-31T00:00:00Z"
            )
        return moment

    def day(self, key: str) -> date | None:
        """A day, as TOML or ISO 8601 text; None when the key is missing."""
        found = self.value(key)
        if found is None:
            return None
        day = _day(found)
        if day is None:
            raise InvalidRulesetError(f"`{found}` is not a day", where=self.at(key), fix="write 2027-01-31")
        return day

    def word(self, key: str, parse: Callable[[str], T], words: tuple[str, ...], default: T | None = None) -> T:
        """One word out of a fixed set."""
        if default is not None and not self.has(key):
            return default
        found = self.text(key)
        try:
            return parse(found)
        except ValueError:
            raise InvalidRulesetError(
                f"`{found}` is not known here", where=self.at(key), fix=f"use one of {', '.join(words)}"
            ) from None

    def table(self, key: str) -> "Table":
        """A table inside; empty when the key is missing."""
        found = self.value(key)
        return Table({} if found is None else found, self.at(key))

    def tables(self, key: str) -> Iterator["Table"]:
        """The tables of a list."""
        found = self.value(key)
        if found is not None and not isinstance(found, (list, tuple)):
            raise InvalidRulesetError("expected a list of tables", where=self.at(key), fix=f"write [[{self.at(key)}]]")
        for index, each in enumerate(found or ()):
            yield Table(each, f"{self.at(key)}[{index}]")

    @contextmanager
    def placing(self) -> Iterator[None]:
        """Name this table as the place of a mistake that does not know where it stands."""
        try:
            yield
        except InvalidRulesetError as error:
            error.where = error.where or self.path or None
            raise

    def finish(self) -> None:
        """Refuse keys nobody read, since a misspelt limit would silently not hold."""
        for key in self.content:
            if key not in self._read:
                near = get_close_matches(key, sorted(self._known), n=1)
                known = ", ".join(sorted(self._known))
                raise InvalidRulesetError(
                    f"`{key}` is not known here",
                    where=self.at(key),
                    fix=f"did you mean `{near[0]}`?" if near else f"use one of {known}",
                )


def _moment(found: object) -> datetime | None:
    """The moment in UTC; None for what is no date and time, has no offset, or lies before the year 1 in UTC."""
    try:
        moment = datetime.fromisoformat(found) if isinstance(found, str) else found
        return moment.astimezone(UTC) if isinstance(moment, datetime) and moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _day(found: object) -> date | None:
    try:
        day = date.fromisoformat(found) if isinstance(found, str) else found
    except ValueError:
        return None
    return day if isinstance(day, date) and not isinstance(day, datetime) else None
