"""`winnow demo load|clear` and `winnow serve --demo`."""

import re
import threading

import pytest

from tests.support.command import start, winnow
from tests.support.serving import Client, free_port, wait_until_ready
from winnow.core.people.accounts import PEOPLES_ROLES

LINE = re.compile(r"^  (\S+) +(\S+@northwind\.example) +(\S{5}(?:-\S{5}){3})$", re.MULTILINE)


def passwords_in(text):
    return {role: (email, password) for role, email, password in LINE.findall(text)}


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory):
    data = tmp_path_factory.mktemp("data")
    done = winnow("demo", "load", "--data", data, "--leads", 30)
    assert done.code == 0, done.messages
    assert passwords_in(done.messages).keys() == PEOPLES_ROLES.keys()
    assert f"winnow serve --demo --data {data}" in done.messages
    return data


def test_loading_says_what_is_in_the_way(demo_folder):
    done = winnow("demo", "load", "--data", demo_folder)
    assert done.code == 1
    assert "a demo already" in done.messages
    assert "winnow demo clear" in done.messages


def test_clearing_asks_first(demo_folder):
    done = winnow("demo", "clear", "--data", demo_folder)
    assert done.code == 2
    assert "--yes" in done.messages
    assert (demo_folder / "demo").is_dir()


def test_clearing_what_is_not_there(tmp_path):
    done = winnow("demo", "clear", "--yes", "--data", tmp_path)
    assert (done.code, "no demo here" in done.messages) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_clearing_leaves_nothing(tmp_path):
    data = tmp_path / "data"
    assert winnow("demo", "load", "--data", data, "--leads", 0).code == 0
    assert (data / "demo" / "winnow.sqlite").is_file()
    done = winnow("demo", "clear", "--yes", "--data", data)
    assert done.code == 0
    assert "removed" in done.messages
    assert list(tmp_path.iterdir()) == []


@pytest.mark.enable_socket
def test_a_demo_is_served_and_goes_without_a_trace(tmp_path):
    data, port = tmp_path / "data", free_port()
    first = passwords_in(winnow("demo", "load", "--data", data, "--leads", 30).messages)
    process = start("serve", "--demo", "--open", "--data", data, "--port", port)
    said: list[bytes] = []
    assert process.stderr
    reader = threading.Thread(target=said.extend, args=(process.stderr,))
    reader.start()
    wait_until_ready(port)
    client = Client(port, next(re.findall(rb"Bearer (wk_\w+)", line)[0] for line in said if b"Bearer" in line).decode())
    assert client.send("GET", "/v1/decisions").json["decisions"]
    decided = client.send("POST", "/v1/leads", {"email": "junk@winnow.example"})
    assert decided.json["outcome"] == "reject"
    assert client.send("POST", "/f/website", b"email=junk%40winnow.example").status == 202
    client.close()
    in_use = winnow("demo", "clear", "--yes", "--data", data)
    assert (in_use.code, "in use" in in_use.messages) == (1, True)
    process.terminate()
    assert process.wait(30) == 0
    reader.join()
    for stream in (process.stdout, process.stderr):
        stream.close()
    printed = passwords_in(b"".join(said).decode())
    assert printed.keys() == first.keys()
    assert printed != first
    assert winnow("demo", "clear", "--yes", "--data", data).code == 0
    assert list(tmp_path.iterdir()) == []
