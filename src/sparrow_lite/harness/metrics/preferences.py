"""What people prefer: choices among arms' replies in a run's folder, and how often each arm's was the best.

`preferences.jsonl` holds rows `{"item": NAME, "arms": [ARM, ...], "best": ARM or null, "said": ANSWER}`, one
for each choice of one person; `best` is null for a tie, and `said` then tells which kind.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sparrow_lite.errors import StoreError
from sparrow_lite.harness.metrics.human_values import PreferenceFigures
from sparrow_lite.harness.metrics.rates import rate
from sparrow_lite.harness.metrics.scores import Scores

PREFERENCES = "preferences.jsonl"


class Choice(BaseModel):
    """One choice of one person among the replies of several arms.

    Attributes:
        item: What was replied to; choices about one item are a cluster.
        arms: Whose replies were shown, each arm once.
        best: Whose reply was the best one; None for a tie.
        said: The answer, such as `A` or `tie_bad`.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    item: str
    arms: tuple[str, ...] = Field(min_length=2)
    best: str | None
    said: str = ""


def read_preferences(folder: Path) -> tuple[Choice, ...]:
    """Return the choices in a run's folder; nothing when it holds none.

    Raises:
        StoreError: With the line that cannot be read.
    """
    path = folder / PREFERENCES
    if not path.is_file():
        return ()
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    return tuple(_read(path, number, line) for number, line in lines if line.strip())


def preference_figures(choices: Sequence[Choice]) -> PreferenceFigures | None:
    """Return how often each arm's reply was the best one, and arm against arm; None of no choice."""
    if not choices:
        return None
    items = {one: number for number, one in enumerate(dict.fromkeys(one.item for one in choices))}
    arms = sorted({arm for one in choices for arm in one.arms})
    pairs = [pair for pair in combinations(arms, 2) if any(set(pair) <= set(one.arms) for one in choices)]
    ties = Counter(one.said or "tie" for one in choices if one.best is None)
    return PreferenceFigures(
        choices=len(choices),
        items=len(items),
        arms=tuple(
            (arm, rate(Scores.of((items[one.item], said) for one, said in _best(choices, arm))))
            for arm in arms
        ),
        pairs=tuple(
            (*pair, rate(Scores.of((items[one.item], said) for one, said in _better(choices, pair))))
            for pair in pairs
        ),
        ties=tuple(sorted(ties.items(), key=lambda one: (-one[1], one[0]))),
    )


def _best(choices: Iterable[Choice], arm: str) -> Iterator[tuple[Choice, bool | None]]:
    for one in choices:
        if arm in one.arms:
            yield one, None if one.best is None else one.best == arm


def _better(choices: Iterable[Choice], pair: tuple[str, str]) -> Iterator[tuple[Choice, bool | None]]:
    """Of choices among more than two, those in which another arm's reply was best say nothing of the pair."""
    for one in choices:
        if set(pair) <= set(one.arms):
            yield one, one.best == pair[0] if one.best in pair else None


def _read(path: Path, number: int, line: str) -> Choice:
    try:
        return Choice.model_validate_json(line)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the row"
        raise StoreError(f"{path}, line {number}: {where}: {first['msg']}.") from error
