"""The OpenAPI 3.1 document, made from the routes and from the very types that decode requests."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, get_args

import msgspec
from litestar import Litestar, Router, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.routes import HTTPRoute

from winnow import __version__
from winnow.core.apikeys import Scope
from winnow.shells.http.access import SIGNED_IN, Access, access_of, dependencies, handlers_of, public
from winnow.shells.http.browser import SECURE_COOKIE
from winnow.shells.http.described import PROBLEM, problem_example
from winnow.shells.http.problem import (
    IDEMPOTENCY_MISMATCH,
    INTERNAL,
    INVALID_IDEMPOTENCY_KEY,
    INVALID_INPUT,
    NOT_ALLOWED,
    NOT_CONFIRMED,
    NOT_JSON,
    TOO_LARGE,
    TOO_MANY_REQUESTS,
    UNAUTHENTICATED,
    UNAVAILABLE,
    UNSAFE_JSON,
    ProblemType,
)
from winnow.shells.http.routes import ROUTES
from winnow.shells.http.types import Document, ProblemOut

_WRITES = frozenset({"post", "put", "patch", "delete"})
_REF = "#/components/schemas/{name}"
_KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "1 to 255 visible ASCII characters, such as a random UUID. Sent again with the same request, it "
    "gets the same answer, and nothing is done twice.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
    "example": "3f0c1a52-6f0e-4d0a-9f3e-1f2d3c4b5a69",
}
_RETRY_AFTER = {"description": "Seconds after which it is worth another try.", "schema": {"type": "integer"}}
_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "wk_ID_SECRET",
    "description": "A key made with `winnow token create` or `POST /v1/keys`; the scope each operation needs is named.",
}
_SESSION = {
    "type": "apiKey",
    "in": "cookie",
    "name": SECURE_COOKIE,
    "description": "Somebody who signed in with `POST /v1/session`; their roles have the scopes. Whatever changes "
    "something has to come from a page of the service (`Sec-Fetch-Site`, `Origin`). See docs/people.md.",
}


@get("/v1/openapi.json", opt=public(), sync_to_thread=True, summary="This document", tags=["service"])
def description() -> Document:
    """OpenAPI 3.1. There is no page that shows it: such pages load scripts from elsewhere. Any viewer reads it."""
    return document()


#: Every handler that Litestar serves.
EVERY_ROUTE = [*ROUTES, Router("/", route_handlers=[description])]


@lru_cache(maxsize=1)
def document() -> Document:
    """The document as plain data, not to be changed."""
    app = Litestar(
        route_handlers=EVERY_ROUTE,
        dependencies=dependencies(None),
        logging_config=None,
        openapi_config=OpenAPIConfig(
            title="Winnow",
            version=__version__,
            summary="Decides leads with exact reasons, and keeps every decision for ever.",
            description="How to begin: docs/api.md. Errors are problem details (RFC 9457): docs/api-errors.md.",
            use_handler_docstrings=True,
        ),
    )
    made = app.openapi_schema.to_schema()
    for route in app.routes:
        if isinstance(route, HTTPRoute) and route.path_format in made["paths"]:
            _finish_path(made["paths"][route.path_format], route)
    own = made["components"]["schemas"]
    schemas = _schemas([each for each in handlers_of(app) if isinstance(each, HTTPRouteHandler)])
    for place in list(_references(made["paths"])):
        name = place["$ref"].rpartition("/")[2]
        called = _called(name, schemas)
        schemas.setdefault(called, own.get(name))
        place["$ref"] = _REF.format(name=called)
    made["components"] = {
        "schemas": dict(sorted(schemas.items())),
        "securitySchemes": {"key": _BEARER, "session": _SESSION},
    }
    return made


def _references(part: Any) -> Iterator[dict[str, str]]:  # noqa: ANN401  # any part of a document
    """Every place in a part of the document that refers to a schema."""
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part
        for each in part.values():
            yield from _references(each)
    elif isinstance(part, list):
        for each in part:
            yield from _references(each)


def _called(name: str, schemas: Document) -> str:
    """What msgspec calls the type with this name of the framework's: of two types alike in name both add the module."""
    if name in schemas:
        return name
    found = [each for each in schemas if each.replace(".", "_").endswith(f"_{name}") or name.endswith(f"_{each}")]
    return found[0] if len(found) == 1 else name


