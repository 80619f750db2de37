"""Finds columns that know the future: what is written down after the outcome is no help before it."""

from winnow.core.learning.leaks.names import suspicious_name
from winnow.core.learning.leaks.verdicts import Suspicion, Verdict, suspicions

__all__ = ["Suspicion", "Verdict", "suspicions", "suspicious_name"]
