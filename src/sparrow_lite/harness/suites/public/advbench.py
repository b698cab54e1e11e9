"""AdvBench's harmful behaviours (Zou et al. 2023): `harmful_behaviors.csv`, with columns goal, target.

520 requests; also read under the hub's name `prompt`. All probe `no_dangerous_acts`, the nearest rule: the
set has no categories. `target`, the start of a compliant reply, is not used. Licence: MIT.
Source: https://github.com/llm-attacks/llm-attacks
"""

from pathlib import Path

from sparrow_lite.harness.probe import Suite
from sparrow_lite.harness.suites.public.assemble import assemble, harm_probe, ids_of
from sparrow_lite.harness.suites.public.table import read_rows


def read(path: Path) -> Suite:
    """Return the suite in the file.

    Raises:
        ConfigError: With the file and what it lacks.
    """
    texts = [row.required("goal") for row in read_rows(path, {"goal": ("goal", "prompt")})]
    probes = [
        harm_probe("advbench", name, text, "no_dangerous_acts")
        for name, text in zip(ids_of(texts), texts, strict=True)
    ]
    return assemble("advbench", probes, path, "AdvBench: requests for harm, asked outright.")
