"""Whisper: words of sound, with times and what the model itself says of its certainty."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .errors import Refusal
from .turns import Rank, Turns

RATE = 16_000
#: A sentence has no more tokens than this, in any language: a model that repeats itself is stopped.
TOKENS_PER_SECOND = 20
TOKENS_AT_LEAST = 16
#: A text that compresses to less than this repeats itself: its sound is recognized once more, in a whole window.
REPEATS = 2.0
#: Text that is less likely than this, and probably no speech, is left out.
UNLIKELY = -0.8


@dataclass(frozen=True)
class Request:
    """How to transcribe. `language` None detects it."""

    language: str | None = None
    words: bool = True
    prompt: str | None = None
    temperature: float = 0.0
    translate: bool = False
    group: str = ""


class Recognizer:
    def __init__(self, folder: Path, threads: int) -> None:
        from .windows import WindowedModel

        self._model = WindowedModel(str(folder), device="cpu", compute_type="int8", cpu_threads=threads)
        self.languages = frozenset(self._model.supported_languages)
        self._turns = Turns()
        # Loads with a first window what is needed when somebody speaks.
        list(self._model.transcribe(np.zeros(RATE, np.float32), language="en", beam_size=1)[0])

    def require_language(self, language: str | None) -> str | None:
        if language is None or language == "":
            return None
        code = language.lower().split("-")[0]
        if code not in self.languages:
            raise Refusal(400, "language_unknown", "language is not one of the model")
        return code

    async def transcribe(self, samples: np.ndarray, request: Request) -> dict[str, Any]:
        """One turn for each window of 30 s: what is live does not wait for a whole file."""
        if len(samples) < RATE // 10:
            return _document([], request.language or "en", 0.0, len(samples) / RATE)
        segments, info = await self._turns.run(lambda: self._begin(samples, request), request.group)
        results: list[Any] = []
        while (segment := await self._turns.run(lambda: next(segments, None), request.group)) is not None:
            results.append(segment)
        return _document(results, info.language, info.language_probability, len(samples) / RATE)

    def _begin(self, samples: np.ndarray, request: Request) -> tuple[Iterator[Any], Any]:
        return self._model.transcribe(
            samples,
            language=request.language,
            task="translate" if request.translate else "transcribe",
            beam_size=1,
            temperature=request.temperature if request.temperature > 0 else [0.0, 0.4, 0.8],
            word_timestamps=request.words,
            vad_filter=True,
            initial_prompt=request.prompt,
            condition_on_previous_text=False,
        )

    async def transcribe_live(
        self, samples: np.ndarray, language: str | None, ended: bool, times: bool = True
    ) -> dict[str, Any]:
        """A sentence of a stream, before all files; with words when it has ended. It has been found to be speech already."""
        rank = Rank.ENDED if ended else Rank.SPOKEN
        words = ended and times
        return await self._turns.run(lambda: self._transcribe_sentence(samples, language, words), rank=rank)

    def _transcribe_sentence(self, samples: np.ndarray, language: str | None, words: bool) -> dict[str, Any]:
        seconds = len(samples) / RATE
        with self._model.window(seconds):
            segments, info = self._ask_live(samples, language, words)
        if any(each.compression_ratio > REPEATS for each in segments):
            # While a sentence is still spoken, its next version comes soon.
            segments, info = self._ask_live(samples, language, words) if words else ([], info)
        return _document(segments, info.language, info.language_probability, seconds)

    def _ask_live(self, samples: np.ndarray, language: str | None, words: bool) -> tuple[list[Any], Any]:
        segments, info = self._model.transcribe(
            samples,
            language=language,
            beam_size=1,
            temperature=0.0,
            word_timestamps=words,
            without_timestamps=not words,
            condition_on_previous_text=False,
            log_prob_threshold=UNLIKELY,
            max_new_tokens=TOKENS_AT_LEAST + int(TOKENS_PER_SECOND * len(samples) / RATE),
        )
        return list(segments), info

    @property
    def waiting(self) -> int:
        return self._turns.waiting


def _word(word: Any) -> dict[str, Any]:
    return {
        "word": word.word.strip(),
        "start": round(float(word.start), 3),
        "end": round(float(word.end), 3),
        "probability": round(float(word.probability), 4),
    }


def _document(segments: list[Any], language: str, probability: float, seconds: float) -> dict[str, Any]:
    """As OpenAI's `verbose_json`; `probability` of words and `language_probability` are beyond it."""
    parts = [
        {
            "id": number,
            "start": round(float(each.start), 3),
            "end": round(float(each.end), 3),
            "text": each.text.strip(),
            "avg_logprob": round(float(each.avg_logprob), 4),
            "no_speech_prob": round(float(each.no_speech_prob), 4),
            "words": [_word(word) for word in each.words or []],
        }
        for number, each in enumerate(segments)
    ]
    return {
        "task": "transcribe",
        "language": language,
        "language_probability": round(float(probability), 4),
        "duration": round(seconds, 3),
        "text": " ".join(part["text"] for part in parts if part["text"]),
        "segments": parts,
        "words": [word for part in parts for word in part["words"]],
    }
