"""Consent: recorded and asked about, in and out of files, and by the links that people follow."""

from winnow.services.consent.desk import MOST_EVENTS, By, ConsentDesk, For, Known, Recorder, Said
from winnow.services.consent.files import COLUMNS, EXPORTED, ConsentFiles, Imported, Noted
from winnow.services.consent.links import ConsentLinks, Unsubscribing

__all__ = [
    "COLUMNS",
    "EXPORTED",
    "MOST_EVENTS",
    "By",
    "ConsentDesk",
    "ConsentFiles",
    "ConsentLinks",
    "For",
    "Imported",
    "Known",
    "Noted",
    "Recorder",
    "Said",
    "Unsubscribing",
]
