"""Places for work beside the models, such as decoders: so many at once, of a group fewer; groups that wait take turns."""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from .errors import busy


class Places:
    def __init__(self, most: int, most_of_group: int, most_waiting: int) -> None:
        self._most = most
        self._most_of_group = most_of_group
        self._most_waiting = most_waiting
        self._taken: Counter[str] = Counter()
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @asynccontextmanager
    async def take(self, group: str) -> AsyncIterator[None]:
        """Waits for a place. Refuses when too much waits, in all or of the group."""
        await self._enter(group)
        try:
            yield
        finally:
            self._leave(group)

    def _has_place(self, group: str) -> bool:
        return self._taken.total() < self._most and self._taken[group] < self._most_of_group

    async def _enter(self, group: str) -> None:
        if self._has_place(group):
            self._taken[group] += 1
            return
        of_group = len(self._waiting.get(group, ()))
        if sum(map(len, self._waiting.values())) >= self._most_waiting or of_group >= self._most_waiting // 2:
            raise busy()
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(group, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave(group)  # it had its place when its caller left
            raise

    def _leave(self, group: str) -> None:
        self._taken -= Counter([group])
        for each in list(self._waiting):
            queue = self._waiting[each]
            while queue and queue[0].done():
                queue.popleft()  # its caller has left
            if queue and self._has_place(each):
                self._taken[each] += 1
                queue.popleft().set_result(None)
                self._waiting.move_to_end(each)
            if not queue:
                del self._waiting[each]
