"""What is different when a browser asks: a cookie instead of a key, and pages elsewhere that make it ask.

Over https the cookie is `__Host-winnow`: browsers take it from this very host only, never from a sibling's or a
parent's domain and never over plain http. Over plain http browsers refuse such a name, so there it is `winnow`, and
only where nothing travels through a network: the asker and the address asked are both this machine. Anywhere else
without https nobody can sign in, as whoever listens would be signed in as well.
"""

from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from winnow.errors import NotAllowedError
from winnow.shells.http.asgi import AsgiScope, client_of

SECURE_COOKIE, LOCAL_COOKIE = "__Host-winnow", "winnow"
#: Methods that change nothing, by which browsers follow links (RFC 9110 section 9.2.1).
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_LONGEST = 4096
#: With one of these a proxy passes a request on, so the address it comes from is not the asker's.
_FORWARDED = (b"forwarded", b"x-forwarded-for", b"x-real-ip", b"via")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def cookie_name(scope: AsgiScope) -> str | None:
    """What the cookie of a session is called in this request; None where there can be none."""
    if scope.get("scheme") == "https":
        return SECURE_COOKIE
    return LOCAL_COOKIE if _never_leaves(scope) else None


def session_token(scope: AsgiScope) -> str | None:
    """The id of a session that a browser sent; None when it sent none."""
    name = cookie_name(scope)
    return None if name is None else cookie_value(scope, name)


def cookie_value(scope: AsgiScope, name: str) -> str | None:
    """The value of a cookie that a browser sent; None when it sent none of this name."""
    for header in _values(scope, b"cookie"):
        for pair in header[:_LONGEST].split(";"):
            key, _, value = pair.strip().partition("=")
            if key == name:
                return value
    return None


def new_cookie(scope: AsgiScope, token: str) -> str:
    """The header Set-Cookie of a session; raises NotAllowedError where it would be sent in the clear.

    It ends with the browser, and no script can read it (RFC 6265bis section 4.1).
    """
    name = cookie_name(scope)
    if name is None:
        raise NotAllowedError(
            "nobody can sign in over plain http",
            fix="use https, and name the proxy that ends it in `serve.proxies`; or sign in on this machine",
        )
    secure = "; Secure" if name == SECURE_COOKIE else ""
    return f"{name}={token}; Path=/; HttpOnly; SameSite=Lax{secure}"


def ended_cookie(scope: AsgiScope) -> str:
    """The header Set-Cookie that takes it away."""
    return f"{new_cookie(scope, '')}; Max-Age=0"


def need_own_page(scope: AsgiScope) -> None:
    """Raise NotAllowedError unless a page of this very service made the browser ask.

    Browsers say where a request comes from (Fetch Metadata: Sec-Fetch-Site; RFC 6454: Origin), and pages cannot keep
    them from it. Both must agree if both are there; if neither is, nothing is known, and that is not enough.
    """
    sites, origins = list(_values(scope, b"sec-fetch-site")), list(_values(scope, b"origin"))
    own = all(site == "same-origin" for site in sites) and all(_is_own(origin, scope) for origin in origins)
    if not own or not (sites or origins):
        raise NotAllowedError(
            "this request does not come from a page of this service",
            where="Origin",
            fix="ask from a page of the service; a program sends `Origin`, or better a key instead of a cookie; "
            "a proxy has to pass `Host` on",
        )


def _is_own(origin: str, scope: AsgiScope) -> bool:
    hosts = list(_values(scope, b"host"))
    own = _origin(f"{scope.get('scheme')}://{hosts[0]}") if len(hosts) == 1 else None
    return own is not None and _origin(origin) == own


def _origin(text: str) -> tuple[str, str, int] | None:
    """Scheme, host and port (RFC 6454 section 4); None for `null` and everything else that is none."""
    try:
        parts = urlsplit(text)
        port = parts.port or _DEFAULT_PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None
    if not parts.hostname or parts.path or parts.query or parts.fragment or parts.username is not None:
        return None
    return parts.scheme, parts.hostname, port


def _never_leaves(scope: AsgiScope) -> bool:
    """Whether the request stays on this machine, whatever name it was asked by, and no proxy brought it in."""
    hosts = list(_values(scope, b"host"))
    asked = _origin(f"http://{hosts[0]}") if len(hosts) == 1 else None
    if asked is None or any(True for name in _FORWARDED for _ in _values(scope, name)):
        return False
    return _is_loopback(client_of(scope)) and (asked[1] == "localhost" or _is_loopback(asked[1]))


def _is_loopback(text: str) -> bool:
    try:
        return ip_address(text).is_loopback
    except ValueError:
        return False


def _values(scope: AsgiScope, wanted: bytes) -> Iterable[str]:
    return (value.decode("latin-1") for name, value in scope["headers"] if name.lower() == wanted)
