"""What the API takes and gives about people and their sessions, as types; see `types`."""

from datetime import datetime
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

from winnow.core.apikeys import Scope
from winnow.core.people.accounts import CONFIRMED_FOR, PEOPLES_ROLES, Person, SignedIn, Standing
from winnow.core.people.passwords import LONGEST, SHORTEST
from winnow.services.people import Link

_EXAMPLE_ID = "us_01jd8qg4z5x3n0v7k2m9r6t1wy"
_EXAMPLE_TIME, _LATER = "2026-11-22T08:30:00Z", "2026-11-22T20:30:00Z"
_TOKEN = "thetokenisfiftytwolettersanddigits0123456789abcdefgh"  # noqa: S105  # an example
_ROLES = f"Their roles: {', '.join(PEOPLES_ROLES)}."

Email: TypeAlias = Annotated[
    Annotated[str, Meta(min_length=3, max_length=254)],
    Meta(description="The mail address.", examples=["ana@bluebird.example"]),
]
Name: TypeAlias = Annotated[
    Annotated[str, Meta(min_length=1, max_length=200)],
    Meta(description="The name colleagues know.", examples=["Ana Kovač"]),
]
NewPassword: TypeAlias = Annotated[
    Annotated[str, Meta(min_length=SHORTEST, max_length=LONGEST)],
    Meta(
        description=f"{SHORTEST} to {LONGEST} characters, any; not one of the first that anybody would try.",
        examples=["seven quiet lighthouses"],
    ),
]
Password: TypeAlias = Annotated[
    Annotated[str, Meta(max_length=LONGEST)],
    Meta(description="The password there is.", examples=["seven quiet lighthouses"]),
]
Code: TypeAlias = Annotated[
    Annotated[str, Meta(max_length=20)] | None,
    Meta(description="The code of the authenticator, if one is used.", examples=["492039"]),
]
Roles: TypeAlias = Annotated[
    Annotated[list[str], Meta(min_length=1, max_length=20)], Meta(description=_ROLES, examples=[["reviewer"]])
]


class SignInIn(Struct, forbid_unknown_fields=True):
    """Who signs in."""

    email: Email
    password: Password
    code: Code = None


class ConfirmIn(Struct, forbid_unknown_fields=True):
    """Proof, once more, of who one is."""

    password: Password
    code: Code = None


class PasswordIn(Struct, forbid_unknown_fields=True):
    """Another password."""

    password: Password
    new_password: NewPassword
    code: Code = None


class CodeIn(Struct, forbid_unknown_fields=True):
    """A code of an authenticator."""

    code: Annotated[
        Annotated[str, Meta(min_length=6, max_length=20)],
        Meta(description="The code it shows now.", examples=["492039"]),
    ]


class SetUpIn(Struct, forbid_unknown_fields=True):
    """The first account."""

    token: Annotated[
        Annotated[str, Meta(max_length=200)],
        Meta(description="The end of the link that the first start printed.", examples=[_TOKEN]),
    ]
    email: Email
    name: Name
    password: NewPassword


class JoinIn(Struct, forbid_unknown_fields=True):
    """A password chosen with a link."""

    token: Annotated[
        Annotated[str, Meta(max_length=200)],
        Meta(description="What an administrator was given for you.", examples=[_TOKEN]),
    ]
    password: NewPassword


class ResetIn(Struct, forbid_unknown_fields=True):
    """Whose password is forgotten."""

    email: Email


class InviteIn(Struct, forbid_unknown_fields=True):
    """Somebody to be let in."""

    email: Email
    name: Name
    roles: Roles


class RolesIn(Struct, forbid_unknown_fields=True):
    """Other roles."""

    roles: Roles


