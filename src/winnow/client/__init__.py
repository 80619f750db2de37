"""Talk to a Winnow service from Python: two clients, one for threads and one for asyncio, with typed answers.

Needs nothing of the service itself. How to use it: docs/client.md.
"""

from winnow.client.asynchronous import AsyncClient
from winnow.client.errors import ClientError, UnsendableError, WinnowApiError, WinnowUnavailableError
from winnow.client.leads import Lead
from winnow.client.results import (
    Alternative,
    Change,
    Decision,
    Explanation,
    Feedback,
    Health,
    ListEntry,
    Reason,
    Receipt,
    RulesetName,
    Spooled,
    Step,
    StoredLead,
)
from winnow.client.synchronous import Client

__all__ = [
    "Alternative",
    "AsyncClient",
    "Change",
    "Client",
    "ClientError",
    "Decision",
    "Explanation",
    "Feedback",
    "Health",
    "Lead",
    "ListEntry",
    "Reason",
    "Receipt",
    "RulesetName",
    "Spooled",
    "Step",
    "StoredLead",
    "UnsendableError",
    "WinnowApiError",
    "WinnowUnavailableError",
]
