"""What somebody typed into a form, as a browser sends it (URL Standard, application/x-www-form-urlencoded)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any
from urllib.parse import parse_qs

from litestar import Request

from winnow.core.mapping.clean import storable
from winnow.errors import InvalidInputError

MOST_FIELDS = 2_000
_LONGEST = 20_000
#: Longer whole numbers do not fit into 63 bits.
_MOST_DIGITS = 18


class Form:
    """Fields by name; texts are without blanks around them and without what no database takes."""

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        self._fields = fields

    def text(self, name: str, *, most: int = _LONGEST) -> str:
        """A text, empty when it was left empty; raises InvalidInputError when it is too long."""
        value = storable((self._fields.get(name) or [""])[0]).strip()
        if len(value) > most:
            raise InvalidInputError(f"longer than {most:,} characters", where=name, fix="shorten it")
        return value

    def secret(self, name: str) -> str:
        """A password: exactly as it was typed."""
        return (self._fields.get(name) or [""])[0]

    def texts(self, name: str) -> list[str]:
        """All values of a field that may occur more than once, without empty ones."""
        return [text for each in self._fields.get(name, ()) if (text := storable(each).strip())]

    def flag(self, name: str) -> bool:
        """Whether a box was ticked."""
        return name in self._fields

    def number(self, name: str) -> int | None:
        """A whole number, None when it was left empty; raises InvalidInputError."""
        text = self.text(name)
        if not text:
            return None
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS):
            raise InvalidInputError(f"`{text[:40]}` is no whole number", where=name, fix="use digits only")
        return int(text)

    def day(self, name: str, zone: tzinfo) -> datetime | None:
        """The beginning of a day, None when it was left empty; raises InvalidInputError."""
        text = self.text(name, most=40)
        if not text:
            return None
        try:
            return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=zone).astimezone(UTC)
        except ValueError:
            raise InvalidInputError(f"`{text}` is no day", where=name, fix="write it like 2026-11-22") from None

    @property
    def typed(self) -> Mapping[str, str]:
        """What to show again when something was wrong; never a secret."""
        return {name: values[0] for name, values in self._fields.items() if "password" not in name and values}


async def posted(request: Request[Any, Any, Any]) -> Form:
    """The form of a request; one without a form has no fields. Raises InvalidInputError."""
    body = await request.body()
    try:
        fields = parse_qs(
            body.decode("ascii"), keep_blank_values=True, strict_parsing=bool(body), errors="strict",
            max_num_fields=MOST_FIELDS,
        )  # fmt: skip
    except ValueError:
        raise InvalidInputError("this is not what a form sends", fix="reload the page and send it again") from None
    return Form(fields)
