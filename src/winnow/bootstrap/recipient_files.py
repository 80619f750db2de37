"""Files of people somebody wants to reach, as lines of CSV or JSON, and the answer of the gate as one of them."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from winnow.adapters.files.cells import csv_cell
from winnow.bootstrap.gatekeeping import recipient
from winnow.core.govern.ask import Refusal
from winnow.core.govern.identity import AddressKind
from winnow.errors import InvalidInputError
from winnow.ports.gate import Recipient
from winnow.services.gatekeep import MOST_ASKED, Given

COLUMNS = ("email", "phone", "place", "timezone")
_ANSWERED = ("email", "phone", "answer", "id", "checks", "reason", "fix", "token")
_JSON_LINES = frozenset({".jsonl", ".ndjson"})


def recipients_in(path: Path) -> list[Recipient]:
    """The people of a file; raises InvalidInputError with file and line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = _json_lines(file, path) if path.suffix in _JSON_LINES else _csv_rows(csv.DictReader(file), path)
            found = [_recipient(row, f"{path}:{number}") for number, row in rows]
    except OSError as error:
        raise InvalidInputError(f"cannot be read: {error.strerror}", where=str(path), fix="check the path") from None
    except (UnicodeDecodeError, csv.Error):
        raise InvalidInputError("not a CSV file in UTF-8", where=str(path), fix="save it as such") from None
    if not 1 <= len(found) <= MOST_ASKED:
        fix = f"give a file of 1 to {MOST_ASKED:,} people"
        raise InvalidInputError(f"{len(found):,} people", where=str(path), fix=fix)
    return found


def _csv_rows(reader: "csv.DictReader[str]", path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    names = [name.strip().lower() for name in reader.fieldnames or ()]
    if not {"email", "phone"} & set(names):
        raise InvalidInputError("neither a column `email` nor one `phone`", where=f"{path}:1", fix="name one of them")
    reader.fieldnames = names
    for row in reader:
        yield reader.line_num, row


def _json_lines(lines: Iterable[str], path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise InvalidInputError("not a JSON object", where=f"{path}:{number}", fix="write one a line")
        yield number, row


def _recipient(row: Mapping[str, object], where: str) -> Recipient:
    email, phone, place, zone = (str(row.get(name) or "").strip() for name in COLUMNS)
    if not email and not phone:
        raise InvalidInputError("nobody is named", where=where, fix="give an e-mail address or a telephone number")
    kind, text = (AddressKind.EMAIL, email) if email else (AddressKind.PHONE, phone)
    return recipient(kind, text, place or None, zone or None)


def answered_rows(given: Given, people: Iterable[Recipient]) -> Iterator[dict[str, str]]:
    """The answer about each, as texts."""
    for place, (person, result) in enumerate(zip(people, given.results, strict=True)):
        failing = result.failing if isinstance(result, Refusal) else ()
        permitted = not failing and given.number is not None
        yield {
            "email": person.given if person.address.kind is AddressKind.EMAIL else "",
            "phone": person.given if person.address.kind is AddressKind.PHONE else "",
            "answer": "refused" if failing else "permitted",
            "id": "" if given.number is None else given.id_of(place),
            "checks": " ".join(check.question.value for check in failing),
            "reason": "; ".join(check.what for check in failing),
            "fix": "; ".join(check.fix for check in failing),
            "token": given.token(place) if permitted else "",
        }


def answered_csv(rows: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """The same as lines of a CSV file, in which no cell is a formula."""
    yield ",".join(_ANSWERED) + "\n"
    for row in rows:
        yield ",".join(csv_cell(row[name]) for name in _ANSWERED) + "\n"
