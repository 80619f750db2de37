"""Who is a customer is read from a file that must not be something else."""

import pytest

from winnow.adapters.customers import read_customers
from winnow.errors import InvalidInputError


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", set()),
        ("\n# nobody yet\n", set()),
        ("Ana@Acme.Example\n", {"ana@acme.example"}),
        ("\ufeffacme.example\r\n@beta.example  # since 2024\r\n", {"acme.example", "beta.example"}),
        ("bücher.example", {"bücher.example", "xn--bcher-kva.example"}),
        ("ana@xn--bcher-kva.example", {"ana@bücher.example", "ana@xn--bcher-kva.example"}),
        ("o'neil+x@acme.example".replace("'", ""), {"oneil+x@acme.example"}),
    ],
)
def test_an_address_or_domain_a_line(tmp_path, text, found):
    path = tmp_path / "customers.txt"
    path.write_text(text, encoding="utf-8", newline="")
    assert read_customers(path) == found


@pytest.mark.parametrize(
    "line",
    [
        "email",
        "email,name",
        "ana@acme.example,Ana",
        "ana@acme.example;Ana",
        "ana@acme.example\tAna",
        '"ana@acme.example"',
        "Ana <ana@acme.example>",
        "Ana Smith",
        "@",
        "a@b@acme.example",
        "acme.",
        "x" * 5000,
    ],
)
def test_a_table_is_refused_with_its_line(tmp_path, line):
    path = tmp_path / "customers.csv"
    path.write_text(f"acme.example\n{line}\n", encoding="utf-8")
    with pytest.raises(InvalidInputError, match="is neither an e-mail address nor a domain") as caught:
        read_customers(path)
    assert str(caught.value.where) == f"{path}:2"
    assert len(str(caught.value)) < 300


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(InvalidInputError, match="nowhere: cannot be read: no such file"):
        read_customers(tmp_path / "nowhere")
    (tmp_path / "latin").write_bytes(b"caf\xe9.example\n")
    with pytest.raises(InvalidInputError, match="latin: not a text in UTF-8"):
        read_customers(tmp_path / "latin")
