"""Settings and their sources, flag > environment > winnow.toml > default; the only reader of the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from winnow.core.toml_text import located, parsed
from winnow.errors import InvalidInputError

_PREFIX = "WINNOW_"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name as `section.key`, what it means and what holds when nobody says otherwise.

    files: it names files that are read, separated by commas · secret: nobody is shown its value
    """

    name: str
    meaning: str
    default: str
    files: bool = False
    secret: bool = False

    @property
    def variable(self) -> str:
        """Its environment variable, e.g. WINNOW_SCREEN__WORKERS."""
        return _PREFIX + self.name.upper().replace(".", "__")


SETTINGS = (
    Setting("data.folder", "folder of everything the service keeps; empty is the place the system has for it", ""),
    Setting("store.url", "address of a PostgreSQL database; empty is a SQLite file in the data folder", ""),
    Setting("serve.host", "address to listen on; 0.0.0.0 is every network this machine is in", "127.0.0.1"),
    Setting("serve.port", "port to listen on", "8420"),
    Setting("serve.workers", "processes that answer requests", "1"),
    Setting("serve.shadow", "yes: decide and record, and act on nothing", "no"),
    Setting("serve.sandbox", "yes: test addresses such as junk@winnow.example have fixed outcomes", "no"),
    Setting("serve.echo", "yes: POST /v1/echo answers with what it was sent, as a measure for benchmarks", "no"),
    Setting("serve.access_log", "yes: write a line to the log for each request, without who or what", "no"),
    Setting("serve.proxies", "addresses of proxies whose word on the sender's address counts, by commas", ""),
    Setting("serve.requests_per_second", "requests a key may make a second in the long run", "500"),
    Setting("serve.forms_per_minute", "posts to public forms one address may make a minute", "30"),
    Setting("serve.forms", "sources whose public forms may post to /f/SOURCE; * is any, by commas", "*"),
    Setting("serve.form_origins", "pages whose scripts may post forms (https://www.example.com), by commas", ""),
    Setting("serve.form_thanks", "page a visitor is sent to after a form; empty shows a line of text", ""),
    Setting("pages.zone", "time zone in which pages tell days and times, such as Europe/Berlin", "UTC"),
    Setting("pages.language", "language of pages for browsers that ask for none we have: en, de, fr, es, zh-CN", "en"),
    Setting("spool.most_megabytes", "disk the spool may take while the database is away", "1024"),
    Setting("log.origin", "name of the decision log in its checkpoints; empty is winnow/ID of the installation", ""),
    Setting("log.push", "where checkpoints are copied to: a file, a folder or an https address, by commas", ""),
    Setting("screen.ruleset", "TOML file of the ruleset to screen with; empty is the starter ruleset", "", files=True),
    Setting("screen.workers", "processes to screen with", "1"),
    Setting("screen.chunk_bytes", "bytes of the input that are decided and saved at a time", "1000000"),
    Setting("screen.lists", "CSV file of allow and block entries, besides those of the ruleset", "", files=True),
    Setting("screen.customers", "text file: an e-mail address or domain of a customer a line", "", files=True),
    Setting("facts.mmdb", "MMDB files (country, ASN, anonymous IP), separated by commas", "", files=True),
    Setting("facts.disposable", "further throw-away e-mail domains, separated by commas", ""),
    Setting("facts.free", "further free e-mail domains, separated by commas", ""),
    Setting("facts.relay", "further privacy relays, separated by commas", ""),
    Setting("facts.corporate", "networks of companies or co-working spaces (CIDR), separated by commas", ""),
    Setting("policy.packs_folder", "folder with law packs of your own (*.toml), besides those that come along", ""),
    Setting(
        "webhooks.allow_networks", "networks (CIDR) webhooks may reach although they are not public, by commas", ""
    ),
    Setting("webhooks.ports", "ports webhooks may reach, separated by commas", "443"),
    Setting("webhooks.timeout_seconds", "seconds in which the receiver of a webhook must have answered", "20"),
    Setting("guards.outcome_days", "days a lead has to convert before the guards count it", "14"),
    Setting("review.value_field", "field under `custom` that says what a lead may be worth; empty: none does", ""),
    Setting("review.source_values", "what leads of a source may be worth, as fair=5000,web=800", ""),
    Setting("review.usual_value", "what any other lead may be worth, in the same unit", "1"),
    Setting("review.second_percent", "of 100 decided cases so many go to a second reviewer, unawares; 0 to 100", "10"),
    Setting("mail.server", "name of the SMTP server that takes letters; empty: nothing is ever sent", ""),
    Setting("mail.port", "its port", "587"),
    Setting("mail.security", "starttls, tls (from the first byte, usually port 465) or none", "starttls"),
    Setting("mail.user", "name to log in to it with; empty: without", ""),
    Setting("mail.password", "password for that", "", secret=True),
    Setting("mail.from", "address that letters come from", ""),
    Setting("mail.address_of_pages", "address of this installation as people open it (https://winnow.example)", ""),
    Setting("mail.digest_at", "hour of the day, 0 to 23, at which reviewers get the queue; empty: never", "7"),
    Setting("mail.time_zone", "time zone of that hour (Europe/Zagreb)", "UTC"),
    Setting("smtp_gate.host", "address the gate for mail listens on; only this machine unless changed", "127.0.0.1"),
    Setting("smtp_gate.port", "its port", "2525"),
    Setting("smtp_gate.name", "what it calls itself to others (gate.bluebird.example)", "localhost"),
    Setting("smtp_gate.logins", "which key may send what, as KEY=SYSTEM:PURPOSE, by commas; a key may stand twice", ""),
    Setting("smtp_gate.certificate", "PEM file that lets programs encrypt what they hand in; empty: none can", ""),
    Setting("smtp_gate.key", "PEM file of its key; empty: it is in the same file", ""),
    Setting("smtp_gate.server", "name of the mail server that takes further what may leave", ""),
    Setting("smtp_gate.server_port", "its port", "587"),
    Setting("smtp_gate.server_security", "starttls, tls (from the first byte, usually port 465) or none", "starttls"),
    Setting("smtp_gate.server_user", "name to log in to it with; empty: without", ""),
    Setting("smtp_gate.server_password", "password for that", "", secret=True),
    Setting("smtp_gate.most_megabytes", "size of a message the gate takes", "25"),
    Setting("smtp_gate.most_connections", "programs that may be connected to it at once", "50"),
    Setting("smtp_gate.most_recipients", "recipients a message may have", "100"),
    Setting("smtp_gate.list_unsubscribe", "a List-Unsubscribe that is there: replace by ours, or keep", "replace"),
    Setting("smtp_gate.place", "where recipients are, as DE or US-CA; empty: held to the strictest law in use", ""),
    Setting("oidc.issuer", "address of the OpenID provider that people may sign in with; empty: none", ""),
    Setting("oidc.client_id", "what the provider calls this installation", ""),
    Setting("oidc.client_secret", "secret it was given for it; empty: without (public client)", "", secret=True),
    Setting("oidc.roles_claim", "claim of the ID token that says somebody's roles; empty: they are given here", ""),
    Setting("oidc.roles", "roles for its values, as lead-team=reviewer,it=admin", ""),
    Setting("oidc.allow_new", "yes: whoever the provider knows gets an account; no: only who was invited", "no"),
    Setting("oidc.allow_networks", "networks (CIDR) the provider may be in although not public, by commas", ""),
    Setting("telemetry.endpoint", "address traces are sent to (OTLP over HTTP: http://localhost:4318/v1/traces)", ""),
)


