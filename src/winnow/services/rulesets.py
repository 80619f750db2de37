"""Rulesets: put in, compared, made the live one once a second person has signed them."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from winnow.core.canonical import differences
from winnow.core.ruleset import Ruleset
from winnow.core.ruleset_read import ruleset_from, ruleset_from_toml
from winnow.core.toml_text import need_tame
from winnow.errors import NotFoundError, WinnowError
from winnow.ports import Clock, Ground, KnownRuleset, Page, RulesetStore

#: A whole SHA-256 in hexadecimal digits, or enough of its beginning.
_WHOLE = 64
_DIGEST = re.compile(r"[0-9a-f]{8,64}")

#: What a ruleset may go live on, for somebody who asks; raises NotAllowedError with what is lacking.
FindGround = Callable[[Ruleset, str], Ground]


@dataclass(frozen=True, slots=True)
class InForce:
    """The live ruleset: `known` as it was activated, `bound` as it decides.

    Bound to the lists and the reference data of this installation it has another hash, which its decisions name.
    """

    known: KnownRuleset
    bound: Ruleset


class RulesetDesk:
    """Where rulesets are put in and activated.

    bound: gives the live one as it decides · ground: says what one may go live on
    """

    def __init__(
        self,
        store: RulesetStore,
        bound: Callable[[], Ruleset],
        clock: Clock,
        ground: FindGround,
        check: Callable[[Ruleset], None] = lambda _: None,
    ) -> None:
        """`check`: raises InvalidRulesetError for a policy that is not what it says, see `govern.examples`."""
        self._store = store
        self._bound = bound
        self._clock = clock
        self._ground = ground
        self._check = check

    def add_text(self, text: str, author: str) -> KnownRuleset:
        """Keep a ruleset given as the text of a TOML file; raises InvalidRulesetError with the line."""
        need_tame(text, "toml")
        return self._add(ruleset_from_toml(text, "toml"), author)

    def add(self, document: Mapping[str, object], author: str) -> KnownRuleset:
        """Keep a ruleset given as plain tables; raises InvalidRulesetError with the path."""
        return self._add(ruleset_from(document), author)

    def _add(self, ruleset: Ruleset, author: str) -> KnownRuleset:
        free = ruleset.unbound
        free.plan  # noqa: B018  # compiling is what finds unknown signals and bad rules
        self._check(free)
        self._store.add(free, author, self._clock.now())
        return self._store.known(free.hash)

    def activate(self, digest: str, actor: str) -> KnownRuleset:
        """Make a ruleset the live one; of one that is bound to lists and reference data, what it was before that.

        Raises NotFoundError, and NotAllowedError with what is lacking.
        """
        ruleset = ruleset_from(self.document(digest)).unbound
        self._store.activate(ruleset, actor, self._clock.now(), self._ground(ruleset, actor))
        return self._store.known(ruleset.hash)

    def check(self, ruleset: Ruleset, actor: str) -> Ground:
        """What a ruleset would go live on; raises NotAllowedError with what is lacking."""
        return self._ground(ruleset.unbound, actor)

    def page(self, after: str | None, limit: int) -> Page[KnownRuleset]:
        """Those that people added or that were live, the newest first."""
        return self._store.page(after, limit)

    def known(self, digest: str) -> KnownRuleset:
        """What is known of one; of one that is bound to lists and reference data, of what it was before that.

        Raises NotFoundError.
        """
        if len(digest) == _WHOLE:
            with suppress(NotFoundError):
                return self._store.known(digest)  # as most ask, and much quicker than reading all of it
        return self._store.known(ruleset_from(self.document(digest)).unbound.hash)

    def document(self, digest: str) -> Mapping[str, object]:
        """A ruleset as plain tables, by its hash or at least eight digits of its beginning; raises NotFoundError."""
        if not _DIGEST.fullmatch(digest):
            raise NotFoundError("this is no hash of a ruleset", fix="give 8 to 64 hexadecimal digits")
        return self._store.document(digest)

    def live(self) -> InForce:
        """The live one."""
        live = self._store.live()
        if live is None:
            raise WinnowError("no ruleset is live", fix="activate one")
        return InForce(self._store.known(live.hash), self._bound())

    def differences(self, before: str, after: str) -> list[tuple[str, object, object]]:
        """Every place where two rulesets differ, as (path, before, after)."""
        return differences(self.document(before), self.document(after))
