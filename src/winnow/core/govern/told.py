"""What somebody tells about contact before it is recorded, and what a lead tells by itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from winnow.core.govern.consent import EXPRESS, ONCE_CONFIRMED, Act, Capture
from winnow.core.govern.identity import AddressKind, email_identity, phone_identity
from winnow.core.govern.limits import Limits, PurposeKind, Reach, Wording
from winnow.core.govern.terms import Channel
from winnow.core.lead import Lead

#: What programs write for a time that nobody knows lies before it: 1970, 1900, the year 1.
_FIRST_YEAR = 1990

#: Digits of the hash that tells one edition of a wording from the next.
_DIGITS = 12

#: What the Global Privacy Control is a no to whatever a policy says (11 CCR § 7025).
_ALWAYS = Reach(Channel.ADS)

#: Channels that go to a telephone number; all others are known by the e-mail address if there is one.
_BY_PHONE = frozenset({Channel.PHONE, Channel.SMS})


@dataclass(frozen=True, slots=True)
class Address:
    """An address in its one spelling, see winnow.core.govern.identity."""

    kind: AddressKind
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """Something that is to be recorded; the fields are those of ConsentEvent.

    about: an address, or the keyed hash of one · lead: the number of the lead that said it
    """

    about: Address | int
    act: Act
    how: Capture
    channel: Channel | None = None
    purpose: str | None = None
    basis: str | None = None
    wording: str | None = None
    evidence: str | None = None
    occurred_at: datetime | None = None
    expires_at: datetime | None = None
    lead: int | None = None


def wording_edition(wording: Wording) -> str:
    """The id of a wording with the beginning of the SHA-256 of its text: a changed text is another edition."""
    return f"{wording.id}@{sha256(wording.text.encode('utf-8', 'surrogatepass')).hexdigest()[:_DIGITS]}"


def basis_of(wording: Wording) -> str:
    """What a yes to a wording rests on."""
    return ONCE_CONFIRMED if wording.confirm else EXPRESS


def time_of_no(at: datetime | None) -> datetime | None:
    """When somebody said no; None, which lets it count from now on, for a time that cannot be true."""
    return None if at is None or at.year < _FIRST_YEAR else at


def says_something(lead: Lead) -> bool:
    """Whether a lead tells anything about contact; most do not."""
    return lead.consent_given is not None or lead.gpc is True


def told_by(lead: Lead, e164: str | None, limits: Limits, *, believed: bool) -> tuple[Told, ...]:
    """What a lead tells about contact: a yes to a known wording, a no, a browser that asks not to be tracked.

    e164: of its first telephone number, if that is known
    believed: False for what was rejected: its no counts, its yes does not, since anybody may type in any address
    A yes to words nobody knows is none. A no to them is one to every purpose that is not what the person asked for.
    """
    if not says_something(lead):
        return ()
    addresses = _addresses(lead, e164)
    wording = None if lead.consent_wording is None else limits.wording(lead.consent_wording)
    told: list[Told] = []
    if lead.consent_given is True and wording is not None and believed and not lead.form_honeypot:
        told += _yes(lead, wording, addresses)
    if lead.consent_given is False:
        for channel, purpose in _refused(wording, limits):
            told += [_no(each, lead, Capture.FORM, channel, purpose, wording) for each in addresses]
    if lead.gpc:
        for reach in dict.fromkeys((_ALWAYS, *limits.gpc_covers)):
            told += [_no(each, lead, Capture.SIGNAL, *reach, None) for each in addresses]
    return tuple(told)


def _addresses(lead: Lead, e164: str | None) -> tuple[Address, ...]:
    phones = [phone_identity(each) for each in lead.phones]
    if phones and e164 is not None:
        phones[0] = e164
    emails = [Address(AddressKind.EMAIL, email_identity(each)) for each in lead.emails]
    return tuple(dict.fromkeys((*emails, *[Address(AddressKind.PHONE, each) for each in phones])))


def _yes(lead: Lead, wording: Wording, addresses: tuple[Address, ...]) -> Iterator[Told]:
    """A yes is for the first address that the channel goes to, and for no other."""
    for channel in sorted(wording.channels):
        kind = AddressKind.PHONE if channel in _BY_PHONE else AddressKind.EMAIL
        fitting = [each for each in addresses if each.kind is kind]
        if channel in {Channel.CHAT, Channel.POST, Channel.ADS}:
            fitting = fitting or list(addresses)
        for address in fitting[:1]:
            yield Told(
                about=address,
                act=Act.GRANT,
                how=Capture.FORM,
                channel=channel,
                purpose=wording.purpose,
                basis=basis_of(wording),
                wording=wording_edition(wording),
                occurred_at=lead.occurred_at,
            )


def _refused(wording: Wording | None, limits: Limits) -> list[tuple[Channel | None, str | None]]:
    if wording is not None:
        return [(channel, wording.purpose) for channel in sorted(wording.channels)]
    return [(None, each.name) for each in limits.purposes if each.kind is not PurposeKind.SERVICE]


def _no(  # the parts of one event
    address: Address, lead: Lead, how: Capture, channel: Channel | None, purpose: str | None, wording: Wording | None
) -> Told:
    """What a stranger wrote for a wording's id is not kept unless it is one: it could be anything, a name included."""
    read = None if wording is None else wording_edition(wording)
    return Told(address, Act.OPT_OUT, how, channel, purpose, wording=read, occurred_at=time_of_no(lead.occurred_at))
