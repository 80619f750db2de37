"""What a ruleset would have done to past leads, as it is attached to a proposal; without what only learning needs."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from winnow.adapters.db.looking_back import DecisionsOnRecord
from winnow.bootstrap.service import Service
from winnow.core.decide import decide
from winnow.core.outcome import Outcome
from winnow.core.ruleset_read import ruleset_from
from winnow.core.whatif.past import PastLead, Truth


def simulation(service: Service, digest: str, since: datetime) -> dict[str, object]:
    """The leads from a moment on under a ruleset, by its hash: how many come out otherwise, and what these were."""
    live = service.live.ruleset()
    draft = replace(
        ruleset_from(service.rulesets.document(digest)),
        references=live.references,
        lists_snapshot=live.lists_snapshot,
    )
    past = list(_past(service, since))
    moved = Counter[str]()
    truths = Counter[str]()
    for each in past:
        then, now = each.outcome, decide(each.lead, each.facts, draft).outcome
        if then is not None and now is not then:
            moved[f"{then.word} to {now.word}"] += 1
            truths[each.truth.word] += each.truth is not Truth.UNKNOWN
    reviews = sum(number for move, number in moved.items() if move.endswith(f"to {Outcome.REVIEW.word}"))
    return {
        "leads": len(past),
        "since": since.date().isoformat(),
        "changed": sum(moved.values()),
        "more_for_review": reviews,
        "moves": dict(sorted(moved.items())),
        "judged": sum(truths.values()),
        "turned_out": {name: number for name, number in sorted(truths.items()) if number},
    }


def _past(service: Service, since: datetime) -> Iterator[PastLead]:
    for _, page in DecisionsOnRecord(service.engine, service.vault).pages(since):
        yield from page
