"""Puts multilingual-e5-small together from the 4-bit weights of its package, in the form that CTranslate2 computes with."""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

#: Weights that share a scale.
BLOCK = 32
BLOCK_TYPE = np.dtype([("scale", "<f2"), ("halves", "u1", BLOCK // 2)])


@dataclass(frozen=True)
class Weights:
    layers: int
    heads: int
    hidden: int
    epsilon: float
    #: The pieces of words with their scores; the place of a piece is its number.
    pieces: list[tuple[str, float]]
    unknown: int
    #: What the package calls them, as bytes.
    tensors: dict[str, memoryview]

    def floats(self, name: str) -> np.ndarray:
        return np.frombuffer(self.tensors[name], "<f4").astype(np.float32)

    def matrix(self, name: str, columns: int) -> np.ndarray:
        """Of each block the low halves come first: a weight is its half byte less 8, times the scale."""
        blocks = np.frombuffer(self.tensors[name], BLOCK_TYPE)
        halves = np.concatenate([blocks["halves"] & 15, blocks["halves"] >> 4], axis=1)
        numbers = (halves.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[:, None]
        return numbers.reshape(-1, columns)


def read_weights(file: Path) -> Weights:
    data = memoryview(file.read_bytes())
    place = 0

    def take(form: str) -> Any:
        nonlocal place
        values = struct.unpack_from(f"<{form}", data, place)
        place += struct.calcsize(f"<{form}")
        return values if len(values) > 1 else values[0]

    def skip(count: int) -> memoryview:
        nonlocal place
        place += count
        return data[place - count : place]

    if bytes(skip(4)) != b"E5S1":
        raise SystemExit(f"{file} has another form")
    _, hidden, layers, heads, _, _, _, _, epsilon, _ = take("I7ifi")
    count, _, _, _, unknown, size = take("5iQ")
    ends = np.frombuffer(skip(4 * (count + 1)), "<u4")
    scores = np.frombuffer(skip(4 * count), "<f4")
    text = skip(size)
    pieces = [
        (bytes(text[start:end]).decode(errors="replace"), float(score))
        for start, end, score in zip(ends[:-1], ends[1:], scores, strict=True)
    ]
    _, size = take("iI")
    skip(size)
    tensors = {}
    for _ in range(take("i")):
        name = bytes(skip(take("H"))).decode()
        _, _, start, length = take("BIQQ")
        tensors[name] = data[start : start + length]
    return Weights(layers, heads, hidden, epsilon, pieces, unknown, tensors)


def build_encoder(weights: Weights) -> Any:
    from ctranslate2.specs import common_spec, transformer_spec

    hidden = weights.hidden
    encoder = transformer_spec.TransformerEncoderSpec(
        weights.layers,
        weights.heads,
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
    )
    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = weights.matrix("emb.word", hidden)
    # All tokens are of the first type, whose numbers are therefore added to those of the positions.
    encoder.position_encodings.encodings = (
        weights.floats("emb.pos").reshape(-1, hidden) + weights.floats("emb.type")[:hidden]
    )

    def set_norm(norm: Any, name: str) -> None:
        norm.gamma, norm.beta = weights.floats(f"{name}.w"), weights.floats(f"{name}.b")

    def set_linear(linear: Any, *names: str, columns: int = hidden) -> None:
        linear.weight = np.concatenate([weights.matrix(f"{name}.w", columns) for name in names])
        linear.bias = np.concatenate([weights.floats(f"{name}.b") for name in names])

    set_norm(encoder.layernorm_embedding, "emb.ln")
    for number, layer in enumerate(encoder.layer):
        name = f"l{number}"
        set_linear(layer.self_attention.linear[0], f"{name}.q", f"{name}.k", f"{name}.v")
        set_linear(layer.self_attention.linear[1], f"{name}.ao")
        set_norm(layer.self_attention.layer_norm, f"{name}.aln")
        set_linear(layer.ffn.linear_0, f"{name}.fi")
        set_linear(layer.ffn.linear_1, f"{name}.fo", columns=layer.ffn.linear_0.weight.shape[0])
        set_norm(layer.ffn.layer_norm, f"{name}.oln")
    model = transformer_spec.TransformerEncoderModelSpec(encoder)
    model.config.layer_norm_epsilon = weights.epsilon
    return model


def build_tokenizer(weights: Weights) -> Any:
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    tokenizer = Tokenizer(models.Unigram(weights.pieces, weights.unknown))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    return tokenizer


def build(file: Path, folder: Path) -> None:
    """Writes model and tokenizer into the folder."""
    weights = read_weights(file)
    folder.mkdir(parents=True, exist_ok=True)
    build_tokenizer(weights).save(str(folder / "tokenizer.json"), pretty=False)
    model = build_encoder(weights)
    # Texts come as numbers of pieces; the names are those that must be there.
    names = [f"<{number}>" for number in range(model.get_vocabulary_size())]
    for number, (piece, _) in enumerate(weights.pieces):
        if piece in ("<s>", "</s>", "<unk>"):
            names[number] = piece
    model.register_vocabulary(names)
    model.validate()
    model.optimize("int8")
    model.save(str(folder))
