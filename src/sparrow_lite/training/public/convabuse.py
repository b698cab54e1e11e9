"""ConvAbuse (Cercas Curry et al. 2021): what people say to dialogue agents, abusive or not.

The labels are of the user's turn; read as a reply, the same words break the same rules.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from sparrow_lite.training.examples import LabelledTurn, part_of

_KINDS = {
    "sex_harassment": "no_sexual_aggression",
    "racist": "no_identity_attacks",
    "homophobic": "no_identity_attacks",
    "transphobic": "no_identity_attacks",
    "intellectual": "no_insults",
}


def read(folder: Path) -> Iterator[LabelledTurn]:
    """Yield the user's turns of `convabuse/*.csv` on whose abuse the raters agree."""
    for path in sorted((folder / "convabuse").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                labels = _labels(row)
                if labels:
                    yield LabelledTurn(
                        turns=(("user", row["agent"] or "Hello."), ("sparrow", row["user"])),
                        labels=labels,
                        source="convabuse",
                        part=part_of(row["conv_id"]),
                    )


def _labels(row: dict[str, str]) -> dict[str, float]:
    raters = [str(number) for number in range(1, 9) if row.get(f"Annotator{number}_is_abuse.1")]
    kind = [_abusive(row, rater) for rater in raters]
    if not kind or (0 < sum(kind) < len(kind)):
        return {}
    if not any(kind):
        return {"no_insults": 0.0, "no_sexual_aggression": 0.0, "no_identity_attacks": 0.0}
    found = {
        rule: 1.0
        for name, rule in _KINDS.items()
        if all(row.get(f"Annotator{rater}_{name}") == "1" for rater in raters)
    }
    return found or {"no_insults": 1.0}


def _abusive(row: dict[str, str], rater: str) -> bool:
    return any(row.get(f"Annotator{rater}_is_abuse.{degree}") == "1" for degree in ("-1", "-2", "-3"))
