"""Piper: a voice that reads text aloud, a sentence at a time."""

from collections.abc import AsyncIterator
from pathlib import Path

from .errors import Refusal
from .turns import Turns

VOICES = ({"id": "joe", "name": "Joe", "language": "en-US", "model": "en_US-joe-medium"},)
DEFAULT_VOICE = "joe"
MAX_CHARACTERS = 4_096
SLOWEST, FASTEST = 0.25, 4.0


class Voices:
    def __init__(self, model: Path) -> None:
        from piper import PiperVoice

        self._voice = PiperVoice.load(model)
        self.rate: int = self._voice.config.sample_rate
        self._turns = Turns()
        # Loads with a first sentence what is needed when one is requested.
        list(self._voice.synthesize("Hello."))

    async def speak(self, text: str, voice: str, speed: float, group: str) -> AsyncIterator[bytes]:
        """16-bit PCM, one part for each sentence as it is ready."""
        from piper import SynthesisConfig

        if voice not in {each["id"] for each in VOICES}:
            raise Refusal(400, "voice_unknown", "voice is not one of the list at /v1/audio/voices")
        if not text.strip():
            raise Refusal(400, "input_empty", "input has no text")
        if len(text) > MAX_CHARACTERS:
            raise Refusal(413, "input_too_long", f"input may have {MAX_CHARACTERS} characters")
        if not SLOWEST <= speed <= FASTEST:
            raise Refusal(400, "speed_out_of_range", f"speed must be from {SLOWEST} to {FASTEST}")
        scale = self._voice.config.length_scale / speed
        sentences = self._voice.synthesize(text, SynthesisConfig(length_scale=scale))
        while True:
            chunk = await self._turns.run(lambda: next(sentences, None), group)
            if chunk is None:
                return
            yield chunk.audio_int16_bytes
