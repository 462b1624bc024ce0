"""The engines that are there. Each is loaded by itself: one that is missing takes no other with it."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from .errors import Refusal
from .models import MODELS, check
from .settings import Settings

T = TypeVar("T")


class Engines:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loaded: dict[str, Any] = {}
        self.states: dict[str, str] = {name: "loading" for name in ("transcription", "speech", "embeddings", "translation")}

    def load(self) -> None:
        """On a thread of its own; until then requests are answered with 503."""
        threading.Thread(target=self._load, daemon=True).start()

    def _load(self) -> None:
        from .embedder import Embedder
        from .translator import Translator
        from .voices import Voices

        self._try("transcription", ("transcription", "activity"), self._load_transcription)
        self._try("speech", ("speech",), lambda files: Voices(files[0]))
        self._try("embeddings", ("embeddings", "tokens"), lambda files: Embedder(files[0].parent, self._settings.threads))
        translator = Translator()
        self._loaded["translation"] = translator
        self.states["translation"] = "ready" if translator.pairs else "missing"

    def _load_transcription(self, files: list[Path]) -> Any:
        from .activity import ActivityModel
        from .recognizer import Recognizer

        return Recognizer(files[0].parent, self._settings.threads), ActivityModel(files[1])

    def _try(self, name: str, models: tuple[str, ...], build: Callable[[list[Path]], Any]) -> None:
        found = [check(MODELS[model], self._settings.models) for model in models]
        bad = next((state for file, state in found if file is None), None)
        try:
            if bad is None:
                self._loaded[name] = build([file for file, _ in found if file])
            self.states[name] = bad or "ready"
        except Exception as error:
            logging.exception("the model of %s cannot be loaded: %s", name, error)
            self.states[name] = "failed"

    def require(self, name: str) -> Any:
        """Refuses while it loads, and when it is not there."""
        state = self.states[name]
        if state == "ready":
            return self._loaded[name]
        message = f"{name} is loading" if state == "loading" else f"{name} is not available: its model is {state}"
        raise Refusal(503, state if state == "loading" else "not_available", message)

    @property
    def status(self) -> str:
        if "loading" in self.states.values():
            return "starting"
        return "ok" if set(self.states.values()) == {"ready"} else "degraded"
