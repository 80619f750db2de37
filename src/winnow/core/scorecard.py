"""The glass-box score: every signal falls into one bin, every bin is worth integer points, points are added.

probability of junk = 1 / (1 + exp(-score / 1000)), so 1,000 points are one logit. Integers add up to the
same sum in any order, which lets a stored decision be re-derived bit for bit.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import isfinite
from types import MappingProxyType

from winnow.core.reasons import Reason
from winnow.errors import InvalidRulesetError

SOURCE = "scorecard"

#: What a scorecard counts unless it says otherwise; only such a card may screen.
JUNK = "junk"

#: Signals of rules that read several families are capped together under this name.
RULE_FAMILY = "rule"
PAIR_FAMILY = "pair"

#: A bin code is one byte.
_MOST_BINS = 256

BinValue = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Bin:
    """What a value in a bin is worth and how that is said; `why` tells an owner where the points come from."""

    points: int
    text: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class NumericFeature:
    """A numeric signal cut into bins: bin i holds values from cuts[i-1] (included) to cuts[i] (excluded).

    bins: one more than cuts · unknown: the bin of None, never worth points towards junk
    """

    signal: str
    cuts: tuple[float, ...]
    bins: tuple[Bin, ...]
    unknown: Bin

    def __post_init__(self) -> None:
        if not all(map(isfinite, self.cuts)):
            raise InvalidRulesetError(f"feature `{self.signal}` has a cut that is no number", fix="give finite cuts")
        if len(self.bins) != len(self.cuts) + 1 or list(self.cuts) != sorted(set(self.cuts)):
            raise InvalidRulesetError(
                f"feature `{self.signal}` has {len(self.cuts)} cuts and {len(self.bins)} bins",
                fix="give ascending cuts and exactly one bin more than cuts",
            )

    @property
    def all_bins(self) -> tuple[Bin, ...]:
        """The bins by code; the last code is that of the unknown."""
        return (*self.bins, self.unknown)


@dataclass(frozen=True, slots=True)
class CategoryFeature:
    """A yes/no or text signal: one bin a value, `other` for the values not listed, `unknown` for None."""

    signal: str
    values: tuple[BinValue, ...]
    bins: tuple[Bin, ...]
    other: Bin
    unknown: Bin

    def __post_init__(self) -> None:
        if len(self.values) != len(self.bins) or len(set(self.values)) != len(self.values):
            raise InvalidRulesetError(
                f"feature `{self.signal}` has {len(self.values)} values and {len(self.bins)} bins",
                fix="give exactly one bin for each value, each value once",
            )

    @property
    def all_bins(self) -> tuple[Bin, ...]:
        """The bins by code; the last two codes are those of other and of the unknown."""
        return (*self.bins, self.other, self.unknown)


Feature = NumericFeature | CategoryFeature


@dataclass(frozen=True, slots=True)
class PairTable:
    """Extra points for two signals together: `points[i][j]` for bin code i of `first` and j of `second`."""

    first: str
    second: str
    points: tuple[tuple[int, ...], ...]
    text: str


@dataclass(frozen=True)
class Scorecard:
    """An additive model in integer points.

    base: score of a lead nothing is known about
    caps: most points a family may add towards junk in sum, for every family that is used
    kind: `starter` for hand-set points, `learned` for fitted ones
    target: what many points stand for; of junk, not knowing never adds points
    """

    id: str
    base: int
    features: tuple[Feature, ...]
    caps: Mapping[str, int]
    owner: str
    kind: str = "starter"
    pairs: tuple[PairTable, ...] = ()
    note: str = ""
    target: str = JUNK
    _by_signal: Mapping[str, Feature] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_signal", MappingProxyType({each.signal: each for each in self.features}))
        _check_features(self)
        for pair in self.pairs:
            _check_pair(self, pair)

    @property
    def families(self) -> tuple[str, ...]:
        """The evidence families whose points are capped, in a stable order."""
        return tuple(sorted(self.caps))

    def feature(self, signal: str) -> Feature | None:
        """The feature of a signal; None when the scorecard does not use it."""
        return self._by_signal.get(signal)

    def pair_family(self, pair: PairTable) -> str:
        """The family a pair counts to: that of its two signals, or `pair` when they differ."""
        first, second = family_of(pair.first), family_of(pair.second)
        return first if first == second else PAIR_FAMILY


def family_of(signal: str) -> str:
    """The evidence family of a signal's name."""
    return signal.partition(".")[0]


def _check_features(card: Scorecard) -> None:
    if len({feature.signal for feature in card.features}) != len(card.features):
        raise InvalidRulesetError(f"scorecard `{card.id}` uses a signal twice", fix="merge the features of one signal")
    for feature in card.features:
        if card.target == JUNK:
            _refuse_guilty_unknown(feature.signal, feature.unknown.points)
        if len(feature.all_bins) > _MOST_BINS:
            raise InvalidRulesetError(
                f"feature `{feature.signal}` has over {_MOST_BINS} bins", fix="merge some of them"
            )
        _need_cap(card, family_of(feature.signal))
    for family, cap in card.caps.items():
        if cap < 0:
            raise InvalidRulesetError(f"the cap of family `{family}` is {cap}", fix="use 0 or more points")


