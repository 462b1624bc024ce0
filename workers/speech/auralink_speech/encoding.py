"""PCM as the formats that callers ask for."""

import io
import struct
from collections.abc import AsyncIterator

import av
import numpy as np

#: Of each format: type of content, name of the container, name of the codec.
FORMATS = {
    "mp3": ("audio/mpeg", "mp3", "libmp3lame"),
    "opus": ("audio/ogg", "ogg", "libopus"),
    "flac": ("audio/flac", "flac", "flac"),
    "aac": ("audio/aac", "adts", "aac"),
}
RAW_TYPES = {"pcm": "audio/pcm", "wav": "audio/wav"}
#: Bits per second, where a format has a choice: a voice needs no more.
BITS = {"mp3": 64_000, "opus": 32_000, "aac": 64_000}
UNKNOWN_LENGTH = 0xFFFFFFFF


def content_type(name: str) -> str | None:
    return RAW_TYPES.get(name) or (FORMATS[name][0] if name in FORMATS else None)


def wav_header(rate: int, size: int = UNKNOWN_LENGTH - 36) -> bytes:
    """Of 16-bit mono; a stream does not know its length."""
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", size + 36, b"WAVE", b"fmt ", 16, 1, 1, rate, rate * 2, 2, 16, b"data", size
    )


class Encoder:
    """Takes PCM in parts and gives the encoded bytes that are ready."""

    def __init__(self, name: str, rate: int) -> None:
        _, container, codec = FORMATS[name]
        self._out = io.BytesIO()
        self._rate = rate
        self._container = av.open(self._out, "w", format=container)
        self._stream = self._container.add_stream(codec, rate=48_000 if codec == "libopus" else rate, layout="mono")
        if name in BITS:
            self._stream.bit_rate = BITS[name]
        self._position = 0
        self._sent = 0

    def encode(self, pcm: bytes) -> bytes:
        frame = av.AudioFrame.from_ndarray(np.frombuffer(pcm, np.int16).reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = self._rate
        frame.pts = self._position
        self._position += frame.samples
        for packet in self._stream.encode(frame):
            self._container.mux(packet)
        return self._take()

    def end(self) -> bytes:
        for packet in self._stream.encode(None):
            self._container.mux(packet)
        self._container.close()
        return self._take()

    def _take(self) -> bytes:
        whole = self._out.getvalue()
        part, self._sent = whole[self._sent :], len(whole)
        return part


def encode_whole(name: str, rate: int, pcm: bytes) -> bytes:
    if name == "pcm":
        return pcm
    if name == "wav":
        return wav_header(rate, len(pcm)) + pcm
    encoder = Encoder(name, rate)
    # FLAC writes its number of samples at the start when it ends; so the bytes are read at the end.
    encoder.encode(pcm)
    encoder.end()
    return encoder._out.getvalue()


async def encode_stream(name: str, rate: int, parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    if name in RAW_TYPES:
        if name == "wav":
            yield wav_header(rate)
        async for part in parts:
            yield part
        return
    encoder = Encoder(name, rate)
    async for part in parts:
        if encoded := encoder.encode(part):
            yield encoded
    if encoded := encoder.end():
        yield encoded
