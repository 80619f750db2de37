"""The outside world: everything that touches files, networks or databases, behind ports."""
