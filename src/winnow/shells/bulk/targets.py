"""What a run may write to: nothing it reads from, and nothing but ordinary files."""

from collections.abc import Iterable
from pathlib import Path

from winnow import bootstrap
from winnow.errors import InvalidInputError


def check_target(output: Path, inputs: Iterable[Path]) -> None:
    """Raise InvalidInputError when writing `output`, or one of the files beside it, would destroy something."""
    if output.is_dir():
        raise InvalidInputError("this is a folder", where=str(output), fix="name a file in it")
    if output.exists() and not output.is_file():
        raise InvalidInputError(
            "this is no ordinary file, and it would be replaced by one",
            where=str(output),
            fix=f"write to standard output instead: -o - > {output}",
        )
    written = [path for path in bootstrap.written_paths(output) if path.exists()]
    for path in inputs:
        if path.exists() and any(map(path.samefile, written)):
            raise InvalidInputError(
                "the run reads this file and would overwrite it", where=str(path), fix="name another"
            )
