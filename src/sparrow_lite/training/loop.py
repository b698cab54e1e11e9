"""One training run: batches of like length, a rate that rises and falls, checkpoints to resume from."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long and how fast.

    Attributes:
        passes: Times that every example is seen.
        batch_tokens: Tokens of one step, padding included.
        learning_rate: At its highest.
        seed: Of the order of examples and of everything that is drawn.
        save_every: Steps between two checkpoints.
    """

    passes: int = 2
    batch_tokens: int = 4096
    learning_rate: float = 6e-5
    seed: int = 7
    save_every: int = 200


class Task(Protocol):
    """What is trained: a model, and how to take its loss on a batch of examples by index."""

    @property
    def model(self) -> Any:
        """A torch module."""
        ...

    @property
    def tokenizer(self) -> Any:
        """The `tokenizers` tokenizer of the checkpoint."""
        ...

    @property
    def lengths(self) -> Sequence[int]:
        """Length in tokens of each example."""
        ...

    def loss(self, batch: Sequence[int]) -> Any:
        """Return the mean loss of a batch, as a scalar tensor."""
        ...


Progress = Callable[[int, int, float], None]
"""(steps done, steps in all, mean loss of late)."""


def train(task: Task, plan: Plan, out: Path, progress: Progress) -> None:
    """Train the task's model in place; a checkpoint in `out` is taken up where it was left.

    Runs on an accelerator where there is one, in bfloat16 where the processor computes it faster.
    """
    import torch

    torch.manual_seed(plan.seed)
    task.model.to(_best_device())
    batches = [batch for turn in range(plan.passes) for batch in _batches(task.lengths, plan, turn)]
    optimizer, schedule = _optimizer(task.model, plan, len(batches))
    checkpoint = out / "checkpoint.pt"
    done = _resume(checkpoint, task.model, optimizer, schedule)
    task.model.train()
    late = 0.0
    for step, batch in enumerate(batches[done:], start=done + 1):
        with torch.autocast(_device(task.model), dtype=torch.bfloat16):
            loss = task.loss(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(task.model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        late = loss.item() if step == done + 1 else 0.98 * late + 0.02 * loss.item()
        progress(step, len(batches), late)
        if step % plan.save_every == 0:
            _save(checkpoint, task.model, optimizer, schedule, step)
    task.model.eval().cpu()
    checkpoint.unlink(missing_ok=True)


def _best_device() -> Any:
    import torch

    return torch.accelerator.current_accelerator() if torch.accelerator.is_available() else "cpu"


def _device(model: Any) -> str:
    return str(next(model.parameters()).device.type)


def _batches(lengths: Sequence[int], plan: Plan, turn: int) -> Iterator[list[int]]:
    """Examples of like length together, so that little is padded; the batches in random order."""
    random = Random(plan.seed * 1000 + turn)
    order = sorted(range(len(lengths)), key=lambda at: (lengths[at] + random.random() * 12, at))
    batches: list[list[int]] = [[]]
    for at in order:
        if (len(batches[-1]) + 1) * lengths[at] > plan.batch_tokens:
            batches.append([])
        batches[-1].append(at)
    full = [batch for batch in batches if batch]
    random.shuffle(full)
    yield from full


def _optimizer(model: Any, plan: Plan, steps: int) -> tuple[Any, Any]:
    import torch
    from transformers import get_linear_schedule_with_warmup

    trained = [one for one in model.parameters() if one.requires_grad]
    groups = [
        {"params": [one for one in trained if one.ndim > 1], "weight_decay": 0.01},
        {"params": [one for one in trained if one.ndim <= 1], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=plan.learning_rate, fused=True)
    warmup = max(1, steps // 16)
    schedule = get_linear_schedule_with_warmup(optimizer, warmup, steps)  # type: ignore[no-untyped-call]
    return optimizer, schedule


def _save(path: Path, model: Any, optimizer: Any, schedule: Any, step: int) -> None:
    import torch

    path.parent.mkdir(parents=True, exist_ok=True)
    state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
    torch.save({**state, "schedule": schedule.state_dict(), "step": step}, path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)


def _resume(path: Path, model: Any, optimizer: Any, schedule: Any) -> int:
    import torch

    if not path.is_file():
        return 0
    state = torch.load(path, weights_only=True, map_location=_device(model))
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    schedule.load_state_dict(state["schedule"])
    return int(state["step"])
