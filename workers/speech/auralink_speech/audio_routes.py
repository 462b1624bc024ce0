"""Sound to text and text to sound, as OpenAI's API has them."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from aiohttp import web

from .decoding import Decoding
from .encoding import content_type, encode_stream
from .engines import Engines
from .errors import Refusal, busy
from .recognizer import Recognizer, Request
from .subtitles import to_srt, to_vtt
from .uploads import Form, read_form
from .voices import DEFAULT_VOICE, VOICES, Voices

MAX_SECONDS = 600
#: Files whose sound is in memory, and requests that hold a file on the disk.
MAX_IN_MEMORY = 4
MAX_REQUESTS = 32
FORMATS = ("json", "text", "srt", "vtt", "verbose_json")


def group_of(request: web.Request) -> str:
    """Whose turn it is: the API names the organization."""
    return request.headers.get("Speech-Group", "")[:100]


def _transcription_of(form: Form, recognizer: Recognizer, group: str, translate: bool) -> Request:
    try:
        temperature = float(form.get("temperature", "0"))
    except ValueError as error:
        raise Refusal(400, "temperature_invalid", "temperature must be a number") from error
    if not 0 <= temperature <= 1:
        raise Refusal(400, "temperature_invalid", "temperature must be from 0 to 1")
    wanted = form.lists.get("timestamp_granularities", [])
    return Request(
        language=recognizer.require_language(form.get("language") or None),
        words="word" in wanted or form.get("response_format") in ("srt", "vtt"),
        prompt=form.get("prompt")[:1_000] or None,
        temperature=temperature,
        translate=translate,
        group=group,
    )


def _respond(document: dict[str, Any], name: str) -> web.Response:
    if name == "json":
        return web.json_response({"text": document["text"]})
    if name == "verbose_json":
        return web.json_response(document)
    text = {"text": lambda: document["text"] + "\n", "srt": lambda: to_srt(document), "vtt": lambda: to_vtt(document)}
    return web.Response(text=text[name](), content_type="text/vtt" if name == "vtt" else "text/plain")


class AudioRoutes:
    def __init__(self, engines: Engines, decoding: Decoding, folder: Path) -> None:
        self._engines = engines
        self._decoding = decoding
        self._folder = folder
        self._in_memory = asyncio.Semaphore(MAX_IN_MEMORY)
        self._requests = 0

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v1/audio/transcriptions", lambda request: self._transcribe(request, False)),
            web.post("/v1/audio/translations", lambda request: self._transcribe(request, True)),
            web.post("/v1/audio/speech", self._speak),
            web.get("/v1/audio/voices", self._list_voices),
        ]

    async def _transcribe(self, request: web.Request, translate: bool) -> web.Response:
        recognizer, _ = self._engines.require("transcription")
        if self._requests >= MAX_REQUESTS:
            raise busy()
        self._requests += 1
        try:
            with tempfile.TemporaryDirectory(dir=self._folder) as name:
                form = await read_form(request, Path(name))
                answered = form.get("response_format", "json")
                if answered not in FORMATS:
                    raise Refusal(400, "response_format_unknown", f"response_format must be one of {', '.join(FORMATS)}")
                wanted = _transcription_of(form, recognizer, group_of(request), translate)
                return _respond(await self._recognize(form, recognizer, wanted), answered)
        finally:
            self._requests -= 1

    async def _recognize(self, form: Form, recognizer: Recognizer, wanted: Request) -> dict[str, Any]:
        pcm = form.folder / "sound.pcm"
        await self._decoding.decode(form.require_file(), pcm, MAX_SECONDS, wanted.group)
        async with self._in_memory:
            samples = np.fromfile(pcm, np.int16).astype(np.float32) / 32768
            return await recognizer.transcribe(samples, wanted)

    async def _list_voices(self, _: web.Request) -> web.Response:
        self._engines.require("speech")
        return web.json_response({"object": "list", "data": list(VOICES)})

    async def _speak(self, request: web.Request) -> web.StreamResponse:
        voices: Voices = self._engines.require("speech")
        given = await read_json(request)
        text, voice = given.get("input"), given.get("voice", DEFAULT_VOICE)
        name, speed = given.get("response_format", "mp3"), given.get("speed", 1.0)
        if not isinstance(text, str) or not isinstance(voice, str) or not isinstance(speed, int | float):
            raise Refusal(400, "input_invalid", "input and voice must be texts, speed a number")
        kind = content_type(name) if isinstance(name, str) else None
        if kind is None:
            raise Refusal(400, "response_format_unknown", "response_format must be pcm, wav, opus, mp3, flac or aac")
        sound = encode_stream(name, voices.rate, voices.speak(text, voice, float(speed), group_of(request)))
        first = await anext(sound, b"")  # what is refused is refused before the answer begins
        headers = {"Content-Type": kind, "Sample-Rate": str(voices.rate)}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        await response.write(first)
        async for part in sound:
            await response.write(part)
        await response.write_eof()
        return response


async def read_json(request: web.Request) -> dict[str, Any]:
    try:
        given = await request.json()
    except ValueError as error:
        raise Refusal(400, "json_invalid", "the request must be JSON") from error
    if not isinstance(given, dict):
        raise Refusal(400, "json_invalid", "the request must be a JSON object")
    return given
