"""Apertium: translation by rules, which gives the gist of a text and no more."""

import asyncio
import os
import shutil
from pathlib import Path

from .errors import Refusal
from .places import Places

MODES = Path("/usr/share/apertium/modes")
#: ISO 639-1 of Apertium's codes, as far as they differ.
SHORT = {"eng": "en", "spa": "es", "cat": "ca", "fra": "fr", "ita": "it", "por": "pt", "glg": "gl"}
OFFERED = frozenset({"en", "es", "ca", "fr", "it", "pt", "gl"})
MAX_TEXTS = 64
MAX_CHARACTERS = 20_000
SECONDS = 20
SECONDS_OF_REQUEST = 60
MAX_RUNNING = 2
MAX_WAITING = 32


def find_pairs() -> dict[tuple[str, str], str]:
    """Source and target, and the name of Apertium's mode."""
    if shutil.which("apertium") is None or not MODES.is_dir():
        return {}
    pairs: dict[tuple[str, str], str] = {}
    for mode in sorted(MODES.glob("*.mode")):
        source, _, target = mode.stem.partition("-")
        codes = (SHORT.get(source, source), SHORT.get(target, target))
        if OFFERED.issuperset(codes):
            pairs[codes] = mode.stem
    return pairs


class Translator:
    def __init__(self) -> None:
        self.pairs = find_pairs()
        self._places = Places(MAX_RUNNING, 1, MAX_WAITING)

    async def translate(self, texts: list[str], source: str, target: str, group: str) -> list[str]:
        mode = self.pairs.get((source, target))
        if mode is None:
            raise Refusal(400, "languages_not_supported", "source and target are not a pair of /v1/translations/languages")
        if len(texts) > MAX_TEXTS or sum(map(len, texts)) > MAX_CHARACTERS:
            raise Refusal(413, "input_too_long", f"input may have {MAX_TEXTS} texts and {MAX_CHARACTERS} characters in all")
        async with self._places.take(group):
            try:
                async with asyncio.timeout(SECONDS_OF_REQUEST):
                    return [await self._run(mode, text) for text in texts]
            except TimeoutError as error:
                raise Refusal(503, "too_slow", "the translation took too long") from error

    async def _run(self, mode: str, text: str) -> str:
        process = await asyncio.create_subprocess_exec(
            "apertium",
            "-u",  # unknown words stay as they are, without a mark
            mode,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"},
            start_new_session=True,
        )
        # NUL ends a text for Apertium.
        given = text.replace("\0", " ").encode()
        try:
            out, _ = await asyncio.wait_for(process.communicate(given), SECONDS)
        except asyncio.TimeoutError as error:
            raise Refusal(503, "too_slow", "the translation took too long") from error
        finally:
            if process.returncode is None:
                os.killpg(process.pid, 9)
                await process.wait()
        if process.returncode != 0:
            raise Refusal(502, "engine_failed", "the engine of translation failed")
        return out.decode(errors="replace").rstrip("\n") if not text.endswith("\n") else out.decode(errors="replace")
