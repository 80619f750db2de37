"""How well our integer scorecard tells leads apart, next to what others would fit: `--data FOLDER`.

Every set is split by time: fitted on the older four fifths, measured on the newest fifth.
"""

import argparse
import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.learn.rivals import boosted_trees, boosting_machine, logistic
from benchmarks.learn.sets import LabelledSet, read_sets
from winnow.adapters.trainer import EbmTrainer
from winnow.core.learning.figures.measures import Performance, performance, probability
from winnow.core.learning.fitting.points import POINTS, rounding_loss, scorecard_from, scores
from winnow.core.learning.study import Study
from winnow.ports import FitSettings

_RIVALS: Mapping[str, Callable[[Study, Study], list[float]]] = {
    "logistic regression": logistic,
    "LightGBM": boosted_trees,
    "EBM as shipped": boosting_machine,
}
_PAIRS = (0, 5, 10)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=os.environ.get("WINNOW_DATA"), help="the folder with the sets")
    parser.add_argument("--only", default="", help="sets whose name has this in it")
    chosen = parser.parse_args(arguments)
    if chosen.data is None:
        parser.error("say where the sets are with --data or WINNOW_DATA")
    print(f"{'':34}{'AUC':>7}  {'95 % interval':15}{'log-loss':>9}{'ECE':>8}{'recall at 5 % FPR':>19}")
    for each in read_sets(Path(chosen.data)):
        if chosen.only in each.name:
            _measure(each)


def _measure(each: LabelledSet) -> None:
    old, new = each.study.part(0, each.fit), each.study.part(each.fit, len(each.study))
    print(
        f"{each.name}: {len(old):,} leads, {old.rate:.1%} {old.target}; then {len(new):,}, {new.rate:.1%}", flush=True
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # the libraries' advice on charts
        for name, rival in _RIVALS.items():
            _line(name, performance(rival(old, new), new.truth))
    for pairs in _PAIRS:
        _ours(old, new, pairs)


def _ours(old: Study, new: Study, pairs: int) -> None:
    fitted = EbmTrainer().fit(old, FitSettings(pairs=pairs), lambda _: None)
    card = scorecard_from(fitted, old, card_id="benchmark", owner="benchmark")
    chances = [probability(points / POINTS) for points in scores(card, new)]
    _line(f"our points, {pairs} pairs" if pairs else "our points", performance(chances, new.truth))
    loss = rounding_loss(fitted, card, new)
    print(f"    rounding: AUC {-(loss.auc or 0):+.6f}, log-loss {loss.log_loss:+.6f}", flush=True)


def _line(name: str, found: Performance) -> None:
    low, high = found.interval or (0.0, 0.0)
    told = f"{found.auc:7.4f}  {low:.4f}–{high:.4f}  {found.log_loss:9.4f}{found.calibration_error:8.4f}"
    print(f"  {name:32}{told}{found.recall:19.1%}", flush=True)


if __name__ == "__main__":
    main()
