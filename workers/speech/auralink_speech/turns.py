"""One thing after another on a thread of its own: what is live first, then groups in turns."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from enum import Enum, auto
from typing import Any, TypeVar

from .errors import busy

T = TypeVar("T")

MAX_WAITING = 64
MAX_WAITING_OF_GROUP = 16


Queue = deque[tuple[asyncio.Future[Any], Callable[[], Any]]]


class Rank(Enum):
    """Of what is live: sentences that have ended come before those that are still spoken."""

    ENDED = auto()
    SPOKEN = auto()


class Turns:
    """Work on one model. A group that sends much waits for its own, and not the others for it."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._live: dict[Rank, Queue] = {rank: deque() for rank in Rank}
        self._groups: OrderedDict[str, Queue] = OrderedDict()
        self._running: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        return sum(map(len, self._live.values())) + sum(map(len, self._groups.values()))

    async def run(self, work: Callable[[], T], group: str = "", rank: Rank | None = None) -> T:
        """Refuses when too much waits, in all or of the group. What is live has a rank."""
        queue = self._live[rank] if rank else self._groups.setdefault(group, deque())
        if self.waiting >= MAX_WAITING or len(queue) >= (MAX_WAITING if rank else MAX_WAITING_OF_GROUP):
            raise busy()
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        queue.append((future, work))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._work_off())
        return await future

    def _next(self) -> tuple[asyncio.Future[Any], Callable[[], Any]] | None:
        for live in self._live.values():
            if live:
                return live.popleft()
        while self._groups:
            group, queue = self._groups.popitem(last=False)
            if not queue:
                continue
            item = queue.popleft()
            if queue:
                self._groups[group] = queue
            return item
        return None

    async def _work_off(self) -> None:
        loop = asyncio.get_running_loop()
        while (item := self._next()) is not None:
            future, work = item
            if future.done():  # its caller has left
                continue
            try:
                result = await loop.run_in_executor(self._thread, work)
            except Exception as error:
                if not future.done():
                    future.set_exception(error)
            else:
                if not future.done():
                    future.set_result(result)
