"""A column that ranks leads too well: better than anything known at the start, or sure of both outcomes."""

from collections.abc import Iterator

from winnow.core.learning.leaks.clues import CLUE, FAINT, MARK, NOTE, PROOF, Case, Clue, Weight
from winnow.core.learning.leaks.coding import EMPTY, UNKNOWN
from winnow.core.learning.leaks.odds import LEANING, SETTLED, moved, surely
from winnow.core.learning.leaks.table import Area, Table, added, totals

#: What all clues of this module are called: they may have one cause, so they do not add up.
RANKING = "ranking"
#: The AUC that no column known at the start is believed to have: as a rule; of words; of a number that leaves all other
#: columns together behind by the next figure; and of a number where scripts are told from people, since the seconds a
#: form took may honestly be nearly perfect there.
_BEYOND_BELIEF, _BEYOND_WORDS, _BEYOND_RIVALS, _FAR_AHEAD, _BEYOND_SCRIPTS = 0.95, 0.91, 0.93, 0.12, 0.995
#: An AUC that is striking, one that supports a telling name, how far its lower bound may lie below, and a clear lead.
_STRIKING, _TELLING, _DOUBT, _AHEAD = 0.9, 0.65, 0.025, 0.1
#: The share of leads that has to be settled on either side, and on both together.
_SIDE, _MOST = 0.1, 0.5
#: The share of an outcome that a single value has to explain, and the least rate of that outcome among its leads.
_PART, _CERTAIN = 0.3, 0.95
#: The share of junk among leads with the same number by which scripts are known, and the share of all junk it covers.
_ALIKE, _BULK = 0.9, 0.4


def ranking(case: Case) -> Iterator[Clue]:
    """What speaks against how well a column ranks leads."""
    for look in (_too_well, _two_sides, _certain, _rivals):
        found = look(case)
        if found:
            yield Clue(RANKING, *found)


def _too_well(case: Case) -> tuple[Weight, str] | None:
    """It ranks leads better than what is known at the start does."""
    typical, known = case.table.typical, case.table.typical_known
    best = max((each for each in (typical, case.table.later) if each), key=lambda each: each.auc, default=None)
    if best is None:
        return None
    weight = None
    if _too_good(case, best):
        weight = PROOF
    elif known and known.auc >= _STRIKING and known.low >= _STRIKING - _DOUBT:
        weight = MARK if _scripted(case) else CLUE
    elif best.auc >= _TELLING and best.low >= _TELLING - 2 * _DOUBT:
        weight = FAINT
    return None if weight is None else (weight, _ranks(best, case.table))


def _too_good(case: Case, best: Area) -> bool:
    """Whether no single column known at the start is believed to rank leads as well."""
    if _scripted(case):  # so close to perfect that the luck of a single period must not count
        overall = case.table.overall
        return overall is not None and overall.auc >= _BEYOND_SCRIPTS
    limit = _limit(case, best.auc)
    return best.auc >= limit and best.low >= limit - _DOUBT


def _limit(case: Case, found: float) -> float:
    if not case.numeric:
        return _BEYOND_BELIEF if case.screening else _BEYOND_WORDS
    alone = case.rivals is not None and found > case.rivals + _FAR_AHEAD
    return _BEYOND_RIVALS if alone else _BEYOND_BELIEF


def _scripted(case: Case) -> bool:
    """Whether numbers may honestly settle much: most junk shares a few that hardly anything else has, as scripts do."""
    if not (case.screening and case.numeric):
        return False
    junk = [cell if case.target != "genuine" else cell[::-1] for cell in case.table.whole]
    alike = sum(hit for miss, hit in junk if hit >= _ALIKE * (miss + hit))
    return alike >= _BULK * sum(hit for _, hit in junk)


def _ranks(best: Area, table: Table) -> str:
    newest = f" ({table.later.auc:.2f} on the newest leads)" if table.later else ""
    much = "more than a column known at the start is believed to" if best.auc >= _STRIKING else "much for one column"
    return f"by itself it ranks leads with an AUC of {best.auc:.2f}{newest}: {much}"


def _two_sides(case: Case) -> tuple[Weight, str] | None:
    """Some of its values all but settle one outcome and others the opposite one."""
    up, down = _settled(case, SETTLED)
    if min(up, down) >= _SIDE and up + down >= _MOST and not (_scripted(case)):
        return PROOF, _settles(up, down, SETTLED)
    up, down = _settled(case, LEANING)
    if min(up, down) >= _SIDE / 2:
        weight = MARK if _scripted(case) else CLUE
        return weight, _settles(up, down, LEANING)
    return None


def _settles(up: float, down: float, factor: int) -> str:
    return (
        f"some of its values, in {up:.0%} of leads, raise the odds more than {factor} times, "
        f"and others, in {down:.0%}, lower them as much: few things known at the start work both ways"
    )


def _settled(case: Case, factor: float) -> tuple[float, float]:
    """Shares of leads with values that surely raise the odds by a factor, and that lower them by it."""
    counts = case.table.whole
    low, high = moved(case.table.rate, 1 / factor), moved(case.table.rate, factor)
    known = [cell for code, cell in enumerate(counts) if code not in {UNKNOWN, EMPTY}]
    leads = sum(map(sum, counts))
    up = sum(sum(cell) for cell in known if surely(cell[1], sum(cell), high, case.risk))
    down = sum(sum(cell) for cell in known if surely(cell[0], sum(cell), 1 - low, case.risk))
    return up / leads, down / leads


def _certain(case: Case) -> tuple[Weight, str] | None:
    """One of its values comes with one outcome only."""
    counts, leads = case.table.whole, sum(map(sum, case.table.whole))
    half = added(case.table.periods[len(case.table.periods) // 2 :])
    hits, high = totals(counts)[1], max(moved(case.table.rate, SETTLED), _CERTAIN)
    for code, (miss, hit) in enumerate(counts):
        many = miss + hit
        frequent = code not in {UNKNOWN, EMPTY} and many >= _SIDE / 2 * leads and hit >= _PART * hits
        lasting = sum(half[code]) >= _SIDE * many
        if frequent and lasting and surely(hit, many, high, case.risk):
            weight = MARK if _scripted(case) else CLUE if case.screening else PROOF
            said = f"{hit:,} of {many:,} leads with {case.table.coding.words[code]} are {case.counted}"
            return weight, f"{said}, where {case.table.rate * many:,.0f} were to be expected"
    return None


def _rivals(case: Case) -> tuple[Weight, str] | None:
    """It alone beats all other columns together."""
    best = case.table.best
    if case.rivals is None or best < case.rivals + _AHEAD:
        return None
    text = f"alone it tells the outcomes apart better than all other columns together (AUC {best:.2f} against "
    return NOTE, f"{text}{case.rivals:.2f})"
