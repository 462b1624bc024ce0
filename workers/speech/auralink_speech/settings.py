"""What the environment says. README.md names the variables."""

import os
from dataclasses import dataclass
from pathlib import Path

SHORTEST_SECRET = 32


@dataclass(frozen=True)
class Settings:
    secrets: tuple[str, ...]
    host: str
    port: int
    models: Path
    work: Path
    threads: int
    memory_mb: int
    streams: int
    streams_of_group: int


def _number(name: str, by_default: int) -> int:
    text = os.environ.get(name, str(by_default))
    if not text.isdigit() or int(text) < 1:
        raise SystemExit(f"{name} must be a whole number of at least 1")
    return int(text)


def read_settings() -> Settings:
    """Ends the process with a message when a variable is missing or malformed."""
    secrets = tuple(each.strip() for each in os.environ.get("SPEECH_SECRETS", "").split(","))
    if any(len(secret) < SHORTEST_SECRET for secret in secrets):
        raise SystemExit(
            f"SPEECH_SECRETS must name secrets of at least {SHORTEST_SECRET} characters, separated by commas"
        )
    return Settings(
        secrets=secrets,
        host=os.environ.get("SPEECH_HOST", "127.0.0.1"),
        port=_number("SPEECH_PORT", 8797),
        models=Path(os.environ.get("SPEECH_MODELS", "models")),
        work=Path(os.environ.get("SPEECH_WORK_FOLDER", "/tmp")),
        threads=_number("SPEECH_THREADS", min(os.cpu_count() or 1, 4)),
        memory_mb=_number("SPEECH_DECODER_MEMORY_MB", 1024),
        streams=_number("SPEECH_STREAMS", 16),
        streams_of_group=_number("SPEECH_STREAMS_OF_GROUP", 8),
    )
