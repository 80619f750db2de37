"""All that a model card says, as plain facts; whoever fits a scorecard fills them in, nobody words them here."""

from collections.abc import Mapping
from dataclasses import dataclass, field

#: Fewer leads than this, of either class, and a figure about them would be noise: it is suppressed.
FEWEST = 30

#: What a model card's scorecard was not made for, whatever its owner thinks of it.
NOT_FOR = (
    "credit, loans or payment terms",
    "hiring, promotion or any other decision about employment",
    "insurance, its price or its claims",
    "housing and tenancy",
    "admission to education or training",
    "health care, social benefits and other essential services",
    "support, billing or portal access of existing customers",
    "inferring health, religion, origin, politics, sexual orientation or union membership",
    "sources, forms, countries or languages that are not in the data it was fitted on",
    "any time after a guard has reported drift, until it was fitted and examined again",
)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval; the interval is None where nobody worked one out."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """How often a word stands in the target column, and what it counts as: `junk`, `genuine`, `not used`."""

    word: str
    leads: int
    counts_as: str


@dataclass(frozen=True, slots=True)
class DataFacts:
    """The file that was learned from.

    rows: in the file · labelled: of them with a known outcome
    time_column: what orders the leads; empty when nothing does
    first, last: ISO 8601, or the number that orders the leads; empty when nobody knows
    sources: of the leads, the ones it has seen
    """

    file: str
    sha256: str
    rows: int
    labelled: int
    time_column: str = ""
    first: str = ""
    last: str = ""
    outcomes: tuple[OutcomeCount, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartFacts:
    """One part of the split: how many leads, how many of them are what the target says, from when to when."""

    leads: int
    positives: int
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class OverrideFacts:
    """Who allowed a column that the leak detector refused, and why."""

    by: str
    why: str


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """One column or signal that was considered.

    column: as the file calls it, or the fields of the lead that the signal reads · signal: its name
    why: it was used, or was not · off_limits: what the policy's check said, e.g. `allowed`
    suspicion: `refused` or `doubtful` as the leak detector has it, or empty · evidence: what made it say so
    direction: `rising` or `falling` when only that was allowed, or empty
    """

    column: str
    signal: str
    reading: str
    used: bool
    why: str
    off_limits: str = "allowed"
    suspicion: str = ""
    evidence: tuple[str, ...] = ()
    override: OverrideFacts | None = None
    direction: str = ""


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """One check of the data: `result` is what came of it.

    `passed`: nothing was found, or it was kept out · `used`: it was found and is learned from all the same
    `reported`: it was found, and people have to judge it · `not testable`
    """

    name: str
    result: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the scorecard was on some leads.

    leads, positives: how many, and how many of them are what the target says
    auc: area under the ROC curve · log_loss: mean, in nats · calibration_error: expected, 0 to 1
    recall: share of the positives found while 5 % of the others are flagged
    """

    leads: int
    positives: int
    auc: Estimate
    log_loss: Estimate
    calibration_error: Estimate
    recall: Estimate


@dataclass(frozen=True, slots=True)
class SliceFacts:
    """A stretch of time: `part` is `fit` or `hold-out`; quality None is too few to say."""

    part: str
    first: str
    last: str
    leads: int
    quality: Quality | None


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """The leads that share a value, e.g. `source` `webinar`; value empty means unknown, quality None too few."""

    by: str
    value: str
    leads: int
    quality: Quality | None


@dataclass(frozen=True, slots=True)
class ReliabilityFacts:
    """Leads whose probability was alike: what it said on average, and what share turned out so."""

    leads: int
    said: float
    seen: Estimate


@dataclass(frozen=True, slots=True)
class RoundingFacts:
    """What integer points cost against the model before rounding, on the hold-out; loss is positive."""

    auc_lost: float
    log_loss_added: float


@dataclass(frozen=True, slots=True)
class BinFacts:
    """One bin: which values it holds, its points, the leads it was learned from.

    role: `value`, `other` (all values not listed) or `unknown`
    """

    words: str
    points: int
    leads: int
    role: str = "value"


@dataclass(frozen=True, slots=True)
class FeatureFacts:
    """A signal and what each of its values is worth; `kind` is `numeric` or `category`.

    cuts: of a numeric signal, the limits between its bins
    """

    signal: str
    label: str
    unit: str
    kind: str
    bins: tuple[BinFacts, ...]
    cuts: tuple[float, ...] = ()
    direction: str = ""


@dataclass(frozen=True, slots=True)
class PairFacts:
    """Two signals together: `points[i][j]` for bin i of the first and bin j of the second."""

    first: str
    second: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    points: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class BandFacts:
    """A band of scores, what it would do, and whom it would have met in the hold-out."""

    outcome: str
    from_points: int
    leads: int
    positives: int


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """The proof that rejecting from `threshold` points up is right often enough; see `thresholds.Certificate`.

    coverage: share of the positives of the hold-out that lie above the threshold
    """

    threshold: int
    precision_bound: float
    labels: int
    coverage: float
    expires_at: str


@dataclass(frozen=True, slots=True)
class CardFacts:
    """All that a model card says.

    target: `junk`, `conversion` or another word · meaning: in words what counts as it
    author: who fitted it · owner: who answers for it · made_at: ISO 8601, UTC
    fit, holdout: the split; the hold-out is the newest part and was never learned from
    base: points of a lead about which nothing is known · caps: most points a family may add
    quality: on the hold-out; quality_fit: on what it was fitted on, for comparison
    not_certified: why there is no certificate · not_for: NOT_FOR and whatever else; what is in it cannot be taken out
    unknowns: further things nobody knows yet
    assumptions: what must hold for its figures to hold · settings, versions: what it takes to fit it again
    """

    id: str
    target: str
    meaning: str
    author: str
    owner: str
    made_at: str
    scorecard_hash: str
    data: DataFacts
    fit: PartFacts
    holdout: PartFacts
    columns: tuple[ColumnFacts, ...]
    checks: tuple[CheckFacts, ...]
    quality: Quality | None
    quality_fit: Quality | None
    slices: tuple[SliceFacts, ...]
    groups: tuple[GroupFacts, ...]
    reliability: tuple[ReliabilityFacts, ...]
    rounding: RoundingFacts | None
    base: int
    caps: Mapping[str, int]
    features: tuple[FeatureFacts, ...]
    pairs: tuple[PairFacts, ...] = ()
    bands: tuple[BandFacts, ...] = ()
    certificate: CertificateFacts | None = None
    not_certified: str = ""
    not_for: tuple[str, ...] = NOT_FOR
    unknowns: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "not_for", tuple(dict.fromkeys((*NOT_FOR, *self.not_for))))
