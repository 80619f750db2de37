"""How a benchmark is printed: the machine, what is measured, and the figures."""

import os
import platform
from collections.abc import Callable, Mapping

#: Below this a ratio needs a second decimal.
_FEW_DIGITS = 10


def report(name: str, about: str, measure: Callable[[], Mapping[str, float]]) -> None:
    """Print the figures of one benchmark, and the machine they were measured on."""
    print(f"\n{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{name}: {about.splitlines()[0]}", flush=True)
    for figure, value in measure().items():
        digits = 1 if abs(value) >= _FEW_DIGITS or value == int(value) else 2
        print(f"  {figure:52} {value:14,.{digits}f}", flush=True)
