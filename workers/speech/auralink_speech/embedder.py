"""multilingual-e5-small: a vector of 384 numbers for each text."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .errors import Refusal
from .turns import Turns

MAX_TEXTS = 256
MAX_CHARACTERS = 32_000
MAX_CHARACTERS_IN_ALL = 500_000
#: Tokens that the model reads at once, with one before and one behind them. Of a longer text the parts are read.
WINDOW = 510
FIRST, LAST = 0, 2
#: Tokens in one turn, so that a question does not wait for a whole book.
TURN = 4_096


@dataclass(frozen=True)
class Part:
    """What the model reads at once, of the text with a number."""

    text: int
    tokens: list[int]


class Embedder:
    dimensions = 384

    def __init__(self, folder: Path, threads: int) -> None:
        from ctranslate2 import Encoder
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._encoder = Encoder(str(folder), device="cpu", compute_type="int8", inter_threads=threads, intra_threads=1)
        self._threads = ThreadPoolExecutor(threads)
        self._turns = Turns()

    @staticmethod
    def require_texts(given: object) -> list[str]:
        texts = [given] if isinstance(given, str) else given
        if not isinstance(texts, list) or not texts or not all(isinstance(each, str) and each.strip() for each in texts):
            raise Refusal(400, "input_invalid", "input must be a text, or a list of texts that are not empty")
        if len(texts) > MAX_TEXTS or max(map(len, texts)) > MAX_CHARACTERS:
            raise Refusal(413, "input_too_long", f"input may have {MAX_TEXTS} texts of {MAX_CHARACTERS} characters")
        if sum(map(len, texts)) > MAX_CHARACTERS_IN_ALL:
            raise Refusal(413, "input_too_long", f"input may have {MAX_CHARACTERS_IN_ALL} characters in all")
        return [each.replace("\0", " ") for each in texts]

    async def embed(self, texts: list[str], is_query: bool, group: str) -> tuple[np.ndarray, int]:
        """The vectors, and how many tokens the texts have."""
        kind = "query" if is_query else "passage"
        parts = await self._turns.run(lambda: self._divide([f"{kind}: {each}" for each in texts]), group)
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for turn in in_turns(parts):
            sums = await self._turns.run(lambda: self._read(turn), group)
            for part, each in zip(turn, sums, strict=True):
                vectors[part.text] += each
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return vectors, sum(len(each.tokens) for each in parts)

    def _divide(self, texts: list[str]) -> list[Part]:
        return [
            Part(number, [FIRST, *each.ids[start : start + WINDOW], LAST])
            for number, each in enumerate(self._tokenizer.encode_batch(texts, add_special_tokens=False))
            for start in range(0, max(len(each.ids), 1), WINDOW)
        ]

    def _read(self, parts: list[Part]) -> list[np.ndarray]:
        """
        The sum over the tokens of each part: a long text has the mean of all its tokens. One processor reads a part, and several
        read several: what a processor needs for one stays in its cache, and none waits for another. The longest comes first, so that
        all have something to do until the end.
        """
        order = sorted(range(len(parts)), key=lambda number: -len(parts[number].tokens))
        read = dict(zip(order, self._threads.map(lambda number: self._read_one(parts[number]), order), strict=True))
        return [read[number] for number in range(len(parts))]

    def _read_one(self, part: Part) -> np.ndarray:
        return np.array(self._encoder.forward_batch([part.tokens]).last_hidden_state)[0].sum(axis=0)


def in_turns(parts: list[Part]) -> list[list[Part]]:
    turns: list[list[Part]] = []
    size = TURN
    for part in parts:
        size += len(part.tokens)
        if size > TURN:
            turns.append([])
            size = len(part.tokens)
        turns[-1].append(part)
    return turns
