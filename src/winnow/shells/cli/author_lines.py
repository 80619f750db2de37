"""Who judges unlike the others and who was held to a cap, in words for whoever answers for the system."""

from collections.abc import Iterator, Sequence

from winnow.core.learning.feedback.caps import Held
from winnow.core.learning.feedback.outliers import Examined, Outlier


def author_lines(found: Examined, held: Sequence[Held], parts: str = "source") -> Iterator[str]:
    """A line for each author who stands out, each who is held back, and those nobody can be compared with.

    parts: what one part of the leads is called that were compared
    """
    yield from (_outlier(each, parts) for each in found.outliers)
    for each in held:
        counting = f"{each.labels:,} labels of one class count as {each.after:,.0f} ({each.why})"
        yield f"{each.kind} {each.name}: {counting}"
    if found.untested:
        yield f"nobody to compare with: {', '.join(found.untested)}"


def _outlier(each: Outlier, parts: str) -> str:
    where = f"on {parts} {each.segment}" if each.segment else f"over all {parts}s"
    if each.segment == "":
        where = f"on leads without a {parts}"
    return (
        f"{each.author} calls {each.junk:,} of {each.labels:,} so {where}; at the others' rate it would be "
        f"{each.expected:,.0f} (by chance: {each.chance:.1g})"
    )
