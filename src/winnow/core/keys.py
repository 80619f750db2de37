"""The canonical values by which a lead is found again: in lists, in velocity counts, in duplicates."""

import hashlib
from functools import lru_cache

#: Legal forms of companies, which say nothing about which company it is.
LEGAL_FORMS = frozenset(
    "ab ag bv co corp corporation gmbh inc incorporated kg limited llc llp ltd nv oy plc pty sa sarl sas se spa "
    "srl".split()
)


def email_key(address: str) -> str:
    """The address in lower case without surrounding blanks; nothing else is folded, so no two people are merged."""
    return address.strip().lower()


@lru_cache(maxsize=4096)
def company_key(company: str) -> str:
    """The company's name without case, punctuation and legal form: `Acme, Inc.` and `ACME` are the same."""
    words = "".join(letter if letter.isalnum() else " " for letter in company.casefold()).split()
    kept = [word for word in words if word not in LEGAL_FORMS]
    return " ".join(kept or words)


@lru_cache(maxsize=4096)
def message_key(message: str) -> str:
    """The first 64 bits of the SHA-256 of a message, case and white space folded, as 16 hexadecimal digits."""
    folded = " ".join(message.casefold().split())
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:16]
