"""Sources over HTTP: bytes in, pieces of sound out."""

import asyncio
import re

from aiohttp import web

from .audio_routes import group_of
from .encoding import content_type, encode_whole
from .errors import Refusal
from .recognizer import RATE
from .sources import Sources

RANGE = re.compile(r"^bytes (\d{1,15})-(\d{1,15})/(\d{1,15})$")


class SourceRoutes:
    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def routes(self) -> list[web.RouteDef]:
        at = "/v1/audio/sources/{name}"
        return [
            web.head(at, self._find),
            web.put(at, self._receive),
            web.delete(at, self._delete),
            web.get(f"{at}/pieces", self._list_pieces),
            web.get(f"{at}/pieces/{{number:\\d{{1,6}}}}", self._read_piece),
        ]

    async def _find(self, request: web.Request) -> web.Response:
        source = self._sources.get(request.match_info["name"])
        return web.Response(headers={"Upload-Offset": str(source.received)})

    async def _receive(self, request: web.Request) -> web.Response:
        match = RANGE.match(request.headers.get("Content-Range", ""))
        if match is None:
            raise Refusal(400, "range_missing", "Content-Range must name the bytes")
        start, end, size = map(int, match.groups())
        name, body = request.match_info["name"], request.content
        received = await self._sources.receive(name, start, end, size, body, group_of(request))
        return web.Response(status=204, headers={"Upload-Offset": str(received)})

    async def _list_pieces(self, request: web.Request) -> web.Response:
        pieces = await self._sources.find_pieces(request.match_info["name"])
        if pieces is None:
            return web.json_response({"state": "decoding"}, status=202)
        return web.json_response({"state": "ready", "duration": pieces[-1]["end"], "pieces": pieces})

    async def _read_piece(self, request: web.Request) -> web.Response:
        name = request.query.get("format", "flac")
        if content_type(name) is None:
            raise Refusal(400, "format_unknown", "format must be pcm, wav, opus, mp3, flac or aac")
        pcm = await self._sources.read_piece(request.match_info["name"], int(request.match_info["number"]))
        body = await asyncio.to_thread(encode_whole, name, RATE, pcm)
        return web.Response(body=body, content_type=content_type(name))

    async def _delete(self, request: web.Request) -> web.Response:
        self._sources.delete(request.match_info["name"])
        return web.Response(status=204)
