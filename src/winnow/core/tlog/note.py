"""Signed notes and checkpoints, the texts in which a log publishes its head (c2sp.org/signed-note, tlog-checkpoint)."""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from winnow.core.tlog.tree import HASH_BYTES, Head
from winnow.errors import BrokenLogError, InvalidInputError

#: Ed25519 over a message: signature of 64 bytes.
Sign = Callable[[bytes], bytes]
#: Whether a public key (32 bytes) made a signature (64 bytes) over a message, in this order.
Verify = Callable[[bytes, bytes, bytes], bool]

_ED25519 = b"\x01"
_ID_BYTES = 4
#: More than the 16 that every reader must accept, few enough to bound the work.
_MOST_SIGNATURES = 32
_MOST_CHARACTERS = 1_000_000
_SIGNATURE_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_KEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_MORE_THAN_SIZE_AND_ROOT = 3


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """What a note is checked with: the name of the log and its Ed25519 public key of 32 bytes."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        if not self.name or re.search(r"[\s+]", self.name) or _CONTROL.search(self.name):
            raise InvalidInputError(f"`{self.name}` cannot name a log", fix="leave out blanks and +")

    @property
    def id(self) -> bytes:
        """The 4 bytes that tell its signatures from others (c2sp.org/signed-note, Signatures)."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        """The text people exchange: `name+id+key`."""
        return f"{self.name}+{self.id.hex()}+{b64encode(_ED25519 + self.public).decode()}"


def verifier_key(text: str) -> VerifierKey:
    """The key that a text says; raises InvalidInputError when its parts do not fit together."""
    found = _KEY.fullmatch(text.strip())
    content = _decoded(found[3]) if found else None
    if not found or content is None or content[:1] != _ED25519 or len(content) != 1 + HASH_BYTES:
        raise InvalidInputError(f"`{text}` is no Ed25519 verifier key", fix="give it as name+id+key")
    key = VerifierKey(found[1], content[1:])
    if key.id.hex() != found[2]:
        raise InvalidInputError(f"`{text}` has the id of another key", fix="copy the verifier key again")
    return key


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: who signed, with the key of which id, and the signature itself."""

    name: str
    id: bytes
    content: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text ending in a newline, and who signed it. Nothing in it is true until a signature was checked."""

    text: str
    signatures: tuple[Signature, ...]


def parse_note(note: str) -> Note:
    """Text and signatures of a note; raises BrokenLogError for what is none. Signatures are not checked."""
    cut = note.rfind("\n\n")
    if len(note) > _MOST_CHARACTERS or cut < 0 or not note.endswith("\n") or _CONTROL.search(note):
        raise _no_note("it needs a text, an empty line and signatures, without control characters")
    lines = note[cut + 2 : -1].split("\n")
    if len(lines) > _MOST_SIGNATURES:
        raise _no_note(f"it has {len(lines)} lines of signatures, and {_MOST_SIGNATURES} are the most")
    return Note(note[: cut + 1], tuple(map(_signature, lines)))


def _signature(line: str) -> Signature:
    found = _SIGNATURE_LINE.fullmatch(line)
    content = _decoded(found[2]) if found else None
    if not found or content is None or len(content) <= _ID_BYTES:
        raise _no_note(f"`{line}` is no signature")
    return Signature(found[1], content[:_ID_BYTES], content[_ID_BYTES:])


def open_note(note: str, key: VerifierKey, verify: Verify) -> str:
    """The text of a note that the key signed; raises BrokenLogError otherwise. Signatures of others do not matter."""
    parsed = parse_note(note)
    ours = [each.content for each in parsed.signatures if (each.name, each.id) == (key.name, key.id)]
    if not ours:
        raise BrokenLogError(f"this note is not signed by `{key.name}`", fix="check the verifier key")
    if not all(verify(key.public, signature, parsed.text.encode()) for signature in ours):
        raise BrokenLogError(f"this note has a false signature of `{key.name}`", fix="do not trust it")
    return parsed.text


def sign_note(text: str, key: VerifierKey, sign: Sign) -> str:
    """A text, ending in a newline, as a note with one signature."""
    if not text.endswith("\n") or _CONTROL.search(text):
        raise InvalidInputError("a note is made of whole lines without control characters", fix="end it with a newline")
    return f"{text}\n— {key.name} {b64encode(key.id + sign(text.encode())).decode()}\n"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log as it is signed; `origin` names the log. We add no `extensions`, others may."""

    origin: str
    head: Head
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text of the note (c2sp.org/tlog-checkpoint, Note text)."""
        return "\n".join([self.origin, str(self.head.size), b64encode(self.head.root).decode(), *self.extensions, ""])


def checkpoint_from(text: str) -> Checkpoint:
    """The checkpoint that the text of a note states; raises BrokenLogError when it states none."""
    lines = text.split("\n")
    if len(lines) <= _MORE_THAN_SIZE_AND_ROOT or lines.pop() or not all(lines):
        raise _no_checkpoint("it needs three lines that are not empty")
    origin, size, root, *extensions = lines
    content = _decoded(root)
    if not _SIZE.fullmatch(size):
        raise _no_checkpoint(f"`{size}` is no number of entries")
    if content is None or len(content) != HASH_BYTES:
        raise _no_checkpoint(f"`{root}` is no SHA-256 hash")
    return Checkpoint(origin, Head(int(size), content), tuple(extensions))


def sign_checkpoint(head: Head, key: VerifierKey, sign: Sign) -> str:
    """The note that publishes a head; its origin is the key's name. Never sign two that contradict each other."""
    return sign_note(Checkpoint(key.name, head).text, key, sign)


def open_checkpoint(note: str, key: VerifierKey, verify: Verify, origin: str | None = None) -> Checkpoint:
    """What a signed checkpoint says; raises BrokenLogError when it is not signed by the key or of another log."""
    checkpoint = checkpoint_from(open_note(note, key, verify))
    expected = key.name if origin is None else origin
    if checkpoint.origin != expected:
        raise BrokenLogError(f"this checkpoint is of the log `{checkpoint.origin}`", fix=f"give one of `{expected}`")
    return checkpoint


def _decoded(text: str) -> bytes | None:
    """The bytes of standard Base64 (RFC 4648 section 4) in its one canonical form; None for anything else."""
    try:
        content = b64decode(text, validate=True)
    except ValueError:
        return None
    return content if b64encode(content).decode() == text else None


def _no_note(why: str) -> BrokenLogError:
    return BrokenLogError(f"this is no signed note: {why}", fix="copy the whole checkpoint")


def _no_checkpoint(why: str) -> BrokenLogError:
    return BrokenLogError(f"this note is no checkpoint: {why}", fix="copy the whole checkpoint")
