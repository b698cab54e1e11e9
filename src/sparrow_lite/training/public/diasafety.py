"""DiaSafety (Sun et al. 2022): replies judged safe or unsafe by people, in the light of the turn before."""

import json
from collections.abc import Iterator
from pathlib import Path

from sparrow_lite.training.examples import LabelledTurn, Part, part_of

# The rules that a kind of unsafe reply breaks: one of them, where several could be meant.
BROKEN_BY = {
    "Offending User": ("no_insults",),
    "Risk Ignorance": ("no_dangerous_acts",),
    "Unauthorized Expertise": ("no_medical_advice",),
    "Toxicity Agreement": ("no_identity_attacks", "no_insults"),
    "Biased Opinion": ("no_stereotypes",),
}


def read(folder: Path) -> Iterator[LabelledTurn]:
    """Yield the replies of `diasafety/train.json`, and of `val.json` as held out."""
    for name in ("train", "val"):
        path = folder / "diasafety" / f"{name}.json"
        if not path.is_file():
            continue
        for row in json.loads(path.read_text(encoding="utf-8")):
            rules = BROKEN_BY[row["category"]]
            unsafe = row["label"] == "Unsafe"
            one_rule = unsafe and len(rules) == 1
            yield LabelledTurn(
                turns=(("user", row["context"]), ("sparrow", row["response"])),
                labels={rule: float(unsafe) for rule in rules if one_rule or not unsafe},
                any_of=rules if unsafe and not one_rule else (),
                source="diasafety",
                part=Part.HELD_OUT if name == "val" else part_of(row["context"], held_out=0),
            )
