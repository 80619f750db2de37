"""Consent on the page of a lead: what stands for its addresses, and a no recorded in two clicks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from litestar import Response, post
from litestar.params import PathParameter

from winnow.bootstrap.desks import Desks
from winnow.core.apikeys import Scope
from winnow.core.govern.consent import Act, Capture, State
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.terms import Channel
from winnow.core.govern.told import Address
from winnow.core.review.reading import View as For
from winnow.errors import InvalidInputError
from winnow.services.consent import By, Recorder, Said
from winnow.services.lead_file import Erased
from winnow.shells.http.access import ThePerson, TheState, also_needs, page
from winnow.shells.http.discretion import may_decide
from winnow.shells.web.consent_words import Row, rows_of
from winnow.shells.web.view import TheForm, TheView

LeadNumber = Annotated[int, PathParameter(ge=0, le=10**18 - 1)]

#: Addresses of a lead that are looked up; more are seldom, and each has a page of its own.
_MOST = 4
#: What a no may be to: the channels, and the kind of address that they go to.
_REFUSED: Final[Mapping[str, tuple[frozenset[AddressKind], tuple[Channel | None, ...]]]] = {
    "email": (frozenset({AddressKind.EMAIL}), (Channel.EMAIL,)),
    "phone": (frozenset({AddressKind.PHONE}), (Channel.PHONE, Channel.SMS)),
    "all": (frozenset(AddressKind), (None,)),
}


@dataclass(frozen=True, slots=True)
class Consented:
    """What stands for one address of a lead.

    known: whether anything was ever recorded · rows: where something was said, as few rows
    """

    address: Address
    subject: int
    known: bool
    rows: tuple[Row, ...]


def consents_of(desks: Desks, lead: Mapping[str, Any]) -> Sequence[Consented]:
    """How things stand for the addresses of a lead; what cannot be somebody's address is left out."""
    desk, found = desks.consent.desk, []
    for address in addresses_of(desks, lead):
        email, phone = (address.text, None) if address.kind is AddressKind.EMAIL else (None, address.text)
        known = desk.search(email, phone, None)
        rows = [row for row in rows_of(known.standings) if row.standing.state is not State.UNKNOWN]
        found.append(Consented(address, known.subject, bool(known.events or known.links), tuple(rows)))
    return found


def addresses_of(desks: Desks, lead: Mapping[str, Any]) -> Sequence[Address]:
    """The addresses of a lead in their one spelling."""
    written = [(email, None) for email in lead.get("emails") or ()]
    written += [(None, phone) for phone in lead.get("phones") or ()]
    found: dict[Address, None] = {}
    for email, phone in written[:_MOST]:
        try:
            found[desks.consent.desk.address(email, phone, lead.get("country"))] = None
        except InvalidInputError:
            continue
    return list(found)


@post(
    "/leads/{number:int}/opt-out",
    opt=page(Scope.CONSENT_WRITE),
    status_code=303,
    sync_to_thread=True,
    include_in_schema=False,
)
def opt_out(
    state_of: TheState, view: TheView, form: TheForm, signed_in: ThePerson, number: LeadNumber
) -> Response[bytes]:
    """They want no mail, no calls, or nothing at all: for all addresses of the lead at once."""
    also_needs(Scope.DECISIONS_READ, signed_in)
    desks = state_of.desks
    reads = For.REVIEWER if Scope.LISTS_READ in signed_in.scopes else For.REP
    file = desks.lead_files.opened(number, signed_in.id, reads, decides=may_decide(signed_in))
    if not isinstance(file, Erased):
        evidence = f"recorded on the page of lead {number}"
        said = _said(desks, addresses_of(desks, file.lead), form.text("to", most=40), evidence)
        desks.consent.desk.record(said, Recorder(signed_in.id, By.PERSON))
    return view.go(f"/leads/{number}", "lead-opted-out")


def _said(desks: Desks, addresses: Sequence[Address], to: str, evidence: str) -> Sequence[Said]:
    """A number without its country may be several people's; as this lead has it, it is refused all the same."""
    if to not in _REFUSED:
        raise InvalidInputError("it is not said what they want no more", where="to", fix="choose one")
    kinds, channels = _REFUSED[to]
    return [
        Said(
            Act.OPT_OUT,
            email=each.text if each.kind is AddressKind.EMAIL else None,
            phone=each.text if each.kind is AddressKind.PHONE and not _unsure(each) else None,
            subject=desks.consent.desk.subject(each) if _unsure(each) else None,
            channel=channel,
            how=Capture.REP,
            evidence=evidence,
        )
        for each in addresses
        if each.kind in kinds
        for channel in channels
    ]


def _unsure(address: Address) -> bool:
    return address.kind is AddressKind.PHONE and not address.text.startswith("+")


PAGES: list[Any] = [opt_out]
