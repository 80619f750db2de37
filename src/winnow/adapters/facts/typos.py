"""Finds the big mail provider a domain was most likely meant to be.

A slip is one letter more, fewer, other, or two neighbours swapped (optimal string alignment distance
1). Real names lie that close as well, so four rules keep honest domains out; they were found by
looking at which of the million most visited domains would otherwise be taken for slips:

- a domain that exists as a provider, relay or listed exception is no slip
- the first letter is right (`email.com`, `qcloud.com` are real names), unless the first two are swapped
- a right name under another real ending is a subsidiary or a stranger (`yahoo.co.il`), except under
  `co`, `cm` and `om` instead of `com`
- names shorter than five letters only count when the ending does not exist at all (`gmx.dr`)
"""

from collections.abc import Container, Iterable

from rapidfuzz.distance import OSA

#: Below this many letters a name has too many honest neighbours.
_TELLING_LENGTH = 5

_SLIPS_OF_COM = frozenset({"co", "cm", "om"})


class Typos:
    """Compares domains with big providers.

    known: domains that exist as providers, never slips
    """

    def __init__(self, targets: Iterable[str], known: Container[str]) -> None:
        self._known = known
        self._by_letter: dict[str, list[str]] = {}
        for provider in sorted(targets):
            self._by_letter.setdefault(provider[0], []).append(provider)

    def target(self, domain: str, suffix: str | None) -> str | None:
        """The provider that was meant; `suffix` is the domain's public suffix, None for one that does not exist."""
        if domain in self._known:
            return None
        for letter in dict.fromkeys(domain[:2]):
            for provider in self._by_letter.get(letter, ()):
                if OSA.distance(domain, provider, score_cutoff=1) <= 1 and _plausible(domain, suffix, provider):
                    return provider
        return None


def _plausible(domain: str, suffix: str | None, provider: str) -> bool:
    if not _same_start(domain, provider):
        return False
    if suffix is None:
        return True
    name, _, ending = provider.partition(".")
    if len(name) < _TELLING_LENGTH:
        return False
    return domain.partition(".")[0] != name or (ending == "com" and suffix in _SLIPS_OF_COM)


def _same_start(domain: str, provider: str) -> bool:
    return domain[0] == provider[0] or domain[:2] == provider[1] + provider[0]
