"""Reports of what a CRM or a mail server did, held against what was permitted: who went past the gate, how often."""

from winnow.services.reconcile.desk import COLUMNS, ReconcileDesk, key_of
from winnow.services.reconcile.report import NOBODY_SEEN, Report, Sight, User, Workaround

__all__ = ["COLUMNS", "NOBODY_SEEN", "ReconcileDesk", "Report", "Sight", "User", "Workaround", "key_of"]
