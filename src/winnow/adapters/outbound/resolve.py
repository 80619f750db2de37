"""Looks names up within a time limit, which the system's resolver does not know."""

import queue
import socket
import threading
from collections.abc import Sequence


def system_addresses(host: str, port: int, seconds: float) -> Sequence[str]:
    """The addresses of a name as the machine resolves it; raises OSError when it has none, TimeoutError when late.

    The system's call cannot be interrupted, so it has a thread of its own, which is left behind when it hangs.
    """
    answers: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([str(address[0]) for *_, address in found])
        except (OSError, UnicodeError) as error:
            answers.put(error if isinstance(error, OSError) else OSError(str(error)))

    threading.Thread(target=look_up, name="resolve", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError("the name could not be looked up in time") from None
    if isinstance(answer, OSError):
        raise answer
    return answer
