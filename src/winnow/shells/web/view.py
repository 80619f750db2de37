"""A page for one request: in the language and theme of whoever looks, with what every page has around it."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from winnow import __version__
from winnow.core.apikeys import Scope
from winnow.core.govern.stop import Stop
from winnow.core.people.accounts import SignedIn
from winnow.shells.http.state import State
from winnow.shells.http.watch import ADMITTED
from winnow.shells.web.environment import environment
from winnow.shells.web.navigation import places_for
from winnow.shells.web.posted import Form
from winnow.shells.web.preferences import preferences_of
from winnow.shells.web.said import SAID
from winnow.shells.web.strip import Strip, StripReader
from winnow.shells.web.trouble_words import stopped
from winnow.shells.web.wording import LANGUAGES, language_for

Asked: TypeAlias = Request[Any, Any, Any]

#: Nothing is loaded from elsewhere, no script but our files runs, nobody puts a page into a frame (CSP Level 3).
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    # Not none at all: with it browsers would call the origin of a form null, and it would not be believed.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}

#: Smaller answers are sent as they are.
_WORTH_PACKING = 1_000
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Shared:
    """What the pages of a service share."""

    state: State
    strip: StripReader
    zone: ZoneInfo
    language: str


class View:
    """Renders for one request.

    me: who signed in; None: nobody has · words: texts, dates and numbers as they read them
    """

    def __init__(self, shared: Shared, request: Asked) -> None:
        caller = request.scope.get(ADMITTED)
        self.me = caller if isinstance(caller, SignedIn) else None
        self.looks = preferences_of(request, tuple(LANGUAGES))
        language = language_for(self.looks.language, request.headers.get("accept-language", ""), shared.language)
        self._templates, self.words = environment(language, shared.zone)
        self._shared = shared
        self._request = request

    @property
    def who(self) -> SignedIn:
        """Who signed in, on pages where somebody has."""
        assert self.me is not None  # noqa: S101  # the gate let nobody else in
        return self.me

    @property
    def partial(self) -> bool:
        """Whether a script asks, which puts what it gets into the page that is there."""
        return "hx-request" in self._request.headers

    @property
    def address(self) -> str:
        """The address of this service, as the browser knows it."""
        url = self._request.base_url
        return f"{url.scheme}://{url.netloc}"

    @cached_property
    def strip(self) -> Strip:
        """The state of the service as every page tells it; the same all through a request."""
        return self._shared.strip.strip()

    @property
    def strip_version(self) -> str:
        """What tells an open page whether it shows the strip as it is."""
        return self.strip.version(int(self._shared.state.clock.now().timestamp()) // _MINUTE)

    def span(self, seconds: float) -> str:
        """A length of time in words."""
        return self.words.lasting(timedelta(seconds=seconds))

    def stopped(self, stop: Stop) -> str:
        """What a stop is of, in words."""
        return stopped(self.words, stop.scope, stop.target)

    def can(self, scope: Scope | str) -> bool:
        """Whether whoever looks may do something."""
        return self.me is not None and Scope(scope) in self.me.scopes

    def page(
        self,
        template: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **shown: Any,  # noqa: ANN401  # whatever the template takes
    ) -> Response[bytes]:
        """A page, or the piece of one that a script asked for; `shown` is what its template is given."""
        return self._answer(self._rendered(template, shown), status, headers)

    def go(self, path: str, said: str = "", headers: Mapping[str, str] | None = None) -> Response[bytes]:
        """Send the browser to another page of ours, which says what was done; see `said.SAID`."""
        there = f"{path}{'&' if '?' in path else '?'}said={said}" if said else path
        if self.partial:
            return Response(b"", status_code=200, headers={**_HEADERS, **(headers or {}), "hx-redirect": there})
        return Response(b"", status_code=303, headers={**_HEADERS, **(headers or {}), "location": there})

    def foreign(self, text: str, policy: str) -> Response[bytes]:
        """A page that was made elsewhere and is shown as it is, under a policy of its own."""
        return self._answer(text.encode(errors="replace"), 200, {"content-security-policy": policy})

    def _rendered(self, template: str, shown: Mapping[str, Any]) -> bytes:
        request, me = self._request, self.me
        around = {
            "view": self,
            "me": me.person if me else None,
            "can": self.can,
            "places": list(places_for(me.scopes)) if me else [],
            "here": request.url.path,
            "strip": self.strip if me else None,
            "now": self._shared.state.clock.now(),
            "said": SAID.get(request.query_params.get("said", "")),
            "languages": LANGUAGES,
            "version": __version__,
            "demo": self._shared.state.service.demo,
            "form": Form({}),
            "failure": None,
        }
        return self._templates.get_template(template).render({**around, **shown}).encode(errors="replace")

    def _answer(self, body: bytes, status: int, headers: Mapping[str, str] | None) -> Response[bytes]:
        said = {**_HEADERS, **(headers or {}), "vary": "accept-encoding, cookie, hx-request"}
        if len(body) > _WORTH_PACKING and "gzip" in self._request.headers.get("accept-encoding", ""):
            body, said["content-encoding"] = gzip.compress(body, 5), "gzip"
        return Response(body, status_code=status, headers=said, media_type="text/html")


#: What page handlers may ask for by the parameter names `view` and `form`.
TheView: TypeAlias = NamedDependency[SkipValidation[View]]
TheForm: TypeAlias = NamedDependency[SkipValidation[Form]]