@dataclass(frozen=True, slots=True)
class Sourced:
    """A setting's value and where it came from: `flag`, an environment variable, a file, or `default`."""

    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Config:
    """All settings by name."""

    values: Mapping[str, Sourced]

    def text(self, name: str) -> str:
        """The value of a setting; empty when there is none."""
        return self.values[name].value

    def path(self, name: str) -> Path | None:
        """A setting that names a file."""
        return Path(self.text(name)) if self.text(name) else None

    def texts(self, name: str) -> tuple[str, ...]:
        """A setting of several values, separated by commas."""
        return tuple(part.strip() for part in self.text(name).split(",") if part.strip())

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that some setting names."""
        return tuple(Path(text) for setting in SETTINGS if setting.files for text in self.texts(setting.name))

    def flag(self, name: str) -> bool:
        """A setting that is yes or no."""
        sourced = self.values[name]
        if sourced.value.lower() not in _FLAGS:
            raise InvalidInputError(
                f"`{sourced.value[:20]}` is neither yes nor no",
                where=f"{name} ({sourced.source})",
                fix="write yes or no",
            )
        return _FLAGS[sourced.value.lower()]

    def count(self, name: str, *, most: int) -> int:
        """A setting that is a whole number from one to `most`."""
        sourced = self.values[name]
        digits = sourced.value.isascii() and sourced.value.isdigit() and len(sourced.value) <= len(str(most))
        if not digits or not 1 <= int(sourced.value) <= most:
            raise InvalidInputError(
                f"`{sourced.value[:20]}` is not a whole number from 1 to {most:,}",
                where=f"{name} ({sourced.source})",
                fix="give one",
            )
        return int(sourced.value)


_FLAGS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def load(path: Path | None = None, *, flags: Mapping[str, str] | None = None) -> Config:
    """Read the settings; `path` names the file, which otherwise is winnow.toml here, if there is one."""
    given = {name: value for name, value in (flags or {}).items() if value}
    written = _file(path)
    values = {}
    for setting in SETTINGS:
        values[setting.name] = _chosen(setting, given, written)
    return Config(values)


def _chosen(setting: Setting, given: Mapping[str, str], written: Mapping[str, Sourced]) -> Sourced:
    if setting.name in given:
        return Sourced(given[setting.name], "flag")
    if os.environ.get(setting.variable):  # noqa: TID251  # this is the module that may
        return Sourced(os.environ[setting.variable], setting.variable)  # noqa: TID251  # as above
    from_file = os.environ.get(setting.variable + "__FILE")  # noqa: TID251  # as above
    if from_file:
        return Sourced(_secret(Path(from_file), setting.variable), setting.variable + "__FILE")
    return written.get(setting.name) or Sourced(setting.default, "default")


def _secret(path: Path, variable: str) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(
            f"`{path}` cannot be read: {error}", where=f"{variable}__FILE", fix="point it to a readable text file"
        ) from None


def _file(path: Path | None) -> dict[str, Sourced]:
    if path is None and not Path("winnow.toml").is_file():
        return {}
    chosen = path or Path("winnow.toml")
    try:
        text = chosen.read_text(encoding="utf-8-sig")
    except OSError as error:
        what = f"cannot be read: {str(error.strerror).lower()}"
        raise InvalidInputError(what, where=str(chosen), fix="check the path") from None
    except UnicodeDecodeError:
        raise InvalidInputError("not a text in UTF-8", where=str(chosen), fix="save the file as UTF-8") from None
    return {name: Sourced(value, str(chosen)) for name, value in _flat(text, str(chosen)).items()}


def _flat(text: str, where: str) -> dict[str, str]:
    known = {setting.name for setting in SETTINGS}
    found: dict[str, str] = {}
    for section, table in parsed(text, where).items():
        for key, value in table.items() if isinstance(table, dict) else [("", table)]:
            name = f"{section}.{key}" if key else section
            if name not in known:
                fix = f"use {', '.join(sorted(known))}"
                raise InvalidInputError(f"`{name}` is not a setting", where=located(text, where, name), fix=fix)
            found[name] = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    return found
