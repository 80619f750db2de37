"""The commands of docs/api-resources.md do what the page says; they are read as a shell reads them, and asked here."""

import json
import re
import shlex

import pytest

from tests.support.api import running_api
from tests.support.project import ROOT
from tests.support.signed_in import new_person
from tests.support.signing import agreed

BLOCK = re.compile(r"```(sh|json)\n(.*?)```", re.DOTALL)
VARIABLE = re.compile(r"\$([A-Z]+)")

#: Where a variable of the page comes from: the last answer to the address that ends so.
SOURCES = {
    "DRAFT": ("/rules/drafts", lambda answer: answer.json()["id"]),
    "ETAG": ("/rules/drafts", lambda answer: answer.headers["etag"]),
    "HASH": ("/rulesets/live", lambda answer: answer.json()["ruleset"]["hash"]),
    "OTHER": ("POST /rulesets", lambda answer: answer.json()["hash"]),
    "WEBHOOK": ("POST /webhooks", lambda answer: answer.json()["webhook"]["id"]),
    "ID": ("POST /keys", lambda answer: answer.json()["key"]["id"]),
}


def commands(text):
    """Every curl command of the page, each with the answer shown below it, if any."""
    found: list[tuple[str, object]] = []
    for kind, content in BLOCK.findall(text):
        if kind == "json":
            found[-1] = (found[-1][0], json.loads(content))
        elif "curl" in content:
            found += [("curl" + part, None) for part in content.split("curl")[1:]]
    return found


class Reader:
    def __init__(self, api):
        self.api, self.values, self.answers = api, {"AUTH": "", "API": ""}, {}

    def run(self, command):
        filled = VARIABLE.sub(lambda found: self.values[found[1]].replace('"', '\\"'), command)
        words = iter(shlex.split(filled)[1:])
        headers: dict[str, str] = {}
        method, path, body = None, None, None
        for word in words:
            if word == "-X":
                method = next(words)
            elif word == "-H":
                name, _, value = next(words).partition(":")
                headers |= {name.replace("-", "_"): value.strip()} if name else {}
            elif word in {"-d", "--data-binary"}:
                body = self.body(next(words))
                headers["Content_Type"] = "application/x-www-form-urlencoded"  # what curl says by itself
            elif word != "-i":
                path = word
        method = method or ("POST" if body is not None else "GET")
        answer = self.api.ask(method, f"/v1{path}", body, **headers)
        self.remember(f"{method} {path}", answer)
        return answer

    def body(self, given):
        if not given.startswith("@"):
            return given.encode()
        document = {**self.api.get("/v1/rulesets/live")["document"], "id": "another"}
        return json.dumps({"document": document}).encode()

    def remember(self, asked, answer):
        for name, (source, value) in SOURCES.items():
            if answer.is_success and asked.endswith(source):
                self.values[name] = value(answer) if asked.startswith("POST") or "live" in asked else self.values[name]


def shape(document):
    """The keys of a document at every depth, without its values."""
    if isinstance(document, dict):
        return {key: shape(value) for key, value in document.items()}
    return [shape(each) for each in document] if isinstance(document, list) else type(document).__name__


def test_the_commands_of_the_page_work(tmp_path):
    found = commands((ROOT / "docs" / "api-resources.md").read_text(encoding="utf-8"))
    assert len(found) > 20
    with running_api(tmp_path) as api:
        api.post("/v1/leads", {"email": "ana@acme.example", "form_pasted_fields": 0})
        reader = Reader(api)
        for command, shown in found:
            if "/activate" in command:
                two_people = [new_person(api.served, role).id for role in ("rule-author", "approver")]
                agreed(api.service, reader.values["OTHER"], *two_people)
            answer = reader.run(command)
            assert answer.is_success, (command, answer.text)
            if shown is not None:
                assert shape(answer.json()) == shape(shown), command


@pytest.mark.parametrize("scope", ["lists", "rules", "rulesets", "webhooks", "keys"])
def test_the_page_names_the_scopes(scope):
    page = (ROOT / "docs" / "api-resources.md").read_text(encoding="utf-8")
    assert f"`{scope}:read`" in page
    assert f"`{scope}:write`" in page
