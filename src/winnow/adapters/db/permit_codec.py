"""Answers of the gate as bytes: what is common as JSON, what there is of every person in a fixed width."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from struct import Struct, pack
from typing import Any, NamedTuple

from winnow.core.canonical import canonical_bytes
from winnow.core.govern.ask import Ask, Check, Question
from winnow.core.govern.limits import Because
from winnow.core.govern.permit import terms_from
from winnow.core.govern.terms import Action, Answer, Channel
from winnow.ports.gate import GateAnswer

_LENGTH_BYTES = 4


def answer_bytes(answer: GateAnswer) -> bytes:
    """The bytes that are sealed and that the log commits to."""
    reasons, refusals = dict[Check, int](), dict[tuple[int, ...], int]()
    numbers = {
        id(failing): refusals.setdefault(
            tuple([reasons.setdefault(check, len(reasons)) for check in failing]), len(refusals) + 1
        )
        for failing in answer.refusals
    }
    refused = [0] * len(answer.subjects)
    for place, failing in answer.refused.items():
        refused[place] = numbers[id(failing)]
    where = {place: number for number, place in enumerate(dict.fromkeys(answer.places))}
    head = canonical_bytes(
        {
            "terms": answer.terms.line,
            "ask": answer.ask.document,
            "actor": answer.actor,
            "note": answer.note,
            "seed": answer.seed.hex(),
            "asked": len(answer.subjects),
            "common": [check.document for check in answer.common],
            "reasons": [check.document for check in reasons],
            "refusals": [list(each) for each in refusals],
            "places": list(where),
        }
    )
    asked, placed = len(answer.subjects), [where[each] for each in answer.places] if len(where) > 1 else ()
    numbers_of_all = pack(f">{asked}Q{asked}I{len(placed)}I", *answer.subjects, *refused, *placed)
    return len(head).to_bytes(_LENGTH_BYTES, "big") + head + numbers_of_all + answer.commitments


def read_answer(content: bytes) -> GateAnswer:
    """The answer of such bytes."""
    said, subjects, refused, placed, commitments = _parts(content)
    where, reasons = said["places"], [_check(each) for each in said["reasons"]]
    refusals = [tuple(reasons[each] for each in failing) for failing in said["refusals"]]
    return GateAnswer(
        terms=terms_from(said["terms"]),
        ask=_ask(said["ask"]),
        actor=said["actor"],
        note=said["note"],
        seed=bytes.fromhex(said["seed"]),
        subjects=subjects,
        commitments=commitments,
        common=tuple(_check(each) for each in said["common"]),
        refused={place: refusals[number - 1] for place, number in enumerate(refused) if number},
        places=tuple([where[number] for number in placed]) if placed else tuple(where) * len(subjects),
    )


def refusal_counts(content: bytes) -> Mapping[Question, int]:
    """Of how many persons each question stood in the way."""
    said, _, refused, _, _ = _parts(content)
    questions, found = [Question(each["check"]) for each in said["reasons"]], Counter[Question]()
    for number, persons in Counter(refused).items():
        if number:
            found.update({questions[each]: persons for each in said["refusals"][number - 1]})
    return found


class Placed(NamedTuple):
    """One person of an answer: their number in it, the keyed hash of the address, where they were taken to be."""

    number: int
    subject: int
    place: str | None
    granted: bool


def persons_in(content: bytes) -> list[Placed]:
    """Whom an answer permitted something of, and whom it refused for want of consent and for nothing else."""
    said, subjects, refused, placed, _ = _parts(content)
    where, questions = said["places"] or [None], [each["check"] for each in said["reasons"]]
    lacking = {
        number
        for number, failing in enumerate(said["refusals"], start=1)
        if {questions[each] for each in failing} == {Question.CONSENT.value}
    }
    return [
        Placed(at, subject, where[placed[at] if placed else 0], not number)
        for at, (subject, number) in enumerate(zip(subjects, refused, strict=True))
        if not number or number in lacking
    ]


def _parts(content: bytes) -> tuple[Mapping[str, Any], Sequence[int], Sequence[int], Sequence[int], bytes]:
    """What is common; of every person the subject, and the number of the refusal, from 1, or 0; the commitments.

    Before these the number of each person's place, unless all are at the same one.
    """
    start = _LENGTH_BYTES + int.from_bytes(content[:_LENGTH_BYTES], "big")
    said: Mapping[str, Any] = json.loads(content[_LENGTH_BYTES:start])
    asked = said["asked"]
    numbers = Struct(f">{asked}Q{asked * (2 if len(said['places']) > 1 else 1)}I")
    found = numbers.unpack_from(content, start)
    refused, placed = found[asked : 2 * asked], found[2 * asked :]
    return said, found[:asked], refused, placed, content[start + numbers.size :]


def _ask(said: Mapping[str, Any]) -> Ask:
    return Ask(
        said["system"],
        Action(said["action"]),
        said["purpose"],
        None if said["channel"] is None else Channel(said["channel"]),
        tuple(said["data"]),
        tuple(said["inferences"]),
        said["explanation"],
    )


def _check(said: Mapping[str, Any]) -> Check:
    because = tuple(Because(**each) for each in said["because"])
    return Check(Question(said["check"]), Answer(said["answer"]), said["what"], because, said["owner"], said["fix"])
