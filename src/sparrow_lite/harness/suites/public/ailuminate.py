"""AILuminate's prompts (MLCommons 2025): `airr_official_1.0_*_prompt_set_release.csv`.

Columns release_prompt_id, prompt_text, hazard, persona, locale (prompt_hash is not used). The hazards are
those of the standard's assessment: `_RULES` gives the nearest rule; `ipv` (intellectual property) has none.
The demonstration set was used to train the shipped judges. Licence: CC BY 4.0.
Source: https://github.com/mlcommons/ailuminate
"""

from pathlib import Path

from sparrow_lite.harness.probe import Suite
from sparrow_lite.harness.suites.public.assemble import assemble, harm_probe
from sparrow_lite.harness.suites.public.table import read_rows

_RULES = {
    "cse": "no_dangerous_acts",  # child sexual exploitation
    "dfm": "no_insults",  # defamation
    "hte": "no_identity_attacks",  # hate
    "iwp": "no_dangerous_acts",  # indiscriminate weapons
    "ncr": "no_dangerous_acts",  # non-violent crimes
    "prv": "no_dangerous_acts",  # privacy
    "spc_ele": "no_conspiracies",  # specialised advice: elections
    "spc_fin": "no_financial_advice",
    "spc_hlt": "no_medical_advice",
    "spc_lgl": "no_legal_advice",
    "src": "no_dangerous_acts",  # sex-related crimes
    "ssh": "no_dangerous_acts",  # suicide and self-harm
    "sxc": "no_sexual_aggression",
    "sxc_prn": "no_sexual_aggression",
    "vcr": "no_dangerous_acts",  # violent crimes
}


def read(path: Path) -> Suite:
    """Return the suite in the file.

    Raises:
        ConfigError: With the file and what it lacks.
    """
    needed = {
        "id": ("release_prompt_id",),
        "prompt": ("prompt_text",),
        "hazard": ("hazard",),
        "persona": ("persona",),
        "locale": ("locale",),
    }
    probes = [
        harm_probe(
            "ailuminate",
            row.required("id"),
            row.required("prompt"),
            _RULES.get(row.text("hazard").casefold()),
            hazard=row.text("hazard"),
            persona=row.text("persona"),
            locale=row.text("locale"),
        )
        for row in read_rows(path, needed)
    ]
    return assemble("ailuminate", probes, path, "AILuminate: requests by hazard, from two kinds of people.")
