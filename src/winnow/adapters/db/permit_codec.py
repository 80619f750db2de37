"""Answers of the gate as bytes: what is common as JSON, what there is of every person in a fixed width."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from winnow.core.canonical import canonical_bytes
from winnow.core.govern.ask import Ask, Check, Question
from winnow.core.govern.limits import Because
from winnow.core.govern.permit import HASH_BYTES, terms_from
from winnow.core.govern.terms import Action, Answer, Channel
from winnow.ports.gate import GateAnswer

_LENGTH_BYTES = 4
_SUBJECT_BYTES = 8


def answer_bytes(answer: GateAnswer) -> bytes:
    """The bytes that are sealed and that the log commits to."""
    reasons: dict[Check, int] = {}
    refused = {
        str(place): [reasons.setdefault(check, len(reasons)) for check in failing]
        for place, failing in answer.refused.items()
    }
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
            "refused": refused,
        }
    )
    subjects = b"".join([subject.to_bytes(_SUBJECT_BYTES, "big") for subject in answer.subjects])
    return len(head).to_bytes(_LENGTH_BYTES, "big") + head + subjects + b"".join(answer.commitments)


def read_answer(content: bytes) -> GateAnswer:
    """The answer of such bytes."""
    start = _LENGTH_BYTES + int.from_bytes(content[:_LENGTH_BYTES], "big")
    said: Mapping[str, Any] = json.loads(content[_LENGTH_BYTES:start])
    middle = start + said["asked"] * _SUBJECT_BYTES
    reasons = [_check(each) for each in said["reasons"]]
    return GateAnswer(
        terms=terms_from(said["terms"]),
        ask=_ask(said["ask"]),
        actor=said["actor"],
        note=said["note"],
        seed=bytes.fromhex(said["seed"]),
        subjects=[int.from_bytes(each, "big") for each in _cut(content[start:middle], _SUBJECT_BYTES)],
        commitments=_cut(content[middle:], HASH_BYTES),
        common=tuple(_check(each) for each in said["common"]),
        refused={int(place): tuple(reasons[each] for each in failing) for place, failing in said["refused"].items()},
    )


def refusal_counts(content: bytes) -> Mapping[Question, int]:
    """Of how many persons each question stood in the way, without reading what there is of every person."""
    start = _LENGTH_BYTES + int.from_bytes(content[:_LENGTH_BYTES], "big")
    said: Mapping[str, Any] = json.loads(content[_LENGTH_BYTES:start])
    questions = [Question(each["check"]) for each in said["reasons"]]
    return Counter(questions[each] for failing in said["refused"].values() for each in failing)


def _cut(content: bytes, width: int) -> Sequence[bytes]:
    return [content[at : at + width] for at in range(0, len(content), width)]


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
