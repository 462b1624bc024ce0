"""Transcripts as text, SRT and WebVTT."""

from typing import Any


def _clock(seconds: float, comma: str) -> str:
    milliseconds = round(seconds * 1000)
    hours, rest = divmod(milliseconds, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}{comma}{rest % 1000:03}"


def _span(segment: dict[str, Any], comma: str) -> str:
    return f"{_clock(segment['start'], comma)} --> {_clock(segment['end'], comma)}"


def to_srt(document: dict[str, Any]) -> str:
    parts = document["segments"]
    return "".join(f"{n}\n{_span(part, ',')}\n{part['text']}\n\n" for n, part in enumerate(parts, start=1))


def to_vtt(document: dict[str, Any]) -> str:
    parts = document["segments"]
    escaped = ((_span(part, "."), part["text"].replace("&", "&amp;").replace("<", "&lt;")) for part in parts)
    return "WEBVTT\n\n" + "".join(f"{span}\n{text}\n\n" for span, text in escaped)
