"""Mail that left through the gate: what left for whom under which permit, each time a leaf of the decision log."""

from datetime import datetime

from sqlalchemy import Engine, insert, select

from winnow.adapters.db.connections import reading, writing
from winnow.adapters.db.consent_rows import subject_of_address
from winnow.adapters.db.log import Change, Journal
from winnow.adapters.db.mail_tables import relayed_mail
from winnow.adapters.db.moments import micros
from winnow.adapters.db.vault import Vault
from winnow.core.govern.identity import AddressKind, email_identity
from winnow.core.govern.told import Address
from winnow.ports.outgoing import Relayed

#: What the log calls a message that left.
KIND = "mail.relayed"


class StoredRelays:
    """See the port RelayStore."""

    def __init__(self, engine: Engine, vault: Vault, journal: Journal) -> None:
        self._engine = engine
        self._vault = vault
        self._journal = journal

    def left(self, address: str, message: bytes, since: datetime) -> bool:
        """Whether the same message left for this address before."""
        mail = relayed_mail.c
        same = (mail.subject == self._subject(address)) & (mail.message == self._message(message, address))
        known = select(mail.id).where(same, mail.at >= micros(since))
        with reading(self._engine) as connection:
            return connection.execute(known.limit(1)).first() is not None

    def add(self, relayed: Relayed) -> None:
        """Record it, in the decision log too."""
        sender = relayed.sender
        said = {"system": sender.system, "purpose": sender.purpose}
        change = Change(KIND, sender.actor, relayed.permit, said)
        with writing(self._engine) as connection:
            number = self._journal.note(connection, change, relayed.at)
            row = {
                "id": number,
                "at": micros(relayed.at),
                "subject": self._subject(relayed.address),
                "message": self._message(relayed.message, relayed.address),
                "actor": sender.actor,
                "system": sender.system,
                "purpose": sender.purpose,
                "permit": relayed.permit,
            }
            connection.execute(insert(relayed_mail), row)

    def _subject(self, address: str) -> int:
        return subject_of_address(self._vault, Address(AddressKind.EMAIL, email_identity(address)))

    def _message(self, digest: bytes, address: str) -> int:
        """By the address as it was written, since two spellings of one person may well be two mailboxes to a server."""
        return self._vault.hashed("relayed message", f"{digest.hex()} {address}")
