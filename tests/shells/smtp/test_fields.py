"""Header fields: what is for the gate is taken out, the way to unsubscribe is put in, all else stays byte by byte."""

import pytest

from winnow.shells.smtp.fields import Existing, fields_of, outgoing, said

LINK = "https://w.example/u/t"
OURS = b"List-Unsubscribe: <https://w.example/u/t>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
THEIRS = b"LIST-UNSUBSCRIBE : <https://x.example>,\r\n <mailto:x@x.example>\r\nList-Unsubscribe-Post: yes\r\n"
OTHERS = b"Subject: a\r\n b\r\nDKIM-Signature: v=1;\r\n\tb=x\r\nnot a field\r\nX-Winnow: stays\r\nTo: \xff@x\r\n"


@pytest.mark.parametrize(
    ("head", "link", "existing", "expected"),
    [
        (OTHERS, LINK, Existing.REPLACE, OURS + OTHERS),
        (OTHERS, None, Existing.REPLACE, OTHERS),
        (OTHERS + THEIRS, LINK, Existing.REPLACE, OURS + OTHERS),
        (OTHERS + THEIRS, LINK, Existing.KEEP, OTHERS + THEIRS),
        (OTHERS, LINK, Existing.KEEP, OURS + OTHERS),
        (OTHERS + THEIRS, None, Existing.REPLACE, OTHERS + THEIRS),
        (b"x-winnow-permit: a\r\n\tb\r\n" + OTHERS + b"X-WINNOW-REASON : c\r\n", None, Existing.KEEP, OTHERS),
        (b"", LINK, Existing.KEEP, OURS),
    ],
)
def test_the_header_a_message_leaves_with(head, link, existing, expected):
    assert outgoing(fields_of(head), "by gate", link, existing) == b"Received: by gate\r\n" + expected


@pytest.mark.parametrize("head", [b"", OTHERS, THEIRS, b"A: 1\r\n" * 3, b" begins with a blank\r\n"])
def test_fields_are_the_whole_header(head):
    assert b"".join(field.raw for field in fields_of(head)) == head


def test_a_field_says_one_thing_or_nothing():
    found = fields_of(b"A: 1\r\n 2\r\nB:\r\nb: x\r\n")
    assert said(found, "a") == "1 2"
    assert said(found, "c") is None
    with pytest.raises(ValueError, match="b"):
        said(found, "b")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (b"=?utf-8?q?wpt=5Feya?=\r\n =?utf-8?q?bb?=", "wpt_eyabb"),
        (b"=?UTF-8?B?ZsO8ciBkaWU=?= Messe", "f\u00fcr die Messe"),
        (b"=?iso-8859-1?Q?f=FCr_die_Messe?=", "f\u00fcr die Messe"),
        (b"=?nope?q?a?= =?utf-8?b?a?=", "=?nope?q?a?= =?utf-8?b?a?="),
        (b"=?utf-8?q?a=00b=ff?= =?unicode_escape?q?=5Cud800?=", "a\ufffdb\ufffd\ufffd"),
        (b"1 =? 2 ?= 3", "1 =? 2 ?= 3"),
    ],
    ids=["a permit as Python sends it", "Base64", "quoted", "unreadable stays", "nothing unseen", "no word"],
)
def test_a_field_says_the_same_whichever_way_a_mail_library_wrote_it(written, expected):
    assert said(fields_of(b"X-Winnow-Reason: " + written + b"\r\n"), "x-winnow-reason") == expected
