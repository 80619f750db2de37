"""Texts that break software, made here from rules: whatever a form lets through must be survived.

`NAUGHTY` is a tuple of distinct texts, the same in every run. `STORABLE` leaves out those that no
encoding can write (halves of surrogate pairs).
"""

import unicodedata
from collections.abc import Iterator
from itertools import product


def _empty_and_blank() -> Iterator[str]:
    yield from ("", " ", "\t", "\n", "\r", "\r\n", "\0", "\x7f", "   \t  ")
    yield from (chr(code) for code in (0x85, 0xA0, 0x1680, 0x180E, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF))
    yield from (chr(code) for code in range(0x2000, 0x2010))


def _controls() -> Iterator[str]:
    yield from (f"a{chr(code)}b" for code in range(32))
    yield from (f"a{chr(code)}b" for code in range(0x7F, 0xA0))
    yield "".join(map(chr, range(1, 32)))


def _of_every_category() -> Iterator[str]:
    """The first and the last character of every general category, alone and inside a word."""
    ends: dict[str, list[str]] = {}
    for code in (*range(0x3000), *range(0xD7F0, 0xE010), *range(0xF900, 0x10400), *range(0x1D400, 0x1D420)):
        ends.setdefault(unicodedata.category(chr(code)), []).append(chr(code))
    for characters in ends.values():
        yield characters[0]
        yield f"x{characters[-1]}x"


def _surrogates() -> Iterator[str]:
    yield from ("\ud800", "\udfff", "a\ud83db", "\udcff\udcfe", "\udc00\ud800", "tail\udbff")


def _directions() -> Iterator[str]:
    marks = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    yield from (f"{mark}gnp.exe" for mark in marks)
    yield from ("שלום עולם", "مرحبا بالعالم", "abc אבג 123", "\u202eevil\u202c", "العَرَبِيَّة", "ﷺ", "ﷲ", "یونیکد‌شکن")


def _scripts() -> Iterator[str]:
    yield from (
        "Müller",
        "Łukasz Żółć",
        "Þórður Æsir",
        "Ñandú",
        "Đặng Thị Ngọc",
        "Ελλάδα",
        "Россия",
        "Հայաստան",
        "საქართველო",
    )
    yield from (
        "日本語テスト",
        "社會科學院語學研究所",
        "안녕하세요",
        "ภาษาไทย",
        "हिन्दी",
        "தமிழ்",
        "አማርኛ",
        "ไม่มี",
        "𠜎𠜱𠝹𠱓",
        "部落格",
    )
    yield from (
        "ŞİŞLİ",
        "ıI İi",
        "ß ẞ SS",
        "ﬁﬂﬀ",
        "Ⅷ Ⅸ",
        "①②③",
        "１２３",
        "٠١٢٣",
        "१२३",
        "Ａｌｉｃｅ",
        "𝓐𝓵𝓲𝓬𝓮",
        "раураl",
        "ｱｲｳ",
        "㍿",
    )


def _stacked() -> Iterator[str]:
    marks = [chr(code) for code in range(0x300, 0x370) if unicodedata.combining(chr(code))]
    for height in (1, 5, 30, 100):
        yield "".join(letter + "".join(marks[index % len(marks)] for index in range(height)) for letter in "Zalg")
    yield from ("e\u0301", "\u0301", "a\u200db", "\u200b", "x\u200by", "in\u00advisible", "o\ufe0f", "\u034f" * 20)


def _pictures() -> Iterator[str]:
    yield from (
        "😀",
        "👩‍👩‍👧‍👦",
        "👋🏽",
        "🏳️‍🌈",
        "🇩🇪🇺🇸",
        "❤️",
        "1️⃣",
        "🧑🏿‍🚀",
        "(╯°□°)╯︵ ┻━┻",
        "¯\\_(ツ)_/¯",
        "™®©",
        "😀" * 50,
    )


def _numbers() -> Iterator[str]:
    yield from (
        "0",
        "-0",
        "1",
        "-1",
        "1e3",
        "1E+02",
        "1/2",
        "0x10",
        "0b1",
        "1_000",
        "1,5",
        "1.000,00",
        "1'000",
        "NaN",
        "nan",
    )
    yield from (
        "inf",
        "-inf",
        "Infinity",
        "1e309",
        "-1e309",
        "5e-324",
        ".5",
        "5.",
        "+5",
        "--5",
        "1.7976931348623157e+308",
    )
    yield from (
        "2147483647",
        "2147483648",
        "-2147483649",
        "9007199254740993",
        "9223372036854775808",
        "9" * 400,
        "0" * 50,
    )
    yield from ("½", "²", "五", "0.1e-400", "1e", "e1", "$5", "5 %", "1 000", "1\u00a0000", "0.30000000000000004")


def _words_that_mean_something() -> Iterator[str]:
    yield from (
        "null",
        "NULL",
        "None",
        "nil",
        "undefined",
        "undef",
        "true",
        "TRUE",
        "false",
        "yes",
        "no",
        "on",
        "off",
        "N/A",
    )
    yield from (
        "NA",
        "#N/A",
        "#REF!",
        "#VALUE!",
        "-",
        "--",
        "?",
        "unknown",
        "test",
        "then",
        "constructor",
        "__proto__",
        "hasOwnProperty",
    )
    yield from (
        "CON",
        "PRN",
        "AUX",
        "NUL",
        "COM1",
        "LPT9",
        "con.txt",
        "aux.csv",
        "id",
        "lead_id",
        "admin",
        "root",
        "system",
    )
    yield from (
        "Null",
        "Test Test",
        "Mr. Null",
        "O'Null",
        "Scunthorpe",
        "Penistone",
        "Dick Butkus",
        "Cockburn",
        "essex.example",
    )


