"""One stream of sound on a socket: versions of a sentence while it is spoken, and its words when it has ended."""

import asyncio
import json
import time
from typing import Any

import numpy as np
from aiohttp import WSMsgType, web

from .activity import FRAME, Activity, ActivityModel
from .errors import Refusal
from .recognizer import RATE, Recognizer
from .sentences import PAUSE_OF_TURN, Cutter, Heard, Sentence
from .stream_input import Input, read_start

#: Sound of a sentence before its first version, and seconds between one version and the next.
FIRST_PARTIAL = int(0.9 * RATE)
PARTIAL_EVERY = 0.8
MAX_ENDED = 4
#: A sentence that finds no place among those that wait is left out after this time, and its gap is named.
PLACE_SECONDS = 10
IDLE_SECONDS = 60
#: While recognition runs or waits for its turn, the caller learns that the stream lives.
WORKING_EVERY = 1.0


class Stream:
    def __init__(self, socket: web.WebSocketResponse, recognizer: Recognizer, model: ActivityModel) -> None:
        self._socket = socket
        self._recognizer = recognizer
        self._activity = Activity(model)
        self._cutter = Cutter()
        self._ended: asyncio.Queue[tuple[int, Sentence, asyncio.Task | None]] = asyncio.Queue(MAX_ENDED)
        self._partial: asyncio.Task | None = None
        self._guess: tuple[int, asyncio.Task] | None = None
        self._running: set[asyncio.Task] = set()
        self._number = 0
        self._version = 0
        self._partial_at = 0.0
        self._language: str | None = None
        self._offset = 0.0
        self._turns = False

    async def run(self) -> None:
        """Until the caller closes, nothing comes for a minute, or a message is wrong."""
        finals = asyncio.create_task(self._send_finals())
        working = asyncio.create_task(self._send_working())
        try:
            start = read_start(await self._socket.receive(timeout=IDLE_SECONDS), self._recognizer)
            self._language, self._offset, self._turns = start.language, start.offset, start.turns
            if self._turns:
                self._cutter = Cutter(PAUSE_OF_TURN)
            await self._send({"type": "started", "sampleRate": RATE})
            await self._listen(start.input)
        except asyncio.TimeoutError:
            await self._send({"type": "error", "code": "idle", "message": "nothing came for a minute"})
        except Refusal as refusal:
            await self._send({"type": "error", "code": refusal.code, "message": str(refusal)})
        finally:
            for task in (finals, working, self._partial, self._guess and self._guess[1]):
                if task:
                    task.cancel()

    async def _listen(self, given: Input) -> None:
        rest = np.zeros(0, np.float32)
        while True:
            message = await self._socket.receive(timeout=IDLE_SECONDS)
            if message.type == WSMsgType.BINARY:
                rest = np.concatenate([rest, given.decode(message.data)])
                while len(rest) >= FRAME:
                    frame, rest = rest[:FRAME], rest[FRAME:]
                    await self._hear(frame)
                await asyncio.sleep(0)
            elif message.type == WSMsgType.TEXT:
                kind = _kind_of(message.data)
                if kind == "ping":
                    await self._send({"type": "pong"})
                    continue
                await self._finalize()
                if kind == "close":
                    return
            else:
                return

    async def _finalize(self) -> None:
        """Ends the sentence that is spoken, and says so when all that ended has its words."""
        if heard := self._cutter.end():
            await self._react(heard)
        await self._ended.join()
        await self._send({"type": "finalized"})

    async def _hear(self, frame: np.ndarray) -> None:
        heard = self._cutter.hear(frame, self._activity.probability(frame))
        if self._turns and heard and heard.kind == "begun":
            await self._send({"type": "sound"})
        if self._turns and self._cutter.begins:
            await self._send({"type": "speech"})
        if heard and self._turns and self._cutter.is_ending and self._is_whole():
            heard = self._cutter.end() or heard
        if heard:
            await self._react(heard)

    def _is_whole(self) -> bool:
        """Whether the words before the pause are known, and end a sentence."""
        guess = self._guess and self._guess[1]
        if not guess or not guess.done() or guess.cancelled() or guess.exception():
            return False
        text = guess.result()["text"]
        return text.endswith((".", "?", "!")) and not text.endswith("...")

    async def _react(self, heard: Heard) -> None:
        sentence = heard.sentence
        if heard.kind == "ended":
            await self._end(sentence)
        elif heard.kind == "paused":
            # Most pauses end a sentence: its words are there when it is certain.
            if self._turns:
                await self._send({"type": "pause"})
            self._guess = (sentence.spoken, self._transcribe(sentence, ended=True))
        elif not self._turns and self._is_partial_due(sentence):
            self._drop_guess(sentence)
            self._partial = asyncio.create_task(self._send_partial(self._number, sentence))
        else:
            self._drop_guess(sentence)

    def _is_partial_due(self, sentence: Sentence) -> bool:
        if self._partial and not self._partial.done():
            return False
        return sentence.length >= FIRST_PARTIAL and time.monotonic() - self._partial_at > PARTIAL_EVERY

    def _drop_guess(self, sentence: Sentence) -> None:
        """It was a pause within a sentence: what waits for its turn is taken back."""
        if self._guess and self._guess[0] != sentence.spoken:
            self._guess[1].cancel()
            self._guess = None

    def _transcribe(self, sentence: Sentence, ended: bool) -> asyncio.Task:
        work = self._recognizer.transcribe_live(sentence.samples, self._language, ended, times=not self._turns)
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def _send_working(self) -> None:
        while True:
            await asyncio.sleep(WORKING_EVERY)
            if self._running:
                await self._send({"type": "working"})

    async def _end(self, sentence: Sentence) -> None:
        self._drop_guess(sentence)
        known, self._guess = self._guess and self._guess[1], None
        if self._partial:
            self._partial.cancel()
        number, self._number, self._version = self._number, self._number + 1, 0
        try:
            await asyncio.wait_for(self._ended.put((number, sentence, known)), PLACE_SECONDS)
        except asyncio.TimeoutError:
            await self._send_gap(number, sentence)

    async def _send_partial(self, number: int, sentence: Sentence) -> None:
        try:
            document = await self._transcribe(sentence, ended=False)
        except Refusal:
            return  # the next one may find a place
        finally:
            self._partial_at = time.monotonic()
        if number != self._number or not document["text"]:
            return
        self._version += 1
        part = {"type": "partial", "segment": number, "version": self._version, "text": document["text"]}
        await self._send({**part, "start": self._time(sentence.start), "language": document["language"]})

    async def _send_finals(self) -> None:
        while True:
            number, sentence, known = await self._ended.get()
            try:
                document = await (known or self._transcribe(sentence, ended=True))
                await self._send_final(number, sentence, document)
            except Refusal:
                await self._send_gap(number, sentence)
            finally:
                self._ended.task_done()

    async def _send_final(self, number: int, sentence: Sentence, document: dict[str, Any]) -> None:
        start = self._time(sentence.start)
        moved = [
            {**word, "start": round(start + word["start"], 3), "end": round(start + word["end"], 3)}
            for word in document["words"]
        ]
        final = {"type": "final", "segment": number, "text": document["text"], "words": moved}
        times = {"start": start, "end": self._end_of(sentence)}
        certainty = {name: document[name] for name in ("language", "language_probability")}
        await self._send({**final, **times, **certainty})

    async def _send_gap(self, number: int, sentence: Sentence) -> None:
        times = {"start": self._time(sentence.start), "end": self._end_of(sentence)}
        await self._send({"type": "gap", "segment": number, "reason": "busy", **times})

    def _time(self, sample: int) -> float:
        return round(self._offset + sample / RATE, 3)

    def _end_of(self, sentence: Sentence) -> float:
        return self._time(sentence.start + (len(sentence.frames) - sentence.silent) * FRAME)

    async def _send(self, message: dict[str, Any]) -> None:
        if not self._socket.closed:
            await self._socket.send_json(message)


def _kind_of(text: str) -> str:
    try:
        kind = json.loads(text).get("type")
    except (ValueError, AttributeError) as error:
        raise Refusal(400, "message_invalid", "a message must be JSON with a type") from error
    if kind not in ("finalize", "close", "ping"):
        raise Refusal(400, "message_unknown", "type must be finalize, close or ping")
    return kind
