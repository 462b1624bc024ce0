"""The service over HTTP: who may call, what runs, and how refusals look."""

import asyncio
import hmac
import logging
from collections import Counter
from hashlib import sha256

from aiohttp import web

from .audio_routes import AudioRoutes, group_of
from .decoding import Decoding
from .engines import Engines
from .errors import Refusal, answer
from .settings import Settings
from .source_routes import SourceRoutes
from .sources import Sources
from .stream import Stream
from .text_routes import TextRoutes

MAX_JSON_BYTES = 2 * 1024 * 1024
OPEN = frozenset({"/health", "/ready"})


def _digest(text: str) -> bytes:
    return sha256(text.encode()).digest()


def _guard(settings: Settings):
    known = [_digest(f"Bearer {secret}") for secret in settings.secrets]

    @web.middleware
    async def guard(request: web.Request, handler) -> web.StreamResponse:
        given = _digest(request.headers.get("Authorization", ""))
        # All are compared, so that the time does not show which one matched.
        is_caller = any([hmac.compare_digest(given, each) for each in known])
        try:
            if request.path not in OPEN and not is_caller:
                raise Refusal(401, "secret_wrong", "the secret is wrong")
            return await handler(request)
        except Refusal as refusal:
            return answer(refusal)
        except web.HTTPException as error:
            return answer(Refusal(error.status, "request_invalid", error.reason))
        except (asyncio.CancelledError, ConnectionError):
            raise
        except Exception:
            # The log says only where it failed, not what the caller sent.
            logging.exception("%s %s failed", request.method, request.match_info.route.resource)
            return answer(Refusal(500, "internal", "the request failed"))

    return guard


class Server:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._engines = Engines(settings)
        self._streams: Counter[str] = Counter()

    async def _health(self, _: web.Request) -> web.Response:
        return web.json_response({"status": self._engines.status, "engines": self._engines.states})

    async def _ready(self, _: web.Request) -> web.Response:
        is_ready = self._engines.status != "starting"
        return web.json_response({"ready": is_ready}, status=200 if is_ready else 503)

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        recognizer, activity = self._engines.require("transcription")
        group = group_of(request)
        most, most_of_group = self._settings.streams, self._settings.streams_of_group
        if self._streams.total() >= most or self._streams[group] >= most_of_group:
            raise Refusal(429, "busy", "too many streams are open")
        self._streams[group] += 1
        try:
            socket = web.WebSocketResponse(heartbeat=20, max_msg_size=128 * 1024)
            await socket.prepare(request)
            await Stream(socket, recognizer, activity).run()
            await socket.close()
            return socket
        finally:
            self._streams -= Counter([group])

    async def _forget(self, _: web.Application):
        task = asyncio.create_task(self._sources.forget())
        self._engines.load()
        yield
        task.cancel()

    def build(self) -> web.Application:
        app = web.Application(middlewares=[_guard(self._settings)], client_max_size=MAX_JSON_BYTES)
        folder = self._settings.work
        folder.mkdir(parents=True, exist_ok=True)
        memory_mb = self._settings.memory_mb
        self._sources = Sources(folder, Decoding(memory_mb))
        app.router.add_get("/health", self._health)
        app.router.add_get("/ready", self._ready)
        app.router.add_get("/v1/audio/stream", self._stream)
        app.add_routes(AudioRoutes(self._engines, Decoding(memory_mb), folder).routes())
        app.add_routes(TextRoutes(self._engines).routes())
        app.add_routes(SourceRoutes(self._sources).routes())
        app.cleanup_ctx.append(self._forget)
        return app

