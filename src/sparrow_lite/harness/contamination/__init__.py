"""Whether a suite stands in training data: in folders at hand, or in what the judges were trained on.

`find_contaminated` compares with the `training_texts` of folders; `require_clean` and `split_trained` with
the hashes that ship beside the weights, quickly enough to be asked before every run.
"""

from sparrow_lite.harness.contamination.overlap import Contaminated, Overlap, find_contaminated
from sparrow_lite.harness.contamination.texts import TrainingText, training_texts
from sparrow_lite.harness.contamination.trained import (
    Split,
    require_clean,
    split_trained,
    write_trained_on,
)

__all__ = [
    "Contaminated",
    "Overlap",
    "Split",
    "TrainingText",
    "find_contaminated",
    "require_clean",
    "split_trained",
    "training_texts",
    "write_trained_on",
]
