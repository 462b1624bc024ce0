"""In which language a text is written."""

import asyncio
from threading import Lock
from typing import Any

from .errors import Refusal

#: Those that the product lists. Of more, short texts are taken for languages that nobody speaks here.
LANGUAGES = ["en", "es", "fr", "de", "ja", "zh", "ar", "pt", "ru", "it", "ko", "hi", "ca"]
SURE = 0.5
#: More of a text says no more about its language.
CHARACTERS = 2_000


class Detector:
    def __init__(self) -> None:
        self._model: Any = None
        self._lock = Lock()

    async def detect(self, texts: list[str]) -> str:
        """The language of the texts together."""
        language, probability = await asyncio.to_thread(self._classify, " ".join(texts)[:CHARACTERS])
        if probability < SURE:
            raise Refusal(400, "language_unclear", "the language of the text cannot be found out; name it as source")
        return language

    def _classify(self, text: str) -> tuple[str, float]:
        with self._lock:
            if self._model is None:
                from py3langid.langid import MODEL_FILE, LanguageIdentifier

                self._model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
                self._model.set_languages(LANGUAGES)
            language, probability = self._model.classify(text)
        return str(language), float(probability)
