"""Where people come in who have signed in: the session is looked up, and what their role allows.

It is looked up at every request, so that what ends a session ends it at once, whichever process is asked.
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from winnow.core.apikeys import Scope
from winnow.core.people.accounts import SignedIn
from winnow.errors import NotAllowedError, NotAuthenticatedError, NotConfirmedError
from winnow.ports import Clock
from winnow.services.sign_in import SignIns
from winnow.shells.http.asgi import AsgiScope, client_of
from winnow.shells.http.browser import SAFE_METHODS, need_own_page, session_token
from winnow.shells.http.door import too_many
from winnow.shells.http.limits import Limit, Rate, origin_of

T = TypeVar("T")

#: Sessions that are none, from one address: pages left open over night ask again now and then.
STRANGERS = Rate(per_second=2.0, burst=60)
#: Passwords and links from one address, in this process: keeps what is counted in the database from being flooded.
TRIES = Rate(per_second=1.0, burst=60)
#: Passwords that are compared at the same time; more wait their turn without holding a thread.
AT_ONCE = 2


class Reception:
    """Lets in whoever has signed in; for one loop."""

    def __init__(self, sign_ins: SignIns, clock: Clock, requests: Limit) -> None:
        """`requests` limits each person."""
        self._sign_ins = sign_ins
        self._clock = clock
        self._requests = requests
        self._strangers, self._tries = Limit(STRANGERS), Limit(TRIES)
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def admit(
        self, scope: AsgiScope, needed: Scope | None, now: float, *, confirmed: bool = False, unasked: bool = False
    ) -> SignedIn:
        """Who asks for what needs a scope (None: any role will do); `now` is monotonic.

        confirmed: they have to have proved just now who they are · unasked: a page asks by itself, so that nobody
        need be there, and their session does not last longer for it

        Raises NotAuthenticatedError without a live session, NotAllowedError for a role that may not or a page that is
        not ours, NotConfirmedError, RefusedRequestError (429) for too many requests.
        """
        if scope["method"] not in SAFE_METHODS:
            need_own_page(scope)
        caller = await self._known(scope, now, unasked=unasked)
        granted, wait = self._requests.take(caller.id, now)
        if not granted:
            raise too_many("more requests were made than one person may make", wait)
        if needed is not None and needed not in caller.scopes:
            raise NotAllowedError("your role does not allow this", fix=f"ask for a role with `{needed}`")
        if confirmed and not caller.session.confirmed(self._clock.now()):
            raise NotConfirmedError(
                "this needs your password once more", fix="POST /v1/session/confirm, then try again"
            )
        return caller

    async def in_turn(self, attempt: Callable[[], T]) -> T:
        """Passwords take time to compare; who waits for that holds no thread, which others need for other things."""
        async with self._turn:
            return await asyncio.to_thread(attempt)

    def tried(self, scope: AsgiScope, now: float) -> None:
        """Count something that is tried without a session; raises RefusedRequestError (429)."""
        granted, wait = self._tries.take(origin_of(client_of(scope)), now)
        if not granted:
            raise too_many("it was tried too often from this address", wait)

    async def _known(self, scope: AsgiScope, now: float, *, unasked: bool) -> SignedIn:
        token, origin = session_token(scope), origin_of(client_of(scope))
        wait = self._strangers.wait(origin, now)
        if token and wait > 0.0:
            raise too_many("too many sessions that have ended came from this address", wait)
        caller = await asyncio.to_thread(self._sign_ins.who, token, unasked=unasked) if token else None
        if caller is None:
            self._strangers.take(origin, now)
            raise NotAuthenticatedError("nobody is signed in", fix="sign in with POST /v1/session")
        return caller
