"""What routes say about themselves in the OpenAPI document, besides what their types say."""

from collections.abc import Mapping
from typing import Any

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example

from winnow.shells.http.problem import ProblemType
from winnow.shells.http.types import ProblemOut

PROBLEM = "application/problem+json"


def problems(*kinds: ProblemType) -> dict[int, ResponseSpec]:
    """Answers with problems, for the `responses` of a handler; what any handler may answer is added by itself."""
    by_status: dict[int, list[ProblemType]] = {}
    for kind in kinds:
        by_status.setdefault(kind.status, []).append(kind)
    return {status: _spec(of_status) for status, of_status in by_status.items()}


def answers(of: Any, description: str, examples: Mapping[str, object]) -> ResponseSpec:  # noqa: ANN401  # a union, too
    """What a handler may answer, with examples by name."""
    named = [Example(id=name, summary=name, value=value) for name, value in examples.items()]
    return ResponseSpec(of, generate_examples=False, description=description, examples=named)


def answer(of: Any, description: str, example: object) -> ResponseSpec:  # noqa: ANN401  # as above
    """What a handler may answer, with one example."""
    return answers(of, description, {"example": example})


def _spec(kinds: list[ProblemType]) -> ResponseSpec:
    return ResponseSpec(
        ProblemOut,
        generate_examples=False,
        description="; ".join(kind.title for kind in kinds),
        media_type=PROBLEM,
        examples=[Example(id=kind.slug, summary=kind.title, value=problem_example(kind)) for kind in kinds],
    )


def problem_example(kind: ProblemType) -> Mapping[str, object]:
    """A problem of this kind, shortest form."""
    return {
        "type": f"/problems/{kind.slug}",
        "title": kind.title,
        "status": kind.status,
        "detail": kind.title,
    }
