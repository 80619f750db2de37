"""`winnow openapi`: the description of the HTTP API, without a running service."""

from winnow.shells.cli.console import output


def openapi() -> None:
    """Print the OpenAPI 3.1 document of the HTTP API."""
    from winnow.shells.http.openapi import document  # noqa: PLC0415  # half a second that no other command needs

    output.data(document())
