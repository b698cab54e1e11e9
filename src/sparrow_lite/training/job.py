"""What every training command is given, and the steps that all of them share."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sparrow_lite.encoders.weights import Words
from sparrow_lite.training.export import export_words, write_constants
from sparrow_lite.training.loop import Plan, Progress, Task, train

STATE = "state.pt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One training command.

    Attributes:
        data: Folders with data sets, public and of one's own.
        base: Folder of the checkpoint to start from.
        out: Folder that the weights are written to.
        plan: How long and how fast.
        without: Names of data sets or rules that are left out of training.
        limit: Most examples that are trained on; None for all.
    """

    data: Sequence[Path]
    base: Path
    out: Path
    plan: Plan
    without: tuple[str, ...] = ()
    limit: int | None = None


def fix_seeds(job: Job) -> None:
    """Make the networks that are built next, and their training, the same at every call."""
    import torch

    torch.manual_seed(job.plan.seed)


def train_task(task: Task, job: Job, name: str, progress: Progress) -> None:
    """Train, and keep the network as a checkpoint to start another training from: `<out>/<name>-base`."""
    import torch

    folder = job.out / f"{name}-base"
    started = job.base / STATE
    if started.is_file():
        _take_up(task.model, torch.load(started, weights_only=True))
    train(task, job.plan, job.out / f"{name}-run", progress)
    folder.mkdir(parents=True, exist_ok=True)
    model: Any = task.model
    model.encoder.save_pretrained(folder)
    task.tokenizer.save(str(folder / "tokenizer.json"))
    torch.save(model.state_dict(), folder / STATE)
    export_words(model.encoder, task.tokenizer, job.out)


def _take_up(model: Any, state: dict[str, Any]) -> None:
    """Use what fits of another task's network: its encoder, and its head when that has the same form."""
    own = model.state_dict()
    fitting = {
        name: values for name, values in state.items() if name in own and own[name].shape == values.shape
    }
    model.load_state_dict({**own, **fitting})


def write_result(job: Job, name: str, fitted: dict[str, Any], measured: dict[str, Any]) -> None:
    """Write `<name>.json`: what was fitted, what was measured, and the version: a hash of network and fit."""
    digest = hashlib.sha256(json.dumps(fitted, sort_keys=True).encode())
    for path in sorted(job.out.glob(f"{name}*.onnx")):
        digest.update(path.read_bytes())
    version = digest.hexdigest()[:12]
    write_constants(job.out, name, {**fitted, "measured": measured, "version": version})


def words_of(job: Job) -> Words:
    """Return the words that the job wrote."""
    return Words(job.out)
