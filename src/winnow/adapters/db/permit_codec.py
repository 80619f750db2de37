"""Answers of the gate as bytes: what is common as JSON, what there is of every person in a fixed width."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from struct import Struct, pack
from typing import Any

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
        }
    )
    asked = len(answer.subjects)
    numbers_of_all = pack(f">{asked}Q{asked}I", *answer.subjects, *refused)
    return len(head).to_bytes(_LENGTH_BYTES, "big") + head + numbers_of_all + answer.commitments


def read_answer(content: bytes) -> GateAnswer:
    """The answer of such bytes."""
    said, subjects, refused, commitments = _parts(content)
    reasons = [_check(each) for each in said["reasons"]]
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
    )


def refusal_counts(content: bytes) -> Mapping[Question, int]:
    """Of how many persons each question stood in the way."""
    said, _, refused, _ = _parts(content)
    questions, found = [Question(each["check"]) for each in said["reasons"]], Counter[Question]()
    for number, persons in Counter(refused).items():
        if number:
            found.update({questions[each]: persons for each in said["refusals"][number - 1]})
    return found


def _parts(content: bytes) -> tuple[Mapping[str, Any], Sequence[int], Sequence[int], bytes]:
    """What is common; of every person the subject, and the number of the refusal, from 1, or 0; the commitments."""
    start = _LENGTH_BYTES + int.from_bytes(content[:_LENGTH_BYTES], "big")
    said: Mapping[str, Any] = json.loads(content[_LENGTH_BYTES:start])
    asked = said["asked"]
    numbers = Struct(f">{asked}Q{asked}I")
    found = numbers.unpack_from(content, start)
    return said, found[:asked], found[asked:], content[start + numbers.size :]


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
