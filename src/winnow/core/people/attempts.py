"""How often somebody may try to prove who they are: buckets of attempts, one an account and one an address."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many attempts at once, and after that one more each `every`."""

    burst: int
    every: timedelta

    @property
    def window(self) -> timedelta:
        """How long an empty bucket takes to fill."""
        return self.burst * self.every


#: For an account: some typing errors a day; whoever guesses gets less than 300 tries a day, at passwords of 12
#: characters or more.
OF_ACCOUNT = Allowance(10, timedelta(minutes=5))
#: For an address, which a whole office may share.
OF_ADDRESS = Allowance(30, timedelta(seconds=30))
#: For letters to an address, which somebody else may ask for.
OF_MAILBOX = Allowance(3, timedelta(hours=1))
