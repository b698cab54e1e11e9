"""One network at run time: ONNX Runtime on the processor."""

import gzip
import os
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sparrow_lite.encoders.pieces import Pieces
from sparrow_lite.encoders.weights import Words
from sparrow_lite.errors import JudgeError


@dataclass(frozen=True)
class Network:
    """A network of a weights folder; loaded at its first run. Safe to call from several threads.

    Attributes:
        words: Tokenizer and embeddings.
        name: Of the `.onnx` file, which may be packed as `.onnx.gz`.
    """

    words: Words
    name: str

    @cached_property
    def _session(self) -> Any:
        import onnxruntime
        from onnxruntime.capi import onnxruntime_pybind11_state as faults

        onnxruntime.set_default_logger_severity(3)
        path = self.words.folder / f"{self.name}.onnx"
        packed = path.with_name(f"{path.name}.gz")
        options = onnxruntime.SessionOptions()
        # Threads that wait by spinning would take the processor from the page, the search and each other.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # The convention that torch and Ray follow too; ONNX Runtime itself would take every core.
        options.intra_op_num_threads = _threads()
        try:
            network = gzip.decompress(packed.read_bytes()) if packed.is_file() else str(path)
            return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
        except (
            OSError,
            EOFError,
            zlib.error,
            faults.Fail,
            faults.InvalidProtobuf,
            faults.InvalidGraph,
            faults.NoSuchFile,
        ) as error:
            raise JudgeError(f"{path.name} cannot be loaded: {error}") from error

    def run(self, texts: Sequence[Pieces]) -> list[list[Any]]:
        """Return for each text, in order, its row of every output.

        One text is one run: 8-bit arithmetic takes its scale from all that runs together, so that in a batch
        a text's numbers would hang on its neighbours, and on two cores a batch is not faster.

        Raises:
            JudgeError: When the network cannot be loaded.
        """
        return [[output[0] for output in self.run_plain(self._inputs(text))] for text in texts]

    def run_plain(self, inputs: Mapping[str, Any]) -> list[Any]:
        """Return the outputs for arrays that are given as they are.

        Raises:
            JudgeError: When the network cannot be loaded.
        """
        return list(self._session.run(None, dict(inputs)))

    def _inputs(self, text: Pieces) -> dict[str, Any]:
        import numpy as np

        ids, types = (np.array([one], dtype=np.int64) for one in text)
        return {"words": self.words.embed(ids), "types": types, "mask": np.ones_like(ids)}


def _threads() -> int:
    """Return how many threads the environment allows; 0 leaves it to the library."""
    allowed = os.environ.get("OMP_NUM_THREADS", "")
    return int(allowed) if allowed.isdecimal() else 0
