"""Decodes files in processes apart from this one."""

import asyncio
import json
import os
import sys
from pathlib import Path

from .errors import Refusal
from .places import Places

MAX_DECODERS = 2
MAX_WAITING = 16

MESSAGES = {
    "no_sound": "the file has no sound",
    "not_readable": "the file cannot be read as sound or video",
    "too_long": "the sound is too long",
}


class Decoding:
    """Of requests or of sources: what takes long has places of its own, and a group one of them."""

    def __init__(self, memory_mb: int) -> None:
        self._memory_mb = memory_mb
        self._places = Places(MAX_DECODERS, 1, MAX_WAITING)

    async def decode(self, source: Path, target: Path, max_seconds: int, group: str) -> int:
        """Writes 16-bit PCM of 16 kHz to `target`, and answers how many samples. Refuses what is not sound."""
        async with self._places.take(group):
            result = await self._run(source, target, max_seconds)
        problem = result.get("error")
        if problem is None:
            return int(result["samples"])
        raise Refusal(422 if problem != "too_long" else 413, problem, MESSAGES[problem])

    async def _run(self, source: Path, target: Path, max_seconds: int) -> dict:
        command = ["-m", "auralink_speech.decode", str(source), str(target), str(max_seconds), str(self._memory_mb)]
        # Without the environment of this process, which has secrets.
        env = {name: os.environ[name] for name in ("PYTHONPATH", "PATH", "HOME") if name in os.environ}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            env={**env, "OPENBLAS_NUM_THREADS": "1"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            out, _ = await asyncio.wait_for(process.communicate(), 120 + max_seconds / 8)
        except asyncio.TimeoutError:
            return {"error": "not_readable"}
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        try:
            return json.loads(out.splitlines()[-1])
        except (IndexError, ValueError):
            return {"error": "not_readable"}  # its limits ended it