class PersonOut(Struct):
    """Somebody who has an account, or was asked to make one."""

    id: Annotated[str, Meta(description="Their id, which the decision log names.", examples=[_EXAMPLE_ID])]
    email: Annotated[str, Meta(description="Their mail address.", examples=["ana@bluebird.example"])]
    name: Annotated[str, Meta(description="Their name.", examples=["Ana Kovač"])]
    roles: Annotated[list[str], Meta(description=_ROLES, examples=[["reviewer"]])]
    standing: Annotated[Standing, Meta(description="How the account stands.", examples=["active"])]
    two_steps: Annotated[bool, Meta(description="Whether a code of an authenticator is asked for.", examples=[True])]
    created_at: Annotated[datetime, Meta(description="When the account was made.", examples=[_EXAMPLE_TIME])]
    created_by: Annotated[
        str, Meta(description="Who made it: a person, a key or `command line`.", examples=["command line"])
    ]
    joined_at: Annotated[
        datetime | None, Meta(description="When they first chose a password.", examples=[_EXAMPLE_TIME])
    ]
    disabled_at: Annotated[datetime | None, Meta(description="When it was disabled.", examples=[_EXAMPLE_TIME])]


class PersonPage(Struct):
    """Some people, those who came first at the front."""

    people: Annotated[list[PersonOut], Meta(description="At most `limit`.")]
    next: Annotated[
        str | None, Meta(description="The `cursor` of the next page; null when there is none.", examples=[_EXAMPLE_ID])
    ] = None


class LinkOut(Struct):
    """Somebody who may choose a password."""

    person: Annotated[PersonOut, Meta(description="Who.")]
    token: Annotated[
        str,
        Meta(description="What they choose it with, once; shown this once. Hand it over safely.", examples=[_TOKEN]),
    ]
    expires_at: Annotated[datetime, Meta(description="Until when it is good.", examples=[_LATER])]
    mailed: Annotated[bool, Meta(description="Whether they are sent it by mail.", examples=[True])] = False


class SessionOut(Struct):
    """Who is signed in, and for how long."""

    person: Annotated[PersonOut, Meta(description="Who.")]
    scopes: Annotated[list[Scope], Meta(description="What their roles allow.", examples=[["decisions:read"]])]
    created_at: Annotated[datetime, Meta(description="Since when.", examples=[_EXAMPLE_TIME])]
    expires_at: Annotated[
        datetime, Meta(description="When it ends at the latest; an hour without use ends it too.", examples=[_LATER])
    ]
    confirmed_until: Annotated[
        datetime, Meta(description="Until when the password is not asked for again.", examples=[_LATER])
    ]


class ResetOut(Struct):
    """What is said to everybody who asks for another password."""

    said: Annotated[
        str,
        Meta(
            description="The same whether or not anybody has the address.",
            examples=["if somebody has an account with this address, a letter with a link is on its way"],
        ),
    ]


class AuthenticatorOut(Struct):
    """What an authenticator has to know; shown this once."""

    secret: Annotated[str, Meta(description="To be typed in.", examples=["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"])]
    uri: Annotated[
        str,
        Meta(
            description="The same for a picture that it reads.",
            examples=["otpauth://totp/Winnow:ana%40bluebird%2Eexample?secret=JBSWY3DPEHPK3PXP&issuer=Winnow"],
        ),
    ]


def person_out(person: Person) -> PersonOut:
    """A person as they are answered."""
    return PersonOut(
        id=person.id,
        email=person.email,
        name=person.name,
        roles=sorted(person.roles),
        standing=person.standing,
        two_steps=person.two_steps,
        created_at=person.created_at,
        created_by=person.created_by,
        joined_at=person.joined_at,
        disabled_at=person.disabled_at,
    )


def link_out(link: Link, *, mailed: bool = False) -> LinkOut:
    """A link as it is answered."""
    return LinkOut(person_out(link.person), link.token, link.until, mailed)


def session_out(signed_in: SignedIn) -> SessionOut:
    """A session as it is answered."""
    session = signed_in.session
    return SessionOut(
        person=person_out(signed_in.person),
        scopes=sorted(signed_in.scopes),
        created_at=session.created_at,
        expires_at=session.expires_at,
        confirmed_until=session.confirmed_at + CONFIRMED_FOR,
    )
