"""The guard over the review queue: do people keep up with what is held for them?"""

from datetime import date, datetime

from winnow.core.monitor.finding import Finding, Guard, Severity, Verdict

#: Overdue cases from which on it is a breach and not an oversight: so many, and such a part of all.
LEAST_OVERDUE, LEAST_PART = 5, 0.1


def behind(waiting: int, overdue: int, oldest_due: datetime | None, today: date) -> Verdict:
    """Whether too many cases wait longer than they should.

    oldest_due: when the case that waits longest should have been done
    Never pauses anything: what would be rejected would only make the queue longer.
    """
    if overdue < LEAST_OVERDUE or overdue < LEAST_PART * waiting:
        return None
    since = oldest_due.date() if oldest_due is not None else today
    figures = (
        f"{overdue:,} of {waiting:,} cases are overdue",
        f"the oldest should have been done by {oldest_due:%Y-%m-%d %H:%M} UTC" if oldest_due else "",
    )
    return Finding(Guard.QUEUE, None, overdue, since, tuple(filter(None, figures)), Severity.NOTICE, pauses=False)
