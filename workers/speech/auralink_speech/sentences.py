"""Cuts a stream into sentences: where speech begins, pauses and ends."""

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from .activity import FRAME

RATE = 16_000
SPEAKS, SILENT = 0.5, 0.35
#: Frames of 32 ms: before speech was noticed; a pause after which words are recognized, with `turns` a shorter one; a pause that ends a sentence.
LEAD = 10
PAUSE = 6
PAUSE_OF_TURN = 4
END = 17
#: Ends a sentence whose words are known already and complete.
END_OF_WHOLE = 10
#: This many frames of speech in a row are a person speaking, not a click.
SPEECH = 3
SHORTEST = 4
#: A sentence without a pause is cut at its quietest frame of the last three seconds.
LONGEST = 15 * RATE // FRAME
CUT_WITHIN = 3 * RATE // FRAME


@dataclass
class Sentence:
    """Speech; `start` counts samples from the beginning of the stream."""

    start: int
    frames: list[np.ndarray] = field(default_factory=list)
    likely: list[float] = field(default_factory=list)
    silent: int = 0
    spoken: int = 0

    @property
    def length(self) -> int:
        """In samples."""
        return len(self.frames) * FRAME

    @property
    def samples(self) -> np.ndarray:
        return np.concatenate(self.frames)


@dataclass(frozen=True)
class Heard:
    """What a frame changed: `begun`, `grown`, `paused` or `ended` of a sentence."""

    kind: str
    sentence: Sentence


class Cutter:
    def __init__(self, pause: int = PAUSE) -> None:
        self._pause = pause
        self._position = 0
        self._before: deque[np.ndarray] = deque(maxlen=LEAD)
        self._sentence: Sentence | None = None

    def hear(self, frame: np.ndarray, probability: float) -> Heard | None:
        start = self._position
        self._position += FRAME
        if self._sentence is None:
            if probability < SPEAKS:
                self._before.append(frame)
                return None
            self._sentence = Sentence(start - len(self._before) * FRAME, list(self._before), [0.0] * len(self._before))
            self._before.clear()
            self._grow(self._sentence, frame, probability)
            return Heard("begun", self._sentence)
        return self._grow(self._sentence, frame, probability)

    def _grow(self, sentence: Sentence, frame: np.ndarray, probability: float) -> Heard | None:
        sentence.frames.append(frame)
        sentence.likely.append(probability)
        if probability >= SILENT:
            sentence.silent = 0
            sentence.spoken += 1
        else:
            sentence.silent += 1
        if sentence.silent >= END:
            return self.end()
        if len(sentence.frames) >= LONGEST:
            return self._cut(sentence)
        return Heard("paused" if sentence.silent == self._pause else "grown", sentence)

    @property
    def begins(self) -> bool:
        """Whether the last frame made it certain that somebody speaks."""
        likely = self._sentence.likely if self._sentence else []
        run = len(likely) - 1 - max((at for at, each in enumerate(likely) if each < SPEAKS), default=-1)
        return run == SPEECH

    @property
    def is_ending(self) -> bool:
        """Whether it has been silent for so long that a whole sentence has ended."""
        return self._sentence is not None and self._sentence.silent >= END_OF_WHOLE

    def _cut(self, sentence: Sentence) -> Heard:
        last = sentence.likely[-CUT_WITHIN:]
        at = len(sentence.frames) - CUT_WITHIN + int(np.argmin(last)) + 1
        rest = Sentence(sentence.start + at * FRAME, sentence.frames[at:], sentence.likely[at:])
        rest.spoken = sum(each >= SILENT for each in rest.likely)
        self._sentence = rest
        spoken = sentence.spoken - rest.spoken
        first = Sentence(sentence.start, sentence.frames[:at], sentence.likely[:at], 0, spoken)
        return Heard("ended", first)

    def end(self) -> Heard | None:
        """The sentence so far, unless it was a click."""
        sentence, self._sentence = self._sentence, None
        if sentence is None or sentence.spoken < SHORTEST:
            return None
        return Heard("ended", sentence)
