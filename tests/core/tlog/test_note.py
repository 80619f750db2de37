from base64 import b64decode, b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.support.logs import KEY, SIGNER, STRANGER
from winnow.adapters.keys import LogSigner, verify_signature
from winnow.core.tlog import (
    EMPTY,
    Checkpoint,
    Head,
    VerifierKey,
    checkpoint_from,
    open_checkpoint,
    open_note,
    parse_note,
    sign_note,
    verifier_key,
)
from winnow.errors import BrokenLogError, InvalidInputError

# The example of c2sp.org/signed-note, and those of golang.org/x/mod/sumdb/note.
FOO_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
FOO_LINE = (
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
PETER_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SECRET = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PETER_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ENOCH_KEY = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
ENOCH_LINE = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
)
CRYPTOGRAPHY = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PUBLISHED = [
    (FOO_KEY, "This is an example message.\n", FOO_LINE),
    (PETER_KEY, CRYPTOGRAPHY, PETER_LINE),
    (PETER_KEY, CRYPTOGRAPHY, PETER_LINE + ENOCH_LINE),
    (ENOCH_KEY, CRYPTOGRAPHY, PETER_LINE + ENOCH_LINE),
]

# Two checkpoints of the Go checksum database, and the example of c2sp.org/tlog-checkpoint.
SUMDB_KEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
SUMDB = "go.sum database tree"
SUMDB_CHECKPOINTS = [
    (
        31_700_353,
        "go.sum database tree\n31700353\nqINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=\n\n— sum.golang.org "
        "Az3grnmrIUEDFqHzAElIQCPNoRFRAAdFo47fooyWKMHb89k11GJh5zHIfNCOBmwn/C3YI8oW9/C8DJ87F61QqspBYwM=\n",
    ),
    (
        65_209_736,
        "go.sum database tree\n65209736\n5+uGFjx6xBZG8ip1+wi77v+grwbhhukIrxEUS8PXvRo=\n\n— sum.golang.org "
        "Az3grnbssgK7ubgFX36gVETtNv0U23qxyAhAMai2QUfeGa3nB/akvkMdlUErfcZz7l/R3cVtYspg3dxXABkGZZKdsQ8=\n",
    ),
]
SOFA = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)


@pytest.mark.parametrize(("key", "text", "lines"), PUBLISHED)
def test_the_published_notes_are_signed_as_they_say(key, text, lines):
    assert open_note(f"{text}\n{lines}", verifier_key(key), verify_signature) == text
    with pytest.raises(BrokenLogError, match="false signature"):
        open_note(f"!{text}\n{lines}", verifier_key(key), verify_signature)


@pytest.mark.parametrize("text", [FOO_KEY, PETER_KEY, ENOCH_KEY, SUMDB_KEY])
def test_the_published_keys_have_the_ids_they_say(text):
    assert str(verifier_key(f" {text}\n")) == text


def test_a_published_key_signs_what_it_is_published_to_have_signed():
    peter = LogSigner("PeterNeumann", Ed25519PrivateKey.from_private_bytes(b64decode(PETER_SECRET)[1:]))
    assert str(peter.key) == PETER_KEY
    assert peter.sign(CRYPTOGRAPHY) == f"{CRYPTOGRAPHY}\n{PETER_LINE}"


@pytest.mark.parametrize(("size", "note"), SUMDB_CHECKPOINTS)
def test_the_published_checkpoints(size, note):
    checkpoint = open_checkpoint(note, verifier_key(SUMDB_KEY), verify_signature, origin=SUMDB)
    assert (checkpoint.origin, checkpoint.head.size) == (SUMDB, size)
    assert note.startswith(checkpoint.text)
    with pytest.raises(BrokenLogError, match="is of the log `go"):
        open_checkpoint(note, verifier_key(SUMDB_KEY), verify_signature)


