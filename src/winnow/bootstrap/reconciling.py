"""Wiring of reconciliation: permits and relayed mail of an installation, and files of other programs."""

from winnow.adapters.db.permitted import StoredPermitted
from winnow.adapters.files.activities import activities_in, activities_in_text
from winnow.bootstrap.consenting import addressed, limits_of, make_ledger
from winnow.bootstrap.service import Service
from winnow.core.govern.identity import AddressKind
from winnow.core.govern.told import Address
from winnow.services.reconcile import ReconcileDesk

__all__ = ["activities_in", "activities_in_text", "make_reconcile"]


def make_reconcile(service: Service) -> ReconcileDesk:
    """What holds reports against the permits of a service."""
    ledger = make_ledger(service)
    return ReconcileDesk(StoredPermitted(service.engine), ledger, _address, ledger.subject, limits_of(service))


def _address(text: str) -> Address | None:
    return addressed(AddressKind.EMAIL if "@" in text else AddressKind.PHONE, text, None)
