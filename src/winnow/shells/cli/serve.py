"""`winnow serve` and `winnow worker`: the service over HTTP, and its jobs alone."""

from typing import TYPE_CHECKING, Annotated

import typer

from winnow.config import Config
from winnow.shells.cli.browser import open_when_ready
from winnow.shells.cli.console import output
from winnow.shells.cli.demo import demo_settings, show_accounts, there_or_loaded
from winnow.shells.cli.installation import Data, Store, installed, opened
from winnow.shells.cli.loading import loading
from winnow.shells.cli.options import ConfigFile
from winnow.shells.logs import set_up

if TYPE_CHECKING:
    from winnow.bootstrap.demo.company import Account
    from winnow.bootstrap.service import Service

MOST_PORTS = 65_535
_MOST_WORKERS = 256

_DEMO = """\

or ask the API:

  curl -H 'Authorization: Bearer {key}' {address}/v1/leads \\
       -d '{{"full_name": "Ana Kovač", "email": "ana@bluebird.example", "message": "Do you ship to Zagreb?"}}'
  curl -d 'name=Bo' -d 'email=junk@winnow.example' -d 'message=cheap backlinks' {address}/f/website
"""


def serve(
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on. [127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option("--port", min=1, max=MOST_PORTS, help="Port. [8420]")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Serve made-up data from a folder of its own.")] = False,
    browser: Annotated[bool, typer.Option("--open", help="Open the pages in the browser, if there is one.")] = False,
    data: Data = None,
    store: Store = None,
    config: ConfigFile = None,
) -> None:
    """Serve API and pages until it is told to stop (Ctrl-C); what was accepted by then is recorded.

    A demo is made at its first start (see `winnow demo load`) and stays until `winnow demo clear`.
    """
    more = {"serve__host": host or "", "serve__port": str(port or "")}
    if demo:
        settings = demo_settings(installed(config, data, None, **more), store)
        _serve(settings, browser=browser, accounts=there_or_loaded(settings))
    else:
        _serve(installed(config, data, store, **more), browser=browser)


def _serve(settings: Config, *, browser: bool, accounts: "list[Account] | None" = None) -> None:
    with loading():
        from winnow.bootstrap.service import open_service  # noqa: PLC0415  # a second that no other command needs
        from winnow.shells.http.server import bound, listening, run  # noqa: PLC0415  # as above
        from winnow.shells.http.workers import Workers  # noqa: PLC0415  # as above
        from winnow.shells.web.site import site  # noqa: PLC0415  # as above

    set_up()
    service = open_service(settings)
    host, port = settings.text("serve.host"), settings.count("serve.port", most=MOST_PORTS)
    workers = settings.count("serve.workers", most=_MOST_WORKERS)
    with bound(host, port, shared=True) if workers > 1 else listening(host, port) as socket:
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        output.say(f"listening on {address} · data in {service.folder}")
        page = _welcome(service, address) if accounts is None else _welcome_demo(service, address, accounts)
        if browser:
            open_when_ready(page, host, port)
        if workers == 1:
            run(service, socket, site=site)
            return
        service.close()  # what is open cannot be shared with the processes that follow

        def work(place: int) -> None:
            with listening(host, port, shared=True) as own:
                run(open_service(settings), own, jobs=place == 0, site=site)

        Workers(workers, work).run()


def _welcome(service: "Service", address: str) -> str:
    """Say what to do first, once: as long as there is no key nobody can do anything. Returns the page to begin with."""
    token = service.first_run.token()
    if token is None:
        return address
    page = f"{address}/setup/{token}"
    output.say(f"set up: {page} (good for 24 hours, until there is a key or an account)")
    return page


def _welcome_demo(service: "Service", address: str, accounts: "list[Account]") -> str:
    """Say who can sign in and how to ask; returns the page to begin with."""
    from winnow.bootstrap.demo.loading import fresh_key  # noqa: PLC0415  # see installation.py

    show_accounts(accounts)
    output.say(_DEMO.format(key=fresh_key(service), address=address))
    return address


def worker(data: Data = None, store: Store = None, config: ConfigFile = None) -> None:
    """Do what `winnow serve` does beside answering requests: publish the log, deliver webhooks, keep the store tidy."""
    from winnow.shells.jobs.worker import work  # noqa: PLC0415  # see installation.py

    set_up()
    service = opened(config, data, store)
    output.say(f"working · data in {service.folder}")
    work(service)
