"""Proof 5: whatever is done to a log is found, with Winnow's own verifier and with the independent one."""

import json
from collections import Counter
from dataclasses import replace

import pytest

from tests.support.logs import KEY, SIGNER, STRANGER, entries, entry, head_of, nodes, published, receipt
from tests.support.tampering import (
    ACTS,
    SIZE,
    found_by_ours,
    found_by_the_other,
    independent,
    keep,
    lot,
    named_by_ours,
    original,
    written,
)
from winnow.adapters.checkpoint_push import FileTarget, push
from winnow.adapters.keys import verify_signature
from winnow.core.receipt import Receipt, receipt_document, verify_receipt
from winnow.core.tlog import consistency_proof
from winnow.errors import BrokenLogError

pytestmark = pytest.mark.proof

TIMES = 60


def test_sixty_times_each_way_of_falsifying_a_log(tmp_path):
    whole = published(tmp_path / "whole", original())
    kept = keep(tmp_path / "pushed.jsonl")
    assert found_by_the_other(whole.path, kept) is None
    found: Counter[tuple[str, str]] = Counter()
    for act in ACTS:
        for seed in range(TIMES):
            done = act(lot(f"{act.__name__} {seed}"))
            folder = tmp_path / f"{act.__name__}-{seed}"
            written(done, folder, whole.path)
            found[act.__name__, "ours"] += found_by_ours(done) is not None
            found[act.__name__, "named"] += named_by_ours(done, whole) == done.first_bad
            found[act.__name__, "independent"] += found_by_the_other(folder, kept) is not None
    for (act_name, by), count in found.items():
        print(f"{act_name:>10}: {count} of {TIMES} found by {by}")
    assert set(found.values()) == {TIMES}
    assert len(found) == 3 * len(ACTS)


def forged(seed: int, true: Receipt, other: Receipt):
    """A receipt that would prove something untrue."""
    chance = lot(seed)
    flip = chance.randrange(len(true.proof))
    bad = bytearray(true.proof[flip])
    bad[chance.randrange(32)] ^= 1 << chance.randrange(8)
    rewritten = [*original()[: true.index], other.entry, *original()[true.index + 1 :]]
    return chance.choice(
        [
            replace(true, record=b'{"outcome":"accept"}'),
            replace(true, record=other.record, nonce=other.nonce),
            replace(true, entry=other.entry, record=other.record, nonce=other.nonce),
            replace(true, index=other.index),
            replace(true, proof=other.proof),
            replace(true, proof=true.proof[:-1]),
            replace(true, proof=(*true.proof[:flip], bytes(bad), *true.proof[flip + 1 :])),
            replace(true, checkpoint=STRANGER.sign_head(head_of(rewritten))),
            replace(true, checkpoint=true.checkpoint.replace(f"\n{SIZE}\n", f"\n{SIZE + 1}\n", 1)),
            replace(true, checkpoint=SIGNER.sign_head(head_of(original()[: SIZE - 1]))),
        ]
    )


def refused(receipt_: Receipt) -> bool:
    try:
        verify_receipt(receipt_, KEY, verify_signature)
    except BrokenLogError:
        return True
    return False


def test_forged_receipts_are_refused(tmp_path):
    whole = published(tmp_path / "whole", original())
    by_ours = by_other = 0
    for seed in range(5 * TIMES):
        one, two = lot(f"receipt {seed}").sample(range(SIZE), 2)
        true = receipt(whole, one)
        false = forged(seed, true, receipt(whole, two))
        assert not refused(true)
        by_ours += refused(false)
        path = tmp_path / "receipt.json"
        path.write_text(json.dumps(receipt_document(false)), encoding="utf-8")
        by_other += independent("receipt", str(path))[0] == 3
    print(f"forged receipts: {by_ours} and {by_other} of {5 * TIMES} refused by ours and by the independent one")
    assert (by_ours, by_other) == (5 * TIMES, 5 * TIMES)


def prover(log):
    """Proofs that somebody who has only this log can give; asked for more, they give the best they have."""
    return lambda old, new: consistency_proof(min(old, len(log)), min(new, len(log)), nodes(log))


def test_split_views_are_refused(tmp_path):
    """The holder of the key shows one log here and another there: the second is never accepted after the first."""
    log, count = entries(SIZE), 0
    for seed in range(TIMES):
        chance = lot(f"split {seed}")
        pushed, size = chance.randrange(1, SIZE), chance.randrange(1, SIZE)
        at = chance.randrange(min(pushed, size))
        other = [*log[:at], entry(20_000 + at), *log[at + 1 : size]]
        target = FileTarget(tmp_path / f"{seed}.jsonl")
        target.put(SIGNER.sign_head(head_of(log[:pushed])))
        prove = prover(other)
        with pytest.raises(BrokenLogError):
            push(SIGNER.sign_head(head_of(other)), target, KEY, verify_signature, prove)
        count += target.last() == SIGNER.sign_head(head_of(log[:pushed]))
    print(f"split views: {count} of {TIMES} refused")
    assert count == TIMES
