"""Requests to send: sample leads as the API takes them, with places where the sender writes numbers of its own.

`~f~` begins a new lead and becomes its number, `~n~` becomes the same number again, `~i~` an address made of it. So
every lead has an id, an e-mail address, an IP address and a message that nobody sent before.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from winnow import demo

#: Leads in one body of the batch endpoint.
BATCH = 500
#: What the demo knows and no sender would.
_NOT_SENT = frozenset({"received_at", "synthetic", "story", "label"})
_NUMBERS = {"form_fill_seconds": float, "form_pasted_fields": int, "form_focus_changes": int}
_BOOLEANS = frozenset({"form_honeypot", "consent_given"})


def body_files(folder: Path, leads: int = 20_000) -> tuple[Path, Path]:
    """Files with a body a line, for one lead each and for BATCH leads each; made once."""
    single, batch = folder / f"bodies-{leads}.jsonl", folder / f"batches-{leads}.jsonl"
    if not (single.exists() and batch.exists()):
        folder.mkdir(parents=True, exist_ok=True)
        texts = [json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in documents(leads)]
        single.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
        starts = range(0, len(texts), BATCH)
        whole = [f'{{"leads":[{",".join(texts[start : start + BATCH])}]}}\n' for start in starts]
        batch.write_text("".join(whole), encoding="utf-8")
    return single, batch


def documents(leads: int) -> Iterator[dict[str, Any]]:
    """Leads as the API takes them, with the places to fill in."""
    for row in demo.rows(leads=leads):
        known: dict[str, Any] = {
            name: _value(name, text) for name, text in row.items() if text and name not in _NOT_SENT
        }
        utm = {name.removeprefix("utm_"): known.pop(name) for name in list(known) if name.startswith("utm_")}
        known |= {"id": "b~f~", "ip": "~i~", **({"utm": utm} if utm else {})}
        local, _, domain = str(known.pop("email", "nobody@demo.example")).partition("@")
        known["emails"] = [f"{local}.~n~@{domain}"]
        if "phone" in known:
            known["phones"] = [known.pop("phone")]
        known["message"] = f"{known.get('message', 'Please call me back')} (~n~)"
        yield known


def _value(name: str, text: str) -> str | float | bool:
    if name in _BOOLEANS:
        return text == "true"
    return _NUMBERS[name](text) if name in _NUMBERS else text


def filled(body: str, number: int) -> tuple[str, int]:
    """A body with its places filled in, and the number of its last lead; load.lua does the same."""
    head, *parts = body.split("~f~")
    texts = [head]
    for part in parts:
        number += 1
        texts.append(f"{number}{part.replace('~n~', str(number)).replace('~i~', address(number))}")
    return "".join(texts), number


def address(number: int) -> str:
    """A public IPv4 address of its own network for each number below 9.8 million."""
    return f"{23 + number % 150}.{number // 150 % 256}.{number // 38_400 % 256}.{1 + number % 250}"
