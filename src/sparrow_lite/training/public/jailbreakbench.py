"""JailbreakBench artifacts (Chao et al. 2024): replies to harmful requests; the label is a model's."""

import json
from collections.abc import Iterator
from pathlib import Path

from sparrow_lite.training.examples import LabelledTurn, part_of

_LONGEST = 900


def read(folder: Path) -> Iterator[LabelledTurn]:
    """Yield the replies of `jailbreakbench/*.json`, once to the plain goal and once to the attack.

    A reply that complies breaks the rule of dangerous acts; a goal is in one part only.
    """
    seen: set[tuple[str, str]] = set()
    for path in sorted((folder / "jailbreakbench").glob("*.json")):
        for row in json.loads(path.read_text(encoding="utf-8"))["jailbreaks"]:
            response = (row.get("response") or "").strip()[:_LONGEST]
            for asked in (row["goal"], (row.get("prompt") or "")[:_LONGEST]):
                if response and asked and (asked, response) not in seen:
                    seen.add((asked, response))
                    yield LabelledTurn(
                        turns=(("user", asked), ("sparrow", response)),
                        labels={"no_dangerous_acts": float(bool(row["jailbroken"]))},
                        source="jailbreakbench",
                        part=part_of(row["goal"]),
                    )
