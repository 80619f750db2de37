"""How somebody wants pages to look, kept in their browser: theme, language, and whether single keys do anything."""

from dataclasses import dataclass, replace
from typing import Any

from litestar import Request

THEMES = ("auto", "light", "dark")

_COOKIE = "winnow-looks"
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Preferences:
    """What was chosen.

    language: its code; empty: what the browser asks for · blind: scores are hidden until the reasons were opened
    """

    theme: str = "auto"
    language: str = ""
    keys: bool = True
    blind: bool = False

    @property
    def cookie(self) -> str:
        """The header Set-Cookie that remembers it. It says nothing about anybody."""
        said = f"{self.theme}.{self.language}.{'on' if self.keys else 'off'}.{'blind' if self.blind else ''}"
        return f"{_COOKIE}={said}; Path=/; Max-Age={_YEAR}; SameSite=Lax; HttpOnly"


def preferences_of(request: Request[Any, Any, Any], languages: tuple[str, ...]) -> Preferences:
    """What the browser remembers; what makes no sense is left as it is by default."""
    theme, _, rest = request.cookies.get(_COOKIE, "").partition(".")
    language, _, rest = rest.partition(".")
    keys, _, blind = rest.partition(".")
    chosen = Preferences(keys=keys != "off", blind=blind == "blind")
    if theme in THEMES:
        chosen = replace(chosen, theme=theme)
    return replace(chosen, language=language) if language in languages else chosen
