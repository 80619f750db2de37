import json
from dataclasses import replace

import pytest

from tests.support.logs import KEY, SIGNER, STRANGER, entries, head_of, nodes, nonce, record
from winnow.adapters.keys import LogSigner, verify_signature
from winnow.core.receipt import Receipt, receipt_document, receipt_from, verify_receipt
from winnow.core.tlog import inclusion_proof
from winnow.errors import BrokenLogError, InvalidInputError, WinnowError

LOG = entries(11)


def made(number: int = 6, signer: LogSigner = SIGNER) -> Receipt:
    proof = inclusion_proof(number, len(LOG), nodes(LOG))
    return Receipt(number, LOG[number], proof, signer.sign_head(head_of(LOG)), record(number), nonce(number))


RECEIPT = made()
DOCUMENT = receipt_document(RECEIPT)


def erased(receipt: Receipt) -> Receipt:
    return replace(receipt, record=None, nonce=None)


@pytest.mark.parametrize("receipt", [RECEIPT, erased(RECEIPT), made(0), made(10)])
def test_a_receipt_comes_back_from_json_and_holds(receipt):
    back = receipt_from(json.loads(json.dumps(receipt_document(receipt))))
    assert back == receipt
    assert verify_receipt(back, KEY, verify_signature).kind == "decision"


def test_a_receipt_tells_what_it_is_about():
    assert list(DOCUMENT) == [
        "v",
        "origin",
        "index",
        "kind",
        "entry",
        "record",
        "nonce",
        "proof",
        "tree_size",
        "checkpoint",
    ]
    told = (DOCUMENT["v"], DOCUMENT["origin"], DOCUMENT["index"], DOCUMENT["kind"], DOCUMENT["tree_size"])
    assert told == (1, "winnow.example/log", 6, "decision", 11)


@pytest.mark.parametrize(
    "forged",
    [
        replace(RECEIPT, index=7),
        replace(RECEIPT, index=11),
        replace(RECEIPT, entry=LOG[7]),
        replace(RECEIPT, proof=RECEIPT.proof[:-1]),
        replace(RECEIPT, proof=made(7).proof),
        replace(RECEIPT, record=b"{}"),
        replace(RECEIPT, nonce=bytes(32)),
        replace(RECEIPT, record=record(7), nonce=nonce(7)),
        replace(RECEIPT, checkpoint=SIGNER.sign_head(head_of(LOG[:10]))),
        made(signer=STRANGER),
        replace(RECEIPT, checkpoint=LogSigner("other.example/log", SIGNER.private).sign_head(head_of(LOG))),
    ],
)
def test_a_forged_receipt_proves_nothing(forged):
    with pytest.raises(BrokenLogError):
        verify_receipt(forged, KEY, verify_signature)


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {**DOCUMENT, "v": 2},
        {**DOCUMENT, "index": "6"},
        {**DOCUMENT, "index": True},
        {**DOCUMENT, "entry": None},
        {**DOCUMENT, "entry": "é"},
        {**DOCUMENT, "entry": "AAA"},
        {**DOCUMENT, "record": 5},
        {**DOCUMENT, "record": None},
        {**DOCUMENT, "nonce": None},
        {**DOCUMENT, "nonce": "00"},
        {**DOCUMENT, "proof": "00"},
        {**DOCUMENT, "proof": [5]},
        {**DOCUMENT, "proof": ["00"]},
        {**DOCUMENT, "proof": ["F" * 64]},
        {**DOCUMENT, "proof": ["0" * 64] * 64},
        {**DOCUMENT, "origin": "other"},
        {**DOCUMENT, "kind": "permit"},
        {**DOCUMENT, "tree_size": 12},
        {**DOCUMENT, "more": 1},
        {**DOCUMENT, "checkpoint": "no note"},
        {key: value for key, value in DOCUMENT.items() if key != "nonce"},
    ],
)
def test_what_is_no_receipt(document):
    with pytest.raises(WinnowError):
        receipt_from(document)


def test_a_receipt_that_contradicts_itself_says_so():
    with pytest.raises(InvalidInputError, match="its fields contradict each other"):
        receipt_from({**DOCUMENT, "kind": "permit"})
