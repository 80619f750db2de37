"""What a public form is told: always the same, so that nobody can find out by trying what is let through."""

from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from winnow.errors import InvalidInputError
from winnow.shells.http.problem import Answer, Headers

_TEXT = b"Thank you. Your message has been received.\n"
_HEADERS: Headers = (
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
)
_ANY = "*"
_DAY = b"86400"


@dataclass(frozen=True, slots=True)
class PublicForm:
    """A place on the web that sends leads without a key.

    source: what its leads name as their source
    origins: pages whose scripts may read the answer, as `https://www.example.com`; `*` is all pages
    thanks: the page a visitor is sent to after sending the form; None shows a line of text
    """

    source: str
    origins: frozenset[str] = frozenset()
    thanks: str | None = None

    def __post_init__(self) -> None:
        for origin in self.origins - {_ANY}:
            parts = _address(origin, "origins")
            if origin != f"{parts[0]}://{parts[1]}":
                raise InvalidInputError(
                    f"`{origin}` is not an origin", where="origins", fix="write it like https://www.example.com"
                )
        if self.thanks is not None:
            _address(self.thanks, "thanks")

    def answer(self, origin: bytes | None) -> Answer:
        """The answer to every post, whatever was sent and whatever became of it."""
        if self.thanks is None:
            return Answer(202, (*_HEADERS, *self._cors(origin)), _TEXT)
        location = (b"location", self.thanks.encode("ascii"))
        return Answer(303, (*_HEADERS, location, *self._cors(origin)), _TEXT)

    def preflight(self, origin: bytes | None) -> Answer:
        """The answer to a browser that asks whether a script may post here (Fetch standard, CORS preflight)."""
        allowed = self._cors(origin)
        if len(allowed) > 1:
            allowed += (
                (b"access-control-allow-methods", b"POST"),
                (b"access-control-allow-headers", b"content-type"),
                (b"access-control-max-age", _DAY),
            )
        return Answer(204, allowed, b"")

    def _cors(self, origin: bytes | None) -> Headers:
        """Which page may read the answer; never with its visitor's cookies."""
        vary = (b"vary", b"origin")
        if _ANY in self.origins:
            return (vary, (b"access-control-allow-origin", b"*"))
        if origin is not None and origin.decode("latin-1") in self.origins:
            return (vary, (b"access-control-allow-origin", origin))
        return (vary,)


def _address(text: str, where: str) -> tuple[str, str]:
    """Scheme and host of a web address; raises InvalidInputError for anything else."""
    with suppress(ValueError):
        parts = urlsplit(text)
        if parts.scheme in {"http", "https"} and parts.hostname and parts.username is None and _plain(text):
            return parts.scheme, parts.netloc
    raise InvalidInputError(
        f"`{text[:80]}` is not a web address", where=where, fix="write it like https://www.example.com/thanks"
    )


def _plain(text: str) -> bool:
    """Whether it can stand in a header as it is."""
    return text.isascii() and text.isprintable() and " " not in text
