"""The file of a lead: what its page shows, and what can be done there."""

from winnow.services.lead_file.files import COVER, LeadFiles, Sources
from winnow.services.lead_file.told import DecisionRead, Erased, LeadFile

__all__ = ["COVER", "DecisionRead", "Erased", "LeadFile", "LeadFiles", "Sources"]
