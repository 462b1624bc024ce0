"""The form of a transcription: its file goes to the disk as it arrives."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import BodyPartReader, web

from .errors import Refusal

MAX_FILE_BYTES = 25 * 1024 * 1024
MAX_FIELD_BYTES = 4_096
MAX_FIELDS = 20


@dataclass
class Form:
    folder: Path
    fields: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[str]] = field(default_factory=dict)
    file: Path | None = None

    def get(self, name: str, by_default: str = "") -> str:
        return self.fields.get(name, by_default)

    def require_file(self) -> Path:
        if self.file is None:
            raise Refusal(400, "file_missing", "file must be part of the form")
        return self.file


async def _store(part: BodyPartReader, folder: Path) -> Path:
    file = Path(tempfile.mkstemp(dir=folder)[1])
    received = 0
    with file.open("wb") as out:
        while chunk := await part.read_chunk(256 * 1024):
            received += len(chunk)
            if received > MAX_FILE_BYTES:
                raise Refusal(413, "too_large", f"file may have {MAX_FILE_BYTES} bytes")
            out.write(chunk)
    if received == 0:
        raise Refusal(400, "file_empty", "file is empty")
    return file


async def _read_field(part: BodyPartReader) -> str:
    data = bytearray()
    while chunk := await part.read_chunk(MAX_FIELD_BYTES):
        data += chunk
        if len(data) > MAX_FIELD_BYTES:
            raise Refusal(413, "too_large", "a field of the form is too long")
    return data.decode(errors="replace")


async def read_form(request: web.Request, folder: Path) -> Form:
    """The form; its file is in `folder`, which the caller deletes."""
    if not request.content_type.startswith("multipart/"):
        raise Refusal(415, "form_missing", "the request must be multipart/form-data")
    form = Form(folder)
    try:
        reader = await request.multipart()
        count = 0
        while (part := await reader.next()) is not None:
            count += 1
            if count > MAX_FIELDS or not isinstance(part, BodyPartReader):
                raise Refusal(400, "form_invalid", "the form has too many parts")
            if part.name == "file" and form.file is None:
                form.file = await _store(part, folder)
            elif part.name:
                text = await _read_field(part)
                form.fields[part.name] = text
                form.lists.setdefault(part.name.removesuffix("[]"), []).append(text)
    except (ValueError, AssertionError) as error:
        raise Refusal(400, "form_invalid", "the form cannot be read") from error
    return form
