"""How much of a boosting is done, told from steps whose number nobody knows before."""

from collections.abc import Callable

#: A first guess of how many rounds over all terms a bag takes, and how much more must be done before it is told.
_USUAL_ROUNDS = 400
_TOLD_EACH = 0.01

#: A bag that took as many steps as usual counts as this part of its way; it is done when the next one begins.
_NEARLY = 0.8


class StepProgress:
    """The library's callback; called from several threads."""

    def __init__(self, progress: Callable[[float], None], bags: int, jobs: int, terms: int) -> None:
        self._progress = progress
        self._bags = bags
        self._jobs = jobs
        self._guess = terms * _USUAL_ROUNDS
        self._steps: dict[int, int] = {}
        self._told = 0.0

    def __call__(self, bag: int, steps: int, progressed: bool, metric: float) -> bool:  # noqa: ARG002, FBT001  # theirs
        """Note a step of a bag; never stops the work."""
        self._steps[bag] = steps
        begun = list(self._steps.values())
        over, running = begun[: -self._jobs], begun[-self._jobs :]
        usual = sum(over) / len(over) if over else self._guess
        done = (len(over) + sum(min(_NEARLY, _NEARLY * each / usual) for each in running)) / self._bags
        if done >= self._told + _TOLD_EACH:
            self._told = done
            self._progress(done)
        return False
