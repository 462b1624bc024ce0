"""Embeddings as OpenAI's API has them, and translation, for which there is no such form."""

import base64
from typing import Any

import numpy as np
from aiohttp import web

from .audio_routes import group_of, read_json
from .detector import Detector
from .embedder import Embedder
from .engines import Engines
from .errors import Refusal
from .translator import Translator


def _vector(numbers: np.ndarray, encoding: str) -> Any:
    if encoding == "base64":
        return base64.b64encode(numbers.astype("<f4").tobytes()).decode()
    return [round(float(number), 7) for number in numbers]


class TextRoutes:
    def __init__(self, engines: Engines) -> None:
        self._engines = engines
        self._detector = Detector()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/v1/models", self._list_models),
            web.post("/v1/embeddings", self._embed),
            web.post("/v1/translations", self._translate),
            web.get("/v1/translations/languages", self._list_languages),
        ]

    async def _list_models(self, _: web.Request) -> web.Response:
        names = {
            "transcription": "whisper-base",
            "speech": "en_US-joe-medium",
            "embeddings": "multilingual-e5-small",
            "translation": "apertium",
        }
        data = [
            {"id": names[engine], "object": "model", "owned_by": "local", "engine": engine}
            for engine, state in self._engines.states.items()
            if state == "ready"
        ]
        return web.json_response({"object": "list", "data": data})

    async def _embed(self, request: web.Request) -> web.Response:
        embedder: Embedder = self._engines.require("embeddings")
        given = await read_json(request)
        encoding, kind = given.get("encoding_format", "float"), given.get("input_type", "passage")
        if encoding not in ("float", "base64") or kind not in ("passage", "query"):
            raise Refusal(400, "input_invalid", "encoding_format must be float or base64, input_type passage or query")
        if given.get("dimensions", embedder.dimensions) != embedder.dimensions:
            raise Refusal(400, "dimensions_unknown", f"dimensions must be {embedder.dimensions}")
        texts = embedder.require_texts(given.get("input"))
        vectors, tokens = await embedder.embed(texts, kind == "query", group_of(request))
        data = [
            {"object": "embedding", "index": index, "embedding": _vector(each, encoding)}
            for index, each in enumerate(vectors)
        ]
        usage = {"prompt_tokens": tokens, "total_tokens": tokens}
        return web.json_response({"object": "list", "model": "multilingual-e5-small", "data": data, "usage": usage})

    async def _list_languages(self, _: web.Request) -> web.Response:
        translator: Translator = self._engines.require("translation")
        data = [{"source": source, "target": target} for source, target in sorted(translator.pairs)]
        return web.json_response({"object": "list", "data": data})

    async def _translate(self, request: web.Request) -> web.Response:
        translator: Translator = self._engines.require("translation")
        given = await read_json(request)
        texts, source, target = given.get("input"), given.get("source"), given.get("target")
        context = given.get("context")
        texts = [texts] if isinstance(texts, str) else texts
        if not isinstance(texts, list) or not texts or not all(isinstance(each, str) for each in texts):
            raise Refusal(400, "input_invalid", "input must be a text, or a list of texts")
        if not isinstance(context, str | None):
            raise Refusal(400, "input_invalid", "context must be a text")
        if not isinstance(source, str | None) or not isinstance(target, str):
            raise Refusal(400, "language_missing", "target must be a language, source a language or missing")
        if source is None:
            source = await self._detector.detect([context, *texts] if context else texts)
        translated = await translator.translate(texts, source, target, group_of(request))
        data = [{"object": "translation", "index": index, "text": text} for index, text in enumerate(translated)]
        usage = {"characters": sum(map(len, texts))}
        document = {"object": "list", "model": "apertium", "source": source, "data": data, "usage": usage}
        return web.json_response(document)
