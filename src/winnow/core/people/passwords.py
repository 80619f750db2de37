"""Which passwords are taken: long ones that are not among the first that anybody would try (NIST SP 800-63B, 5.1.1).

No rule asks for kinds of characters, and none lets a password grow old: both make people choose worse ones.
"""

import re
import unicodedata

from winnow.errors import InvalidInputError

#: Characters; NIST asks for 8 where a second factor is asked for too, and here it need not be.
SHORTEST = 12
LONGEST = 256

#: What the commonest long passwords consist of once figures and signs are taken off their ends.
_COMMON = frozenset(
    """
    abc abcd abcdefg administrator admin adminadmin asdf asdfgh asdfghjkl baseball changeme charlie computer default
    dragon football freedom guest hello hellohello iloveyou internet jordan letmein letmeinnow liverpool login master
    michael monkey mustang p@ssword p@ssw0rd passw0rd passphrase password passwordpassword pass princess qazwsx
    qazwsxedc qwer qwert qwerty qwertyqwerty qwertyuiop root secret secretpassword shadow starwars sunshine superman
    system temp temporary test testtest tester testing trustno unknown user username welcome welcomewelcome whatever
    winnow winnowwinnow yourpassword mypassword thisisapassword zxcvbn zxcvbnm
    """.split()
)
#: Rows that fingers walk along.
_ROWS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qazwsxedcrfvtgbyhnujmikolp",
)
_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_FEW = 3


def normal(password: str) -> str:
    """The password as it is hashed: typed on another keyboard, `é` may be two characters (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, email: str) -> None:
    """Raise InvalidInputError unless somebody with this address may have this password."""
    chosen = normal(password)
    if not SHORTEST <= len(chosen) <= LONGEST or not chosen.isprintable():
        what = f"a password is {SHORTEST} to {LONGEST} printable characters"
        raise _refused(what, "take a few words that do not belong together")
    folded = chosen.casefold()
    if _is_address(folded, email.casefold()):
        raise _refused("the password is the mail address", "take something that nobody knows of you")
    if _is_common(folded):
        raise _refused("the password is one of the first that anybody would try", "take a few unrelated words")


def _is_address(folded: str, email: str) -> bool:
    bare = _ENDS.sub("", folded)
    return folded == email or (bool(bare) and bare in {email, _ENDS.sub("", email.partition("@")[0])})


def _is_common(folded: str) -> bool:
    bare = _ENDS.sub("", folded)
    rows = [row * 2 for row in _ROWS]
    return (
        len(set(folded)) <= _FEW
        or bare in _COMMON
        or any(folded in row or folded[::-1] in row for row in rows)
        or _repeats(folded)
    )


def _repeats(folded: str) -> bool:
    """Whether a piece of up to a third is all there is: `abcabcabcabc`."""
    return any(folded == (folded[:size] * len(folded))[: len(folded)] for size in range(1, len(folded) // 3 + 1))


def _refused(what: str, fix: str) -> InvalidInputError:
    return InvalidInputError(what, where="password", fix=fix)