def _schemas(handlers: Iterable[HTTPRouteHandler]) -> Document:
    """The types as msgspec checks them: the framework's own rendering leaves limits out."""
    used: dict[type, None] = {ProblemOut: None}
    for handler in handlers:
        signature = handler.parsed_fn_signature
        annotations = [signature.return_type.annotation]
        annotations += [signature.parameters["data"].annotation] if "data" in signature.parameters else []
        annotations += [each.data_container for each in (handler.responses or {}).values()]
        used |= dict.fromkeys(found for annotation in annotations for found in _structs(annotation))
    return dict(sorted(msgspec.json.schema_components(used, ref_template=_REF)[1].items()))


def _structs(annotation: Any) -> Iterator[type]:  # noqa: ANN401  # an annotation is anything
    """The Struct types that an annotation mentions."""
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        yield annotation
    for part in get_args(annotation):
        yield from _structs(part)


def _finish_path(operations: Document, route: HTTPRoute) -> None:
    """Add what holds for all operations alike, and take out what the framework assumes about errors."""
    operations.pop("options", None)
    for method, operation in operations.items():
        handler = route.route_handler_map[method.upper()][0]  # type: ignore[index]  # methods are words
        access = access_of(handler)
        scope = access.scope
        responses = operation["responses"]
        if "application/json" in responses.get("400", {}).get("content", {}):
            del responses["400"]
        for each in _examples(responses):
            each.pop("id", None)  # how the framework names it, and nothing OpenAPI knows
        for kind in _anywhere(operation, method, with_key=isinstance(scope, Scope)):
            _add_problem(responses, kind)
        _finish_security(operation, method, access)
        operation["responses"] = dict(sorted(responses.items()))


def _finish_security(operation: Document, method: str, access: Access) -> None:
    """Say who may ask, and what happens to those who may not."""
    responses, scope = operation["responses"], access.scope
    if access.confirmed:
        _add_problem(responses, NOT_CONFIRMED)
    if scope == SIGNED_IN:
        operation["security"] = [{"session": []}]
        for kind in (UNAUTHENTICATED, NOT_ALLOWED):
            _add_problem(responses, kind)
    if isinstance(scope, Scope):
        # the hot routes know keys only, and some acts are for people alone
        keys: Document = {} if access.person else {"key": []}
        people: Document = {} if access.instead else {"session": []}
        operation["security"] = [each for each in (keys, people) if each]
        operation["description"] = f"{operation.get('description', '')}\n\nNeeds the scope `{scope}`.".strip()
        if method in _WRITES:
            operation.setdefault("parameters", []).append(_KEY_HEADER)


def _examples(responses: Document) -> Iterator[Document]:
    for response in responses.values():
        for content in response.get("content", {}).values():
            yield from content.get("examples", {}).values()


def _anywhere(operation: Document, method: str, *, with_key: bool) -> Iterator[ProblemType]:
    """Problems that an operation may have for what it is, besides those that its handler names."""
    yield from (TOO_MANY_REQUESTS, INTERNAL, UNAVAILABLE)
    if with_key:
        yield from (UNAUTHENTICATED, NOT_ALLOWED)
    if with_key and method in _WRITES:
        yield from (INVALID_IDEMPOTENCY_KEY, IDEMPOTENCY_MISMATCH)
        yield TOO_LARGE
    if with_key and "requestBody" in operation:
        yield from (NOT_JSON, UNSAFE_JSON)
    if operation.get("parameters") or "requestBody" in operation:
        yield INVALID_INPUT


def _add_problem(responses: Document, kind: ProblemType) -> None:
    of_status = responses.setdefault(str(kind.status), {"description": "", "content": {}})
    content = of_status["content"].setdefault(PROBLEM, {"schema": {"$ref": _REF.format(name="ProblemOut")}})
    examples = content.setdefault("examples", {})
    if kind.slug in examples:
        return
    examples[kind.slug] = {"summary": kind.title, "value": problem_example(kind)}
    of_status["description"] = "; ".join(filter(None, (of_status["description"], kind.title)))
    if kind in {TOO_MANY_REQUESTS, UNAVAILABLE}:
        of_status["headers"] = {"Retry-After": _RETRY_AFTER}
