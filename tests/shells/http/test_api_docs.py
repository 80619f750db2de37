"""The commands of docs/api.md are run as they stand there, by a shell with curl, against a server on a real socket."""

import json
import re
import shutil
import socket
import subprocess
from contextlib import contextmanager
from threading import Thread

import pytest
import uvicorn

from tests.support.project import ROOT
from tests.support.served import UNLIMITED
from winnow.bootstrap.service import open_service
from winnow.client import Client, Decision, WinnowApiError
from winnow.config import load
from winnow.shells.http.app import App

BLOCK = re.compile(r"```(sh|json)\n(.*?)```", re.DOTALL)
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


@contextmanager
def listening(folder):
    """A service on a free port of this machine, and its address."""
    service = open_service(load(flags={**UNLIMITED, "data.folder": str(folder), "serve.sandbox": "yes"}))
    with socket.create_server(("127.0.0.1", 0)) as free:
        config = uvicorn.Config(App(service), log_config=None, lifespan="on", ws="none", timeout_graceful_shutdown=5)
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, kwargs={"sockets": [free]})
        thread.start()
        try:
            yield service, f"http://127.0.0.1:{free.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
            service.engine.dispose()


def blocks():
    """Every block of commands, each with the answer to the last of them if the page shows one."""
    found = []
    for kind, content in BLOCK.findall(PAGE):
        if kind == "sh":
            found.append([content, None])
        else:
            found[-1][1] = json.loads(content)
    return [(commands, shown) for commands, shown in found if "curl" in commands]


def shows(shown, answer):
    """Whether an answer has all that the page shows of it; `…` stands for anything."""
    if shown == "…":
        return True
    if isinstance(shown, dict):
        return all(name in answer and shows(value, answer[name]) for name, value in shown.items())
    if isinstance(shown, list):
        return len(shown) == len(answer) and all(map(shows, shown, answer))
    return shown == answer


@pytest.mark.enable_socket
@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl here")
def test_the_commands_of_the_page_do_what_it_says(tmp_path):
    with listening(tmp_path) as (service, address):
        role = {name: service.key_desk.create(name, [name], "tests").token for name in ("ingest", "reviewer")}
        values = {
            "API": address,
            "INGEST": f"Authorization: Bearer {role['ingest']}",
            "REVIEWER": f"Authorization: Bearer {role['reviewer']}",
            "ID": "",
        }
        service.key_ring.refresh()
        assert len(blocks()) >= 8
        for commands, shown in blocks():
            last = None
            for command in re.split(r"\n(?=curl)", commands):
                last = _ran(command, values)
                if not values["ID"]:
                    values["ID"] = last["id"]
            assert shown is None or shows(shown, last), (commands, last)


def _ran(command, values):
    """What a command printed, as JSON if it is; it must not be a problem."""
    arguments = ["sh", "-eu", "-c", command.replace("curl -s", "curl -s --fail-with-body --retry 5")]
    done = subprocess.run(
        arguments, env={"PATH": "/usr/local/bin:/usr/bin:/bin", **values}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    try:
        return json.loads(done.stdout)
    except ValueError:
        return done.stdout


@pytest.mark.enable_socket
def test_the_python_client_understands_every_answer(tmp_path):
    with listening(tmp_path) as (service, address):
        token = service.key_desk.create("client", ["ingest", "reviewer"], "tests").token
        service.key_ring.refresh()
        with Client(address, token) as client:
            decision = client.screen({"id": "4711/a", "source": "site", "email": "ana@bluebird.example"})
            assert isinstance(decision, Decision)
            assert client.decision(decision.id) == decision
            assert client.lead("4711/a", source="site").decisions == (decision,)
            explained = client.explanation(decision.id)
            assert (explained.score, explained.steps[-1].after) == (decision.score, decision.score)
            assert client.receipt(decision.id).index == int(decision.id)
            assert client.feedback("4711/a", "genuine", source="site", author="mia").author == "mia"
            assert len(client.screen_many({"email": f"p{number}@acme.example"} for number in range(1_200))) == 1_200
            with pytest.raises(WinnowApiError) as refused:
                client.decision("none")
            assert refused.value.status == 404
