"""Winnow screens leads and governs AI in a CRM: every decision has exact reasons, an owner and a way back."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("winnow-crm")
except PackageNotFoundError:  # running from a source tree that was never installed
    __version__ = "0+unknown"
