"""The policy in force, the law packs behind it, what the law changes and whom that touches, and one that is to come."""

from winnow.services.policy.desk import (
    Checked,
    Difference,
    Impact,
    PolicyDesk,
    PolicyInForce,
    SystemTouched,
    touches,
)
from winnow.services.policy.reach import DAYS, LeadTouched, Reach, SendTouched, Touched

__all__ = [
    "DAYS",
    "Checked",
    "Difference",
    "Impact",
    "LeadTouched",
    "PolicyDesk",
    "PolicyInForce",
    "Reach",
    "SendTouched",
    "SystemTouched",
    "Touched",
    "touches",
]
