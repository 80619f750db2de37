"""Lines of commands: they end with CRLF and with nothing else, so that no two servers see different ones."""

from asyncio import LimitOverrunError, StreamReader


class BareLineError(Exception):
    """A command did not end with CRLF, or held a CR, LF or NUL of its own."""


class StrictReader(StreamReader):
    """Reads commands that end with CRLF and nothing else."""

    _buffer: bytearray

    async def readuntil(self, separator: bytes = b"\n") -> bytes:  # type: ignore[override]  # several are not asked for
        """See StreamReader; raises BareLineError, after which nothing more is read of what came with the line."""
        line = await super().readuntil(separator)
        if not line.endswith(b"\r\n") or len(line.splitlines()) > 1 or b"\0" in line:
            self._buffer.clear()
            raise BareLineError
        return line

    async def readline(self) -> bytes:
        """The same; what is too long to be one is no line."""
        try:
            return await self.readuntil()
        except LimitOverrunError:
            self._buffer.clear()
            raise BareLineError from None

    def give_back(self, data: bytes) -> None:
        """Have something read once more."""
        self._buffer[:0] = data
