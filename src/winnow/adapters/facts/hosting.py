"""The offline table of rented servers, consumer VPNs, Tor exits and privacy relays that works without any set-up.

It is read from the package `iporigin`, which compiles the ranges that operators publish. What the
package says is narrowed to what can be said about a person behind the address:

- a delivery network (Cloudflare, Akamai, Fastly …) says nothing: warm-up traffic of relays and
  sites that recorded their own proxy instead of the visitor end up there
- a carrier that also sells servers (Cogent) says nothing: whole offices lie behind it
- Apple's Private Relay is a relay, not the VPN the package calls it
- crawlers run on rented servers
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import starmap

from iporigin import _data

from winnow.adapters.facts.ranges import Ranges, Span
from winnow.adapters.facts.sources import packaged
from winnow.errors import WinnowError

_CLASS_OF_KIND = {"hosting": "hosting", "bot": "hosting", "vpn": "vpn", "tor": "tor"}
_CLASS_OF_OPERATOR = {"Apple Private Relay": "relay", "Cogent": None, "DataCamp": "hosting"}


class Hosting:
    """The class of an address by the ranges its operator publishes."""

    def __init__(self) -> None:
        try:
            table = _data.dataset()  # type: ignore[no-untyped-call]  # the package has no types
            classes = list(starmap(_class_of, table.labels))
            self.v4 = Ranges(_spans(table.v4_starts, table.v4_ends, [classes[label] for label in table.v4_labels]))
            self.v6 = Ranges(_spans(table.v6_starts, table.v6_ends, [classes[label] for label in table.v6_labels]))
            made = dt.datetime.fromtimestamp(table.built_at, dt.UTC).date()
        except (AttributeError, TypeError, ValueError, OSError, _data.DatasetError) as error:
            raise WinnowError(
                f"the address table of the package `iporigin` cannot be read: {error}",
                fix="install the edition that winnow-crm was tested with",
            ) from error
        self.source = packaged("iporigin", made.isoformat())


def _class_of(operator: str, kind: str) -> str | None:
    return _CLASS_OF_OPERATOR[operator] if operator in _CLASS_OF_OPERATOR else _CLASS_OF_KIND.get(kind)


def _spans(firsts: Sequence[int], lasts: Sequence[int], classes: Sequence[str | None]) -> Iterator[Span]:
    """Neighbours of one class joined; what says nothing left out."""
    open_span: Span | None = None
    for first, last, ip_class in zip(firsts, lasts, classes, strict=True):
        if open_span is not None and open_span[1] + 1 == first and open_span[2] == ip_class:
            open_span = (open_span[0], last, open_span[2])
            continue
        if open_span is not None:
            yield open_span
        open_span = (first, last, ip_class) if ip_class is not None else None
    if open_span is not None:
        yield open_span
