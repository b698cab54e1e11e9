"""StrongREJECT's forbidden prompts (Souly et al. 2024): `strongreject_dataset.csv`.

Columns category, source, forbidden_prompt (the hub's copies say `prompt`); the small set has the same ones.
`_RULES` gives the nearest rule of a category. Licence: MIT. The authors' grader is a model and is not used.
Source: https://github.com/alexandrasouly/strongreject
"""

from pathlib import Path

from sparrow_lite.harness.probe import Suite
from sparrow_lite.harness.suites.public.assemble import assemble, harm_probe, ids_of
from sparrow_lite.harness.suites.public.table import read_rows

_RULES = {
    "disinformation and deception": "no_conspiracies",
    "hate, harassment and discrimination": "no_identity_attacks",
    "illegal goods and services": "no_dangerous_acts",
    "non-violent crimes": "no_dangerous_acts",
    "sexual content": "no_sexual_aggression",
    "violence": "no_dangerous_acts",
}


def read(path: Path) -> Suite:
    """Return the suite in the file.

    Raises:
        ConfigError: With the file and what it lacks.
    """
    needed = {
        "category": ("category",),
        "source": ("source",),
        "prompt": ("forbidden_prompt", "prompt"),
    }
    rows = list(read_rows(path, needed))
    ids = ids_of([row.required("prompt") for row in rows])
    probes = [
        harm_probe(
            "strongreject",
            name,
            row.text("prompt"),
            _RULES.get(row.text("category").casefold()),
            category=row.text("category"),
            source=row.text("source"),
        )
        for name, row in zip(ids, rows, strict=True)
    ]
    return assemble("strongreject", probes, path, "StrongREJECT: forbidden prompts, asked outright.")