def _code() -> Iterator[str]:
    quotes = ("'", '"', "`", "''", '""', "'\"'", "\\'", "’", "“")
    for quote, tail in product(quotes, (" OR 1=1 --", "; DROP TABLE leads; --", ") UNION SELECT NULL--")):
        yield f"{quote}{tail}"
    yield from (
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "</textarea><b>",
        "<!--",
        "-->",
    )
    yield from (
        "]]>",
        "<![CDATA[x]]>",
        "<?xml version='1.0'?>",
        "&amp;",
        "&#0;",
        "&lt;b&gt;",
        "javascript:alert(1)",
        '"><script>',
        "{{7*7}}",
    )
    yield from (
        "${7*7}",
        "#{7*7}",
        "<%= 7*7 %>",
        "{% raw %}",
        "{0}",
        "{}",
        "{__class__}",
        "%s%s%s%n",
        "%x%x%x",
        "%00",
        "%0d%0aSet-Cookie:a=b",
    )
    yield from (
        "$(id)",
        "`id`",
        "; ls -la",
        "| cat /etc/hosts",
        "&& whoami",
        "$HOME",
        "%PATH%",
        "!ls",
        "\\u0000",
        "\\",
        "\\\\",
        "\\n",
        '\\"',
    )
    yield from (
        "../../etc/passwd",
        "..\\..\\boot.ini",
        "/dev/null",
        "C:\\",
        "file:///etc/hosts",
        "~",
        "~root",
        "//host/share",
        ".",
        "..",
        "a/b/c",
    )
    yield from (
        "(a+)+$",
        "[",
        "(",
        "*",
        "+",
        "?",
        ".*",
        "\\d{1000}",
        "(?:",
        "^$",
        "[[:alpha:]]",
        "a{,99999}",
        "(?=x)" * 5,
    )


def _formulas() -> Iterator[str]:
    starts = ("=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠", " =", "'=", '"=')
    for start, body in product(starts, ("1+1", "cmd|'/C calc'!A0", 'HYPERLINK("http://x.example","y")')):
        yield f"{start}{body}"


def _separators() -> Iterator[str]:
    yield from (
        ",",
        ";",
        "|",
        '"',
        '""',
        '"""',
        'a"b',
        '"a',
        'a"',
        '"a"b',
        "a,b",
        "a;b",
        "a\tb",
        "a|b",
        "a\nb",
        "a\r\nb",
        "a\rb",
        ',"',
        '",',
    )
    yield from (
        '","',
        "sep=;",
        "#comment",
        "//",
        "\\,",
        "x,y\r\n1,2",
        '{"a":1}',
        '["a"]',
        '{"a":',
        "[" * 100,
        "{" * 100,
        "key: value",
        "- item",
    )


def _addresses() -> Iterator[str]:
    yield from (
        "@",
        "a@",
        "@b",
        "a@b",
        "a@@b.example",
        "a b@c.example",
        "a@b..example",
        ".a@b.example",
        '"a b"@c.example',
        "a@[127.0.0.1]",
    )
    yield from (
        "a@xn--bcher-kva.example",
        "ü@bücher.example",
        "a@b.example\nBcc: c@d.example",
        f"{'a' * 65}@b.example",
        f"a@{'b' * 260}.example",
    )
    yield from (
        "A@B.EXAMPLE",
        "a+b@c.example",
        "<a@b.example>",
        "Ana <a@b.example>",
        "mailto:a@b.example",
        "a@b.example,c@d.example",
    )
    yield from (
        "127.0.0.1",
        "0.0.0.0",
        "256.1.1.1",
        "1.2.3",
        "01.02.03.04",
        "::1",
        "::ffff:1.2.3.4",
        "fe80::1%eth0",
        "2001:db8::",
        "[::1]:80",
        "1.2.3.4:80",
    )
    yield from (
        "http://",
        "http://a",
        "https://user:pw@host.example:99999/",
        "HTTP://ÉXAMPLE.example",
        "www",
        "a..b",
        "http://[::1]/",
        "data:text/html,x",
    )
    yield from (
        "+1",
        "+49 (0) 30 / 123456-78",
        "0049301234",
        "+0000000000",
        "911",
        "555-0100",
        "１２３４５",
        "+1-800-FLOWERS",
        "tel:+1",
        "1" * 60,
    )


def _times() -> Iterator[str]:
    yield from (
        "0000-00-00",
        "2026-02-30",
        "2026-13-01",
        "9999-12-31T23:59:59Z",
        "0001-01-01",
        "2026-01-01T25:00:00",
        "1970-01-01T00:00:00-99:00",
    )
    yield from (
        "2026-01-01T00:00:00+23:59",
        "0001-01-01T00:00:00+14:00",
        "-1",
        "99999999999999",
        "2026-W01-1",
        "20260101",
        "now",
        "today",
        "24:00",
    )


def _long() -> Iterator[str]:
    yield from (
        "a" * 255,
        "a" * 256,
        "a" * 5000,
        "a " * 2000,
        "é" * 3000,
        "\n" * 500,
        '"' * 501,
        "=" * 300,
        "💥" * 1000,
        "a@" * 500,
        "." * 1000,
    )


_SOURCES = (
    _empty_and_blank,
    _controls,
    _of_every_category,
    _surrogates,
    _directions,
    _scripts,
    _stacked,
    _pictures,
    _numbers,
    _words_that_mean_something,
    _code,
    _formulas,
    _separators,
    _addresses,
    _times,
    _long,
)

NAUGHTY: tuple[str, ...] = tuple(dict.fromkeys(text for source in _SOURCES for text in source()))


def _is_storable(text: str) -> bool:
    return not any(0xD800 <= ord(each) <= 0xDFFF for each in text)


STORABLE: tuple[str, ...] = tuple(filter(_is_storable, NAUGHTY))
