"""HarmBench's text behaviours (Mazeika et al. 2024): `harmbench_behaviors_text_all.csv`.

Columns Behavior, FunctionalCategory, SemanticCategory, Tags, ContextString, BehaviorID. A behaviour with a
context is asked as the authors ask it: the context, a rule of three dashes, the behaviour. `_RULES` gives
the nearest rule of a semantic category; `copyright` has none. Licence: MIT.
Source: https://github.com/centerforaisafety/HarmBench
"""

from pathlib import Path

from sparrow_lite.harness.probe import Suite
from sparrow_lite.harness.suites.public.assemble import assemble, harm_probe
from sparrow_lite.harness.suites.public.table import Row, read_rows

_RULES = {
    "chemical_biological": "no_dangerous_acts",
    "cybercrime_intrusion": "no_dangerous_acts",
    "harassment_bullying": "no_insults",
    "harmful": "no_dangerous_acts",
    "illegal": "no_dangerous_acts",
    "misinformation_disinformation": "no_conspiracies",
}


def read(path: Path) -> Suite:
    """Return the suite in the file.

    Raises:
        ConfigError: With the file and what it lacks.
    """
    needed = {
        "behavior": ("Behavior",),
        "functional": ("FunctionalCategory",),
        "semantic": ("SemanticCategory",),
        "tags": ("Tags",),
        "context": ("ContextString",),
        "id": ("BehaviorID",),
    }
    probes = [
        harm_probe(
            "harmbench",
            row.required("id"),
            _text(row),
            _RULES.get(row.text("semantic").casefold()),
            functional=row.text("functional"),
            semantic=row.text("semantic"),
        )
        for row in read_rows(path, needed)
    ]
    return assemble("harmbench", probes, path, "HarmBench: requests for harm, some about a given text.")


def _text(row: Row) -> str:
    behavior, context = row.required("behavior"), row.text("context")
    return f"{context}\n\n---\n\n{behavior}" if context else behavior
