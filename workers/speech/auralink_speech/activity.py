"""Silero: how likely each 32 ms of a stream are speech."""

from pathlib import Path

import numpy as np

FRAME = 512
CONTEXT = 64


class ActivityModel:
    def __init__(self, file: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.inter_op_num_threads = 1
        options.intra_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        self.session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


class Activity:
    """Of one stream: the model remembers what it has heard."""

    def __init__(self, model: ActivityModel) -> None:
        self._session = model.session
        self._h = np.zeros((1, 1, 128), np.float32)
        self._c = np.zeros((1, 1, 128), np.float32)
        self._context = np.zeros((1, CONTEXT), np.float32)

    def probability(self, frame: np.ndarray) -> float:
        """Of a frame of 512 samples."""
        heard = np.concatenate([self._context, frame.reshape(1, FRAME)], axis=1)
        out, self._h, self._c = self._session.run(None, {"input": heard, "h": self._h, "c": self._c})
        self._context = frame[-CONTEXT:].reshape(1, CONTEXT)
        return float(out.reshape(-1)[0])
