"""How a file is written is found out, and found out right."""

from io import BytesIO

import pytest

from winnow.adapters.files.csv_reader import CsvDialect
from winnow.adapters.files.sniff import sniff_dialect, sniff_encoding
from winnow.core.mapping import CsvOptions


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"plain\n", "utf-8"),
        (b"", "utf-8"),
        ("Müller,é\n".encode(), "utf-8"),
        ("Müller,é\n".encode("latin-1"), "cp1252"),
        (b"a" * 5_000_000 + "ü\n".encode("latin-1"), "cp1252"),
        (b"a" * ((1 << 22) - 1) + "ü\n".encode(), "utf-8"),
        ("ü\n".encode() * 20 + "ü\n".encode("latin-1"), "utf-8"),
        ("ü\n".encode() + "ü\n".encode("latin-1") * 20, "cp1252"),
        (b"a\xc3", "utf-8"),
    ],
)
def test_encoding(data, encoding):
    assert sniff_encoding(BytesIO(data)) == encoding


def dialect(data: bytes, **options: str) -> CsvDialect:
    return sniff_dialect(BytesIO(data), 0, "utf-8", CsvOptions(**options))


ROWS = "\n".join(f"{number};a, b and {number};x" for number in range(20))
TYPED = (
    b"kind\ttext\n"
    + b'a\the said "yes" to it\nb\tplain\nc\tplain too\n' * 20
    + b'd\t"No" she said\nd\tplain, "really"\n'
)
SLOPPY = b"a,b\n" + b'"x","y"\n' * 30 + b'"x"z,y\n'
DOUBLED = b"a,b\n" + b'x,"say ""yes"""\nx,y\nx,y\nx,y\n' * 9 + b'"x"z,y\n'


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"a,b\n1,2\n", CsvDialect(",")),
        (b"a;b\n1,5;2,5\n", CsvDialect(";")),
        (b"a\tb\n1,2\t3\n", CsvDialect("\t")),
        (b"a|b|c\n1|2|3\n", CsvDialect("|")),
        (f"id;text;z\n{ROWS}\n".encode(), CsvDialect(";")),
        (b"email\na@b.example\n", CsvDialect(",")),
        (b"message\nhello, you\nhow are you, today\n", CsvDialect(";")),
        (b'a,b\n"x;1\n;y",2\n', CsvDialect(",")),
        (b"a,b\n", CsvDialect(",")),
        (b"", CsvDialect(",")),
        (b"a;b\r1;2\r", CsvDialect(";", newline="\r")),
        (TYPED, CsvDialect("\t", None)),
        (SLOPPY, CsvDialect(",")),
        (DOUBLED, CsvDialect(",")),
    ],
)
def test_dialect(data, found):
    assert dialect(data) == found


def test_what_is_given_is_kept():
    assert dialect(b"a,b\n1,2\n", delimiter=";") == CsvDialect(";")
    assert dialect(b"a,b\n1,2\n", quote="'") == CsvDialect(",", "'")
    assert dialect(b"a,b\n1,2\n", quote="") == CsvDialect(",", None)
