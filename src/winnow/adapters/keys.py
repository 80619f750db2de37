"""The one home of secrets and random ids: keys on the disk, keys derived from them, and the draw of new ones."""

import base64
import os
import secrets  # noqa: TID251 - keys and ids are made here
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from winnow.core.tlog import Head, VerifierKey, sign_checkpoint, sign_note
from winnow.errors import InvalidInputError, WinnowError

KEY_BYTES = 32
LOG_KEY, MASTER_KEY, PEPPER = "log.pem", "master.key", "pepper.key"

_OTHERS = 0o077
_OTHERS_MAY_WRITE = 0o022
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
#: Crockford's digits: none is mistaken for another, their order is that of their values, and `_` is not among them.
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_TO_CROCKFORD = str.maketrans(_BASE32, _CROCKFORD, "=")
#: 160 bits are 32 digits; the first 6 of them stand for the 30 bits that an id of 130 bits does not have.
_ID_BYTES, _SPARE_DIGITS = 20, 6
_RANDOM_BITS = 80
_EPOCH, _MILLISECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class LogSigner:
    """Signs the heads of one log; `name` is its origin and the name of its key."""

    name: str
    private: Ed25519PrivateKey = field(repr=False)

    @property
    def key(self) -> VerifierKey:
        """What others check the signatures with; its text is `str(signer.key)`."""
        return VerifierKey(self.name, self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    def sign(self, body: str) -> str:
        """The signed note of a text that ends in a newline."""
        return sign_note(body, self.key, self.private.sign)

    def sign_head(self, head: Head) -> str:
        """The signed checkpoint of a head. Never sign two heads that contradict each other."""
        return sign_checkpoint(head, self.key, self.private.sign)


def verify_signature(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether this Ed25519 public key made this signature over this message."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Keys:
    """The three secrets of an installation. Whoever has them can read, recognise and sign everything."""

    log: Ed25519PrivateKey = field(repr=False)
    master: bytes = field(repr=False)
    pepper: bytes = field(repr=False)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The keys in a folder; raises WinnowError when one is missing, damaged or open to others."""
        _check_folder(folder)
        return cls(
            _signing_key(folder / LOG_KEY), _secret(folder / MASTER_KEY, KEY_BYTES), _secret(folder / PEPPER, KEY_BYTES)
        )

    @classmethod
    def make(cls, folder: Path) -> Self:
        """The keys in a folder, made where they are missing: only for an installation that holds no data yet.

        Killed half-way, or called by two processes at once, it ends with one set of keys that both use.
        """
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise _not_written(folder, error) from None
        _check_folder(folder)
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        fresh = {LOG_KEY: pem, MASTER_KEY: token_bytes(KEY_BYTES), PEPPER: token_bytes(KEY_BYTES)}
        for name, content in fresh.items():
            _write_once(folder / name, content)
        return cls.load(folder)

    def sealing(self, purpose: str) -> bytes:
        """A key of 32 bytes for sealing, a different one for each purpose."""
        return _derived(self.master, purpose)

    def hashing(self, purpose: str) -> bytes:
        """A key of 32 bytes for keyed hashes, a different one for each purpose."""
        return _derived(self.pepper, purpose)

    def signer(self, name: str) -> LogSigner:
        """What signs the log of this name."""
        return LogSigner(name, self.log)

    def permits(self, name: str) -> LogSigner:
        """What signs permits under this name, with a key of its own: no permit is ever taken for a head of the log."""
        return LogSigner(name, Ed25519PrivateKey.from_private_bytes(_derived(self.master, "permits")))


def _derived(key: bytes, purpose: str) -> bytes:
    """HKDF-SHA256 (RFC 5869) without salt: the key is uniformly random already."""
    return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=f"winnow/v1/{purpose}".encode()).derive(key)


# ── Ids and tokens ───────────────────────────────────────────────────────────────────────────────


def token_bytes(count: int) -> bytes:
    """So many random bytes, fit for keys and nonces."""
    return secrets.token_bytes(count)


def new_id(prefix: str, now: datetime) -> str:
    """An id such as `ld_01jqz…`: a ULID in lower case, so that ids sort by the millisecond they were made in.

    Args:
        prefix: what it is an id of, such as `ld` for a lead.
        now: the present moment, aware.
    """
    milliseconds = (now - _EPOCH) // _MILLISECOND
    value = milliseconds << _RANDOM_BITS | int.from_bytes(token_bytes(_RANDOM_BITS // 8), "big")
    return f"{prefix}_{_crockford(value.to_bytes(_ID_BYTES, 'big'))[_SPARE_DIGITS:]}"


def new_secret() -> str:
    """A secret of 256 random bits in 52 letters and digits, without `_`, so that it can end `prefix_id_secret`."""
    return _crockford(token_bytes(KEY_BYTES))


def _crockford(content: bytes) -> str:
    return base64.b32encode(content).decode().translate(_TO_CROCKFORD)


# ── Files ────────────────────────────────────────────────────────────────────────────────────────


def _check_folder(folder: Path) -> None:
    try:
        mode = folder.stat().st_mode
    except OSError as error:
        what = f"the folder of the keys cannot be read: {error.strerror}"
        raise WinnowError(what, where=str(folder), fix="restore the keys from the backup") from None
    if os.name == "posix" and mode & _OTHERS_MAY_WRITE:
        what = "others may write to the folder of the keys"
        raise WinnowError(what, where=str(folder), fix=f"chmod 700 {folder}")


def _secret(path: Path, size: int | None = None) -> bytes:
    try:
        with path.open("rb") as file:
            mode, content = os.fstat(file.fileno()).st_mode, file.read()
    except FileNotFoundError:
        what = "this key is missing, and nothing it protects can be read without it"
        raise WinnowError(what, where=str(path), fix="restore it from the backup") from None
    except OSError as error:
        what = f"this key cannot be read: {error.strerror}"
        raise WinnowError(what, where=str(path), fix="make it readable to this user") from None
    if os.name == "posix" and mode & _OTHERS:
        raise WinnowError("others may read this key", where=str(path), fix=f"chmod 600 {path}")
    if size not in {None, len(content)}:
        what = f"this key has {len(content)} bytes, not {size}"
        raise WinnowError(what, where=str(path), fix="restore it from the backup")
    return content


def _signing_key(path: Path) -> Ed25519PrivateKey:
    """As PEM, which other programs write too, or as its 32 bytes."""
    content = _secret(path)
    if len(content) == KEY_BYTES:
        return Ed25519PrivateKey.from_private_bytes(content)
    key: object = None
    with suppress(ValueError, TypeError):
        key = load_pem_private_key(content, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        what = "this is no Ed25519 private key without a password"
        raise InvalidInputError(what, where=str(path), fix="restore it from the backup")
    return key


def _write_once(path: Path, content: bytes) -> None:
    """Put a file there, whole and on the disk, unless there is one: a link takes the name in one step or fails."""
    fresh = path.with_name(f".{path.name}.{token_bytes(8).hex()}")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        with suppress(FileExistsError):
            os.link(fresh, path)
    except OSError as error:
        raise _not_written(path.parent, error) from None
    finally:
        fresh.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _not_written(folder: Path, error: OSError) -> WinnowError:
    what = f"the keys cannot be written: {error.strerror}"
    return WinnowError(what, where=str(folder), fix="give a folder on a local disk that this user may write to")


def _sync_folder(folder: Path) -> None:
    """Make the names in a folder last through a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
