"""One spelling for each address, so that a no to one spelling is a no to all; never one for two people.

Folded is only what the provider of a mailbox says in public that it ignores, and what a telephone number itself says.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class AddressKind(StrEnum):
    """What kind of address somebody is known by."""

    EMAIL = "email"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Mailboxes:
    """What a provider ignores in the part before the `@`: some signs, and all from a tag's sign on.

    domain: the name its domains share · ignored: signs that make no difference · tag: where a tag begins
    source: where the provider says so
    """

    domain: str
    ignored: str
    tag: str
    source: str


def _tagged(domain: str, source: str) -> Mailboxes:
    return Mailboxes(domain, "", "+", source)


_GMAIL = Mailboxes("gmail.com", ".", "+", "support.google.com/mail: dots do not matter, aliases, googlemail.com")
_OUTLOOK, _PROTON = "support.microsoft.com: plus addresses of Outlook.com", "proton.me/support/addresses-and-aliases"

#: Providers by domain; two domains are one only where every account has both. What is not said in public is not here.
PROVIDERS: Mapping[str, Mailboxes] = {
    "gmail.com": _GMAIL,
    "googlemail.com": _GMAIL,
    **{domain: _tagged(domain, _OUTLOOK) for domain in ("outlook.com", "hotmail.com")},
    **{domain: _tagged(domain, _PROTON) for domain in ("proton.me", "protonmail.com", "pm.me")},
    "fastmail.com": _tagged("fastmail.com", "fastmail.help: plus addressing"),
}

_LITERAL = "["
_LINK = "mailto:"
#: Signs that nobody sees and that come along when an address is copied: they are no part of it.
_UNSEEN = dict.fromkeys(
    (
        *(0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), 0x200B, 0x200E, 0x200F),
        *(*range(0x202A, 0x202F), *range(0x2060, 0x2070), 0x3164, *range(0xFE00, 0xFE10), 0xFEFF, 0xFFA0),
        *range(0xE0000, 0xE1000),
    )
)
#: Full stops of other scripts, which stand between the parts of a domain (RFC 3490 section 3.1).
_STOPS = str.maketrans("\u3002\uff0e\uff61", "...")
_LONGEST_LABEL = 63
#: Quotes, comments, routes and lists of several may reach somebody whose own address is written otherwise.
_PLAIN = re.compile(r'[^\s"(),:;<>@\[\\\]%!]+@[a-z0-9_-]+(?:\.[a-z0-9_-]+)*')


def email_identity(text: str) -> str:
    """The one spelling of an e-mail address; of what is no address, itself in small letters.

    Small letters, the domain in ASCII (RFC 3492), quotes taken off where they say nothing (RFC 5321 section 4.1.2),
    and what the provider ignores taken out.
    """
    text = bare(text)
    local, at, domain = text.rpartition("@")
    if not at or not local or not domain:
        return unicodedata.normalize("NFC", text.lower())
    host = _host(domain)
    name = _unquoted(unicodedata.normalize("NFC", local.strip()).lower())
    rules = PROVIDERS.get(host)
    if rules is None or name.startswith('"'):
        return f"{name}@{host}"
    return f"{_folded(name, rules)}@{rules.domain}"


def is_plain(identity: str) -> bool:
    """Whether an e-mail address, in its one spelling, is one address, and the same one to every mail program."""
    return _PLAIN.fullmatch(identity) is not None and identity.isprintable()


def bare(text: str) -> str:
    """An address without what is around it: a name and angle brackets, `mailto:`, blanks, signs that nobody sees."""
    while True:
        inner = text.translate(_UNSEEN).strip()
        if inner.endswith(">"):
            inner = inner[:-1].rpartition("<")[2]
        inner = inner.strip("<>")
        if inner[: len(_LINK)].lower() == _LINK:
            inner = inner[len(_LINK) :]
        if inner == text:
            return text
        text = inner


def _folded(name: str, rules: Mailboxes) -> str:
    """A name of which nothing would be left stays as it is."""
    bare = name.partition(rules.tag)[0]
    for sign in rules.ignored:
        bare = bare.replace(sign, "")
    return bare or name


def _unquoted(name: str) -> str:
    inner = name[1:-1]
    quoted = len(name) > 2 and name[0] == name[-1] == '"'  # noqa: PLR2004  # two quotes and something in between
    plain = inner and not set(inner) & set(' "\\(),:;<>@[]') and ".." not in inner and "." not in {inner[0], inner[-1]}
    return inner if quoted and plain else name


def _host(domain: str) -> str:
    domain = domain.strip().translate(_STOPS).lower().rstrip(".")
    if domain.isascii() or domain.startswith(_LITERAL):
        return domain
    return ".".join(map(_label, domain.split(".")))


def _label(label: str) -> str:
    """A part of a domain in ASCII; letters such as `ß`, which are other names than `ss`, are kept (RFC 5891)."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", label).lower())
    if folded.isascii():
        return folded
    made = "xn--" + folded.encode("punycode", "replace").decode("ascii")
    return made if len(made) <= _LONGEST_LABEL else folded


#: What begins an extension, which rings behind the same number.
_EXTENSION = ("ext", "x", "#", ";", ",")
#: Trunk digits as they are written into international numbers: `+49 (0)30`.
_TRUNK = "(0)"
_MOST_DIGITS = 15


def phone_identity(text: str) -> str:
    """The one spelling of a telephone number: E.164 if it says its country, else its digits as they stand.

    Numbers without a country are never made one with those of a country: in two countries they are two people's.
    """
    number = unicodedata.normalize("NFKC", text.translate(_UNSEEN)).strip().lower().removeprefix("tel:")
    for sign in _EXTENSION:
        number = number.partition(sign)[0]
    number = number.strip()
    international = number.startswith(("+", "00"))
    if international:
        number = number.replace(_TRUNK, "", 1)
    digits = "".join(str(int(each)) for each in number if each.isdecimal())
    if number.startswith("00"):
        digits = digits[2:]
    if not digits:
        return text.strip().lower()
    return f"+{digits}" if international and len(digits) <= _MOST_DIGITS else digits


def identity_of(kind: AddressKind, text: str) -> str:
    """The one spelling of an address of a kind."""
    return email_identity(text) if kind is AddressKind.EMAIL else phone_identity(text)