def _check_pair(card: Scorecard, pair: PairTable) -> None:
    first, second = card.feature(pair.first), card.feature(pair.second)
    if first is None or second is None:
        raise InvalidRulesetError(f"pair `{pair.first}` × `{pair.second}` needs both signals as features")
    rows, columns = len(first.all_bins), len(second.all_bins)
    if len(pair.points) != rows or any(len(row) != columns for row in pair.points):
        raise InvalidRulesetError(
            f"pair `{pair.first}` × `{pair.second}` is not {rows} × {columns}",
            fix="give points for every two bin codes",
        )
    if card.target == JUNK:
        unknowns = [*pair.points[-1], *(row[-1] for row in pair.points)]
        _refuse_guilty_unknown(f"{pair.first} × {pair.second}", max(unknowns))
    _need_cap(card, card.pair_family(pair))


def _refuse_guilty_unknown(name: str, points: int) -> None:
    if points > 0:
        raise InvalidRulesetError(
            f"`{name}` adds {points} points when unknown",
            fix="unknown is not guilty: give the unknown bin 0 points or fewer",
        )


def _need_cap(card: Scorecard, family: str) -> None:
    if family not in card.caps:
        raise InvalidRulesetError(f"scorecard `{card.id}` has no cap for family `{family}`", fix="add one under caps")


@dataclass(frozen=True, slots=True)
class Score:
    """A score with all that makes it up: score == base + the sum of the reasons' points.

    codes: the bin code of every feature, in the scorecard's order
    """

    score: int
    codes: bytes
    reasons: tuple[Reason, ...]


Values = Sequence[BinValue | None]
Scorer = Callable[[Values, Mapping[str, int]], Score]


def compiled(card: Scorecard, positions: Mapping[str, int]) -> Scorer:
    """One Python function that scores a tuple of signal values; `positions` says where each signal stands.

    Its second argument adds points from outside the card (rules) to the families before they are capped.
    The source text is made from positions, table names and checked numbers only, never from user text.
    """
    names: dict[str, object] = {"Score": Score}
    lines = ["def score(v, extra):"]
    for index, feature in enumerate(card.features):
        lines += _bin_lines(index, feature, positions[feature.signal], names)
    lines += _sum_lines(card, names)
    exec(compile("\n".join(lines), f"<scorecard {card.id!r}>", "exec"), names)  # noqa: S102  # see the docstring
    return names["score"]  # type: ignore[return-value]  # defined by the text above


def _bin_lines(index: int, feature: Feature, position: int, names: dict[str, object]) -> list[str]:
    """Lines that set c{index}, the bin code; p{index} and r{index} are the tables it looks up."""
    bins = feature.all_bins
    names[f"p{index}"] = tuple(each.points for each in bins)
    names[f"r{index}"] = tuple(_reason(feature.signal, each.points, each.text) for each in bins)
    unknown = len(bins) - 1
    if isinstance(feature, CategoryFeature):
        codes: dict[BinValue | None, int] = {value: code for code, value in enumerate(feature.values)}
        names[f"d{index}"] = {**codes, None: unknown}
        return [f" c{index} = d{index}.get(v[{position}], {unknown - 1})"]
    return [f" x = v[{position}]", f" c{index} = {unknown} if x is None else {_search(feature.cuts, 0)}"]


def _search(cuts: Sequence[float], code: int) -> str:
    """An expression for the bin of x by halving, where the bin below the first of these cuts has this code."""
    if not cuts:
        return str(code)
    half = len(cuts) // 2
    below, above = _search(cuts[:half], code), _search(cuts[half + 1 :], code + half + 1)
    return f"({below} if x < {float(cuts[half])!r} else {above})"


def _sum_lines(card: Scorecard, names: dict[str, object]) -> list[str]:
    parts: dict[str, list[str]] = {family: [] for family in card.families}
    for index, feature in enumerate(card.features):
        parts[family_of(feature.signal)].append(f"p{index}[c{index}]")
    found = [f"r{index}[c{index}]" for index in range(len(card.features))]
    order = {feature.signal: index for index, feature in enumerate(card.features)}
    for index, pair in enumerate(card.pairs):
        cell = f"[c{order[pair.first]}][c{order[pair.second]}]"
        code = f"{pair.first}*{pair.second}"
        names[f"q{index}"] = pair.points
        names[f"s{index}"] = tuple(tuple(_reason(code, points, pair.text) for points in row) for row in pair.points)
        parts[card.pair_family(pair)].append(f"q{index}{cell}")
        found.append(f"s{index}{cell}")
    lines = [f" reasons = list(filter(None, ({''.join(each + ', ' for each in found)})))"]
    for index, family in enumerate(card.families):
        lines.append(f" f{index} = {' + '.join(parts[family]) or '0'}")
    if card.families:
        lines.append(" if extra:")
    lines += [f"  f{index} += extra.get({family!r}, 0)" for index, family in enumerate(card.families)]
    names["over"] = over_cap
    for index, family in enumerate(card.families):
        lines += [
            f" if f{index} > {card.caps[family]:d}:",
            f"  reasons.append(over({family!r}, f{index} - {card.caps[family]:d})); f{index} = {card.caps[family]:d}",
        ]
    total = " + ".join([f"{card.base:d}", *(f"f{index}" for index in range(len(card.families)))])
    codes = "".join(f"c{index}, " for index in range(len(card.features)))
    return [*lines, f" return Score({total}, bytes(({codes})), tuple(reasons))"]


@lru_cache(maxsize=4096)
def over_cap(family: str, points: int) -> Reason:
    """The reason that takes back what a family added beyond its cap."""
    text = f"Only part of this counts: it is all one kind of evidence ({family})"
    return Reason(f"cap.{family}", family, -points, text, SOURCE)


def _reason(code: str, points: int, text: str) -> Reason | None:
    return Reason(code, family_of(code), points, text, SOURCE) if points else None