def test_the_checkpoint_of_the_specification():
    note = parse_note(SOFA)
    checkpoint = checkpoint_from(note.text)
    assert (checkpoint.origin, checkpoint.head.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert (note.signatures[0].name, note.signatures[0].id.hex()) == ("example.com/behind-the-sofa", "033de0ae")


def test_our_checkpoints_are_read_as_they_were_signed():
    head = Head(7, bytes(range(32)))
    assert open_checkpoint(SIGNER.sign_head(head), KEY, verify_signature) == Checkpoint(KEY.name, head)
    assert SIGNER.sign_head(EMPTY).startswith(
        "winnow.example/log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n— "
    )


def test_somebody_elses_signature_is_none():
    note = STRANGER.sign_head(EMPTY)
    with pytest.raises(BrokenLogError, match="is not signed by `winnow"):
        open_checkpoint(note, KEY, verify_signature)
    ours = SIGNER.sign_head(EMPTY).splitlines()[-1]
    assert open_checkpoint(f"{note}{ours}\n", KEY, verify_signature).head == EMPTY


def test_our_signature_under_another_name_is_not_ours():
    with pytest.raises(BrokenLogError, match="is not signed by"):
        open_note(SIGNER.sign_head(EMPTY).replace("— winnow.example/log", "— other.example"), KEY, verify_signature)


def test_one_false_signature_spoils_the_note():
    false = SIGNER.sign_head(Head(1, bytes(32))).splitlines()[-1]
    with pytest.raises(BrokenLogError, match="false signature"):
        open_checkpoint(f"{SIGNER.sign_head(EMPTY)}{false}\n", KEY, verify_signature)


LINE = SIGNER.sign_head(EMPTY).splitlines()[-1]


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        "text\n\n",
        f"text\n{LINE}\n",
        f"text\n\n{LINE}",
        f"text\r\n\n{LINE}\n",
        f"te\x00xt\n\n{LINE}\n",
        f"te\ud800xt\n\n{LINE}\n",
        f"text\n\n{LINE} \n",
        f"text\n\n {LINE}\n",
        f"text\n\n{LINE}\nno signature\n",
        f"text\n\n{LINE.replace('—', '-')}\n",
        "text\n\n— name AAAA\n",
        "text\n\n— name AAAAAB==\n",
        "text\n\n— na+me AAAAAAA=\n",
        "text\n\n— na\u2003me AAAAAAA=\n",
        "text\n\n—  AAAAAAA=\n",
        "text\n\n— name AAAAAAA\n",
        "text\n\n— name AAAA_AA=\n",
        "text\n\n" + f"{LINE}\n" * 33,
        "t" * 1_000_001 + f"\n\n{LINE}\n",
    ],
)
def test_what_is_no_note(note):
    with pytest.raises(BrokenLogError, match="this is no signed note"):
        parse_note(note)


def test_a_note_may_have_empty_lines_and_many_signatures():
    note = parse_note("one\n\ntwo\n\n" + f"{LINE}\n" * 32)
    assert note.text == "one\n\ntwo\n"
    assert len(note.signatures) == 32


ROOT = b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "log\n1\n",
        f"log\n1\n{ROOT}",
        f"\n1\n{ROOT}\n",
        f"log\n\n{ROOT}\n",
        f"log\n1\n{ROOT}\n\n",
        f"log\n01\n{ROOT}\n",
        f"log\n+1\n{ROOT}\n",
        f"log\n-1\n{ROOT}\n",
        f"log\n١\n{ROOT}\n",
        f"log\n{10**19}\n{ROOT}\n",
        f"log\n1\n{ROOT[:-1]}\n",
        f"log\n1\n{b64encode(bytes(31)).decode()}\n",
        f"log\n1\n {ROOT}\n",
        "log\n1\n" + "A" * 42 + "B=\n",
        "log\n1\né" + ROOT[1:] + "\n",
    ],
)
def test_what_is_no_checkpoint(text):
    with pytest.raises(BrokenLogError, match="this note is no checkpoint"):
        checkpoint_from(text)


def test_extension_lines_are_kept():
    text = f"log\n1\n{ROOT}\none\ntwo\n"
    assert checkpoint_from(text) == Checkpoint("log", Head(1, bytes(32)), ("one", "two"))
    assert checkpoint_from(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+530d903a",
        FOO_KEY.replace("530d903a", "530D903A"),
        FOO_KEY.replace("Aek", "Bek"),
        FOO_KEY[:-4],
        FOO_KEY + "=",
        FOO_KEY.replace("foo", "fo o"),
    ],
)
def test_what_is_no_key(text):
    with pytest.raises(InvalidInputError, match="is no Ed25519 verifier key"):
        verifier_key(text)


@pytest.mark.parametrize("text", [FOO_KEY.replace("530d903a", "530d903b"), FOO_KEY.replace("foo", "fox")])
def test_a_key_with_the_id_of_another(text):
    with pytest.raises(InvalidInputError, match="the id of another key"):
        verifier_key(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\nb", "a\x00b", "a\ud800b"])
def test_a_name_that_would_not_fit_in_a_note(name):
    with pytest.raises(InvalidInputError, match="cannot name a log"):
        VerifierKey(name, bytes(32))


@pytest.mark.parametrize("text", ["", "no newline", "tab\t\n"])
def test_a_text_that_would_be_no_note_is_not_signed(text):
    with pytest.raises(InvalidInputError, match="whole lines"):
        sign_note(text, KEY, lambda _: bytes(64))
