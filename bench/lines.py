"""Connections of a load generator to one server: kept alive and used again, as browsers do."""

from __future__ import annotations

import asyncio


class Lines:
    """Kept-alive connections to one server."""

    def __init__(self, port: int) -> None:
        self.port, self.idle = port, list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]()

    async def ask(self, head: str, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
        """Status, headers, body."""
        reader, writer = await self._line()
        writer.write(head.encode() + body)
        try:
            status, headers = await read_head(reader)
            told = await reader.readexactly(int(headers.get("content-length", "0"))) if status != 304 else b""
        except (OSError, asyncio.IncompleteReadError):
            writer.close()
            raise
        self.idle.append((reader, writer))
        return status, headers, told

    async def _line(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """The connection used last, or a new one. Those the server has closed after a pause are dropped, as browsers
        do: what is sent on them was never heard by anybody."""
        while self.idle:
            reader, writer = self.idle.pop()
            if not reader.at_eof():
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", self.port)


async def read_head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    """The status line and the headers."""
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines[1:] if line)
    return int(lines[0].split()[1]), {name.lower(): value.strip() for name, _, value in pairs}
