"""The starter scorecard held against the labels of the made-up leads: the figures that README.md quotes."""

import csv
from collections import Counter
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory

from winnow import bootstrap, demo
from winnow.config import load
from winnow.core.decide import Decision
from winnow.core.outcome import Outcome
from winnow.shells.bulk.pool import local_screener
from winnow.shells.bulk.run import Request, opened


def run() -> dict[str, float]:
    """How well scores rank, and where junk and genuine leads end up; a customer list is given, as in `make demo`."""
    with TemporaryDirectory() as folder:
        leads, known = Path(folder) / "leads.csv", Path(folder) / "customers.txt"
        demo.write(leads)
        known.write_text("".join(f"{entry}\n" for entry in demo.customers()), encoding="utf-8")
        with leads.open(encoding="utf-8", newline="") as file:
            junk = {row["id"]: row["label"] == "junk" for row in csv.DictReader(file)}
        decisions = _decided(leads, known)
    ended = Counter((junk[each.lead_id], each.outcome) for each in decisions)
    return {
        "genuine leads": float(sum(count for (is_junk, _), count in ended.items() if not is_junk)),
        "junk leads": float(sum(count for (is_junk, _), count in ended.items() if is_junk)),
        **{f"genuine, {outcome.word}": float(ended[False, outcome]) for outcome in Outcome},
        **{f"junk, {outcome.word}": float(ended[True, outcome]) for outcome in Outcome},
        "AUC, %": 100 * _auc([(each.score, junk[each.lead_id]) for each in decisions]),
    }


def _decided(leads: Path, known: Path) -> list[Decision]:
    opening = opened(Request(str(leads), load(flags={"screen.customers": str(known)})))
    with opening.source:
        screener = local_screener(opening.job, bootstrap.SlidingHistory())
        return [each for chunk in opening.chunks() for each in screener.screener.many(screener.leads(chunk))]


def _auc(scored: list[tuple[int, bool]]) -> float:
    """Chance that a junk lead scores above a genuine one, ties counting half (Mann-Whitney U over the pairs)."""
    genuine_below, won, junk_total = 0, 0.0, 0
    for _, group in groupby(sorted(scored, key=itemgetter(0)), key=itemgetter(0)):
        labels = [is_junk for _, is_junk in group]
        junk = sum(labels)
        genuine = len(labels) - junk
        won += junk * (genuine_below + genuine / 2)
        genuine_below += genuine
        junk_total += junk
    return won / (junk_total * genuine_below)
