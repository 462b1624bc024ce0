"""What a caller sends on a stream: how it begins, and its sound."""

import json
from dataclasses import dataclass
from typing import Protocol

import av
import numpy as np
from aiohttp import WSMessage, WSMsgType

from .errors import Refusal
from .recognizer import RATE, Recognizer

LATEST_OFFSET = 7 * 24 * 3600
LONGEST_MESSAGE = RATE * 2 * 2


class Input(Protocol):
    def decode(self, data: bytes) -> np.ndarray: ...


class Pcm:
    """16-bit little-endian samples of 16 kHz, mono; two seconds at most in a message."""

    def decode(self, data: bytes) -> np.ndarray:
        if len(data) % 2 or len(data) > LONGEST_MESSAGE:
            raise Refusal(400, "sound_invalid", "sound must be whole 16-bit samples, of two seconds at most")
        return np.frombuffer(data, "<i2").astype(np.float32) / 32768


class Opus:
    """One Opus packet in each message."""

    def __init__(self) -> None:
        self._codec = av.CodecContext.create("libopus", "r")
        self._codec.sample_rate = 48_000
        self._codec.layout = "mono"
        self._resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)

    def decode(self, data: bytes) -> np.ndarray:
        try:
            frames = self._codec.decode(av.Packet(data)) if data else []
            parts = [part.to_ndarray().reshape(-1) for frame in frames for part in self._resampler.resample(frame)]
        except av.error.FFmpegError as error:
            raise Refusal(400, "sound_invalid", "sound must be Opus packets") from error
        samples = np.concatenate(parts) if parts else np.zeros(0, np.int16)
        return samples.astype(np.float32) / 32768


@dataclass(frozen=True)
class Start:
    language: str | None
    #: Second of the call at which this stream begins: if it continues another stream, where that one ended.
    offset: float
    input: Input
    #: For agents: `speech` and `pause` as somebody begins and stops, no versions of a sentence, and its text as soon as it is whole.
    turns: bool


def read_start(message: WSMessage, recognizer: Recognizer) -> Start:
    if message.type != WSMsgType.TEXT:
        raise Refusal(400, "start_missing", "the first message must be of the type start")
    try:
        given = json.loads(message.data)
        kind, encoding = given.get("type"), given.get("encoding", "pcm16")
        language, offset, turns = given.get("language"), given.get("offset", 0), given.get("turns", False)
    except (ValueError, AttributeError) as error:
        raise Refusal(400, "message_invalid", "a message must be JSON with a type") from error
    if kind != "start" or encoding not in ("pcm16", "opus"):
        raise Refusal(400, "start_invalid", "the first message must be a start, encoding must be pcm16 or opus")
    if not isinstance(offset, int | float) or isinstance(offset, bool) or not 0 <= offset <= LATEST_OFFSET:
        raise Refusal(400, "start_invalid", "offset must be seconds, within a week")
    if language is not None and not isinstance(language, str):
        raise Refusal(400, "start_invalid", "language must be a text")
    if not isinstance(turns, bool):
        raise Refusal(400, "start_invalid", "turns must be true or false")
    decoder = Opus() if encoding == "opus" else Pcm()
    return Start(recognizer.require_language(language), float(offset), decoder, turns)
