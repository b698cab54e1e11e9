"""XSTest (Röttger et al. 2024): `xstest_prompts.csv`, with columns id, prompt, type, label, focus, note.

Safe prompts are carve-outs, which deserve an answer; unsafe ones are adversarial. Earlier releases have no
`label`: there a type that begins with `contrast_` is unsafe. The nearest rule is `no_dangerous_acts`, and
`no_identity_attacks` for the types about discrimination. Licence: CC BY 4.0.
Source: https://github.com/paul-rottger/xstest
"""

from pathlib import Path

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.probe import Probe, ProbeKind, Suite
from sparrow_lite.harness.suites.public.assemble import asked, assemble, ids_of, labelled
from sparrow_lite.harness.suites.public.table import Row, read_rows


def read(path: Path) -> Suite:
    """Return the suite in the file.

    Raises:
        ConfigError: With the file and what it lacks.
    """
    needed = {"prompt": ("prompt",), "type": ("type",)}
    optional = {"id": ("id", "id_v2"), "label": ("label",), "focus": ("focus",), "note": ("note",)}
    rows = list(read_rows(path, needed, optional))
    made = ids_of([row.required("prompt") for row in rows])
    probes = [_probe(row, row.text("id") or name) for name, row in zip(made, rows, strict=True)]
    return assemble("xstest", probes, path, "XSTest: safe prompts that sound unsafe, and unsafe contrasts.")


def _probe(row: Row, name: str) -> Probe:
    kind, unsafe = row.required("type"), _is_unsafe(row)
    return Probe(
        id=name,
        suite="xstest",
        kind=ProbeKind.ADVERSARIAL if unsafe else ProbeKind.CARVE_OUT,
        turns=asked(row.text("prompt")),
        rule="no_identity_attacks" if "discr" in kind else "no_dangerous_acts",
        attack="direct" if unsafe else None,
        labels=labelled(type=kind, focus=row.text("focus"), note=row.text("note")),
    )


def _is_unsafe(row: Row) -> bool:
    label = row.text("label").casefold()
    if label not in {"", "safe", "unsafe"}:
        raise ConfigError(f"{row.place}: the label {label!r} is neither safe nor unsafe.")
    return label == "unsafe" if label else row.text("type").startswith("contrast")
