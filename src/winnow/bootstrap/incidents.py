"""Wiring of incidents that people deal with."""

from winnow.adapters.db.incident_files import StoredIncidentFiles
from winnow.adapters.db.incidents import StoredIncidents
from winnow.bootstrap.service import Service
from winnow.services.incidents import IncidentDesk


def make_incidents(service: Service) -> IncidentDesk:
    """Where people deal with incidents of a service."""
    files = StoredIncidentFiles(service.engine, service.vault, service.journal)
    stored = StoredIncidents(service.engine, service.journal)
    return IncidentDesk(stored, files, lambda number: service.ledger.decided(number)[0], service.clock, service.new_id)
