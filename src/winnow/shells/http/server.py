"""Running the application with uvicorn."""

import uvicorn

from winnow.bootstrap.service import Service
from winnow.shells.http.app import App


def run(service: Service, host: str, port: int) -> None:
    """Serve until a signal says stop; what was accepted by then is recorded."""
    proxies = service.config.texts("serve.proxies")
    uvicorn.run(
        App(service),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies) or None,
        timeout_graceful_shutdown=30,
        loop="uvloop",
        http="httptools",
        lifespan="on",
        ws="none",
    )
