"""The figures of a what-if as plain data."""

from collections.abc import Sequence
from dataclasses import asdict

from winnow.core.outcome import Outcome
from winnow.core.whatif.cost import Cost, Estimate
from winnow.core.whatif.garden import Weed
from winnow.core.whatif.tally import Bucket, GroupLine, Load, Mover, Tally
from winnow.core.whatif.use import Use, Uses


def tally_document(tally: Tally) -> dict[str, object]:
    """Outcomes before and after, and the leads that change most."""
    matrix = {before.word: {after.word: tally.matrix[before, after] for after in Outcome} for before in Outcome}
    return {
        "leads": tally.total,
        "judged": tally.labelled,
        "changed": tally.changed,
        "before_after": matrix,
        "decided_by": dict(sorted(tally.decided.items(), key=lambda each: (-each[1], each[0]))),
        "movers": [_mover(each) for each in tally.movers],
    }


def _mover(mover: Mover) -> dict[str, object]:
    return {
        "ref": mover.ref,
        "before": mover.before.word,
        "after": mover.after.word,
        "decided_by": mover.decided_by,
        "score_before": mover.score_before,
        "score": mover.score,
    }


def bucket_document(bucket: Bucket) -> dict[str, object]:
    """One bucket; `more` says how many of its leads are not named."""
    return {**asdict(bucket), "refs": list(bucket.refs), "more": bucket.count - len(bucket.refs)}


def cost_document(cost: Cost) -> dict[str, object]:
    """Hours and value, each with its interval."""
    return {
        "stopped": cost.stopped,
        "stopped_judged": cost.stopped_judged,
        "passed": cost.passed,
        "passed_judged": cost.passed_judged,
        "hours_saved": _estimate(cost.hours_saved),
        "review_hours": cost.review_hours,
        "conversions_lost": _estimate(cost.conversions_lost),
        "conversions_won": _estimate(cost.conversions_won),
        "value_lost": None if cost.value_lost is None else _estimate(cost.value_lost),
        "value_won": None if cost.value_won is None else _estimate(cost.value_won),
    }


def _estimate(estimate: Estimate) -> dict[str, object]:
    return {"value": estimate.value, "interval": [estimate.low, estimate.high]}


def load_document(load: Load) -> dict[str, object]:
    """Leads for review a day."""
    return dict(load._asdict())


def group_document(lines: Sequence[GroupLine]) -> list[dict[str, object]]:
    """The groups of one grouping."""
    return [asdict(line) for line in lines]


def uses_document(uses: Uses) -> dict[str, object]:
    """What rules and list entries do, and what changes if one of them, or all, go."""
    return {
        "each": [_use(each) for each in uses.each],
        "all_rules_gone": uses.rules_gone,
        "all_lists_gone": uses.lists_gone,
    }


def _use(use: Use) -> dict[str, object]:
    return {
        "name": use.name,
        "hits": use.hits,
        "decided": use.decided,
        "gone": use.gone,
        "gone_refs": list(use.gone_refs),
        "by_truth": {truth.word: count for truth, count in use.by_truth.items()},
        "last": None if use.last is None else use.last.isoformat(),
    }


def weed_document(weed: Weed) -> dict[str, object]:
    """One proposal for pruning."""
    return {
        "name": weed.name,
        "reproach": weed.reproach.value,
        "evidence": weed.evidence,
        "owner": weed.owner,
        "shown": weed.shown,
        "gone": weed.gone,
        "refs": list(weed.refs),
    }
