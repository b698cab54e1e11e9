"""The fake that ships: a model that says what a script says, and remembers what it was asked."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from sparrow_lite.errors import ConfigError, ModelError
from sparrow_lite.models.base import ModelRequest, Task
from sparrow_lite.options import ModelOptions

Replies = Mapping[Task, Sequence[str]] | Callable[[ModelRequest], str]


class ScriptedModel:
    """A dialogue model that replies from a script, task by task, in order.

    Args:
        replies: The texts of each task, or a function from the request to its text.
        cycled: Whether a task's texts start again once they are used up; else that is a ModelError.
        name: The name it goes by.
    """

    def __init__(self, replies: Replies, *, cycled: bool = False, name: str = "scripted") -> None:
        self._replies = replies
        self._cycled = cycled
        self._name = name
        self._lock = threading.Lock()
        self._requests: list[ModelRequest] = []

    @property
    def name(self) -> str:
        """The name it goes by."""
        return self._name

    @property
    def revision(self) -> str | None:
        """None: there are no weights."""
        return None

    @property
    def default_candidates(self) -> int:
        """One candidate a turn."""
        return 1

    @property
    def concurrency(self) -> int:
        """One at a time, so that a script is followed in order."""
        return 1

    @property
    def requests(self) -> tuple[ModelRequest, ...]:
        """Every request so far, in order."""
        with self._lock:
            return tuple(self._requests)

    def write(self, request: ModelRequest) -> Iterator[str]:
        """Yield the scripted text word by word.

        Raises:
            ModelError: When the script has nothing (more) for the task.
        """
        with self._lock:
            asked = sum(earlier.task is request.task for earlier in self._requests)
            self._requests.append(request)
        text = self._text(request, asked)
        for word in text.split(" ")[:-1]:
            yield f"{word} "
        yield text.rpartition(" ")[2]

    def _text(self, request: ModelRequest, asked: int) -> str:
        if callable(self._replies):
            return self._replies(request)
        texts = self._replies.get(request.task, ())
        if not texts or (asked >= len(texts) and not self._cycled):
            raise ModelError(
                f"The script of {self._name!r} has {len(texts)} texts for the task "
                f"{request.task.value!r} and was asked for number {asked + 1}: add a line to it.",
                retryable=False,
            )
        return texts[asked % len(texts)]


def open_scripted(name: str, _options: ModelOptions) -> ScriptedModel:
    """Return the model of `scripted:FILE`: JSON lines `{"task": "answer", "text": "..."}`, cycled.

    Raises:
        ConfigError: When the file cannot be read or a line is not of that form.
    """
    path = Path(name.partition(":")[2])
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The script {path} of {name!r} cannot be read: {error}") from error
    replies: dict[Task, list[str]] = {}
    for number, line in enumerate(lines, start=1):
        if line.strip():
            task, text = _read_line(line, where=f"{path}:{number}")
            replies.setdefault(task, []).append(text)
    return ScriptedModel(replies, cycled=True, name=name)


def _read_line(line: str, *, where: str) -> tuple[Task, str]:
    try:
        entry = json.loads(line)
        task, text = Task(entry["task"]), entry["text"]
    except (ValueError, KeyError, TypeError) as error:
        text = None
        cause: Exception | None = error
    else:
        cause = None
    if not isinstance(text, str):
        tasks = ", ".join(Task)
        raise ConfigError(
            f'{where}: write {{"task": ..., "text": ...}} with a task of {tasks} and a text.'
        ) from cause
    return task, text
