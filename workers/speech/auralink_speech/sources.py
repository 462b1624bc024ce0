"""Files that are too long for one transcription: they come in pieces, and their sound is given back in pieces of a minute."""

import asyncio
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from aiohttp import StreamReader

from .decoding import Decoding
from .errors import Refusal, busy
from .recognizer import RATE

MAX_SOURCES = 8
MAX_SOURCES_OF_GROUP = 3
MAX_BYTES = 2_000_000_000
MAX_BYTES_IN_ALL = 8_000_000_000
MAX_SECONDS = 8 * 3600
FORGOTTEN_AFTER = 600
NAME = re.compile(r"^[A-Za-z0-9_-]{8,80}$")
#: A piece ends at its quietest moment between these two, in seconds.
SHORTEST_PIECE, LONGEST_PIECE = 45, 60
QUIET = 0.02
#: The loudest 20 ms of a piece that has no speech: -50 dB.
SILENCE = 32768 * 10 ** (-50 / 20)


@dataclass
class Source:
    file: Path
    size: int
    group: str
    used: float = field(default_factory=time.monotonic)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    received: int = 0
    decoding: asyncio.Task | None = None
    pieces: list[dict[str, Any]] | None = None

    @property
    def pcm(self) -> Path:
        return self.file.with_suffix(".pcm")


def _loudness(samples: np.ndarray) -> np.ndarray:
    length = int(RATE * QUIET)
    whole = samples[: len(samples) // length * length].astype(np.float32).reshape(-1, length)
    return np.sqrt((whole**2).mean(axis=1)) if len(whole) else np.zeros(1, np.float32)


def cut(samples: np.ndarray) -> list[dict[str, Any]]:
    """Where the pieces begin and end, and whether nothing is heard in one."""
    pieces, start = [], 0
    while start < len(samples):
        end = min(len(samples), start + LONGEST_PIECE * RATE)
        if end < len(samples):
            first = start + SHORTEST_PIECE * RATE
            smooth = np.convolve(_loudness(samples[first:end]), np.ones(15) / 15, mode="same")
            end = first + int((np.argmin(smooth[8:-8]) + 8 + 0.5) * RATE * QUIET)
        silent = bool(_loudness(samples[start:end]).max() < SILENCE)
        pieces.append({"start": round(start / RATE, 3), "end": round(end / RATE, 3), "silent": silent})
        start = end
    return pieces


class Sources:
    def __init__(self, folder: Path, decoding: Decoding) -> None:
        self._folder = folder
        self._decoding = decoding
        self._sources: dict[str, Source] = {}
        for left in folder.glob("*.source"), folder.glob("*.pcm"):
            for file in left:
                file.unlink()

    def get(self, name: str) -> Source:
        source = self._sources.get(name)
        if source is None:
            raise Refusal(404, "source_unknown", "there is no such source")
        source.used = time.monotonic()
        return source

    def _open(self, name: str, size: int, group: str) -> Source:
        if not NAME.match(name):
            raise Refusal(400, "name_invalid", "the name of a source has 8 to 80 letters, digits, - and _")
        if size > MAX_BYTES:
            raise Refusal(413, "too_large", f"a source may have {MAX_BYTES} bytes")
        in_all = sum(each.size for each in self._sources.values()) + size
        of_group = sum(each.group == group for each in self._sources.values())
        if len(self._sources) >= MAX_SOURCES or of_group >= MAX_SOURCES_OF_GROUP or in_all > MAX_BYTES_IN_ALL:
            raise busy()
        source = self._sources[name] = Source(self._folder / f"{name}.source", size, group)
        return source

    async def receive(self, name: str, start: int, end: int, size: int, body: StreamReader, group: str) -> int:
        """Appends the bytes `start` to `end`; what arrived of a broken piece stays. Answers how many there are."""
        source = self._sources.get(name) or self._open(name, size, group)
        source.used = time.monotonic()
        async with source.lock:
            if start != source.received or size != source.size or not start <= end < size or source.decoding:
                raise Refusal(409, "offset_differs", f"the next byte is {source.received} of {source.size}")
            with source.file.open("ab") as file:
                async for part in body.iter_chunked(256 * 1024):
                    if source.received + len(part) > end + 1:
                        raise Refusal(400, "too_many_bytes", "the piece has more bytes than it says")
                    # At once: a caller that leaves ends this between two parts, never between bytes and their count.
                    file.write(part)
                    source.received += len(part)
                    source.used = time.monotonic()
        return source.received

    async def find_pieces(self, name: str) -> list[dict[str, Any]] | None:
        """The pieces, or None while the sound is decoded. Refuses a file that has none."""
        source = self.get(name)
        if source.received < source.size:
            raise Refusal(409, "offset_differs", f"the next byte is {source.received} of {source.size}")
        if source.decoding is None:
            source.decoding = asyncio.create_task(self._decode(source))
        if not source.decoding.done():
            await asyncio.wait([source.decoding], timeout=5)
        if not source.decoding.done():
            return None
        source.decoding.result()
        return source.pieces

    async def _decode(self, source: Source) -> None:
        await self._decoding.decode(source.file, source.pcm, MAX_SECONDS, source.group)
        source.file.unlink()
        source.pieces = await asyncio.to_thread(lambda: cut(np.memmap(source.pcm, np.int16, "r")))

    async def read_piece(self, name: str, number: int) -> bytes:
        source = self.get(name)
        if source.pieces is None or not 0 <= number < len(source.pieces):
            raise Refusal(404, "piece_unknown", "there is no such piece")
        piece = source.pieces[number]
        first, last = round(piece["start"] * RATE), round(piece["end"] * RATE)
        samples = np.memmap(source.pcm, np.int16, "r")
        return await asyncio.to_thread(lambda: samples[first:last].tobytes())

    def delete(self, name: str) -> None:
        source = self._sources.pop(name, None)
        if source is None:
            return
        if source.decoding and not source.decoding.done():
            source.decoding.cancel()
        for file in (source.file, source.pcm):
            file.unlink(missing_ok=True)

    async def forget(self) -> None:
        """Deletes what is not asked for any more, for ever."""
        while True:
            await asyncio.sleep(30)
            for name, source in list(self._sources.items()):
                if time.monotonic() - source.used > FORGOTTEN_AFTER:
                    self.delete(name)
