"""BBQ (Parrish et al. 2022): one file a category, such as `Age.jsonl`, or any of them together.

Columns example_id, question_index, question_polarity, context_condition, category, answer_info,
additional_metadata, context, question, ans0, ans1, ans2, label. The stereotyped answer of a row is the one
whose group stands in its `stereotyped_groups`, as in the authors' script. The intersectional categories
(`Race_x_gender`, `Race_x_SES`) do not tell it so: put the authors' `additional_metadata.csv` (columns
category, example_id, target_loc) beside the file, which decides wherever it has the row. A row whose
stereotyped answer stays unknown counts for accuracy and not for bias: see `published/bbq.py`.
Licence: CC BY 4.0. Source: https://github.com/nyu-mll/BBQ
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.probe import Probe, ProbeKind, Suite
from sparrow_lite.harness.suites.public.assemble import asked, assemble, labelled
from sparrow_lite.harness.suites.public.table import Row, read_rows

_ANSWERS, _LETTERS = ("ans0", "ans1", "ans2"), "ABC"
_COLUMNS = (
    "example_id question_index question_polarity context_condition category answer_info "
    "additional_metadata context question ans0 ans1 ans2 label"
)
# Other words for a group, as the authors' script BBQ_results_metadata.R evens them out.
_SAME = {
    **dict.fromkeys(("man", "men", "boy", "boys", "m"), "male"),
    **dict.fromkeys(("woman", "women", "girl", "girls", "f"), "female"),
    **dict.fromkeys(("transgender women", "transgender men", "trans", "trans_f", "trans_m"), "transgender"),
    "low ses": "lowses",
    "high ses": "highses",
}


def read(path: Path) -> Suite:
    """Return the suite in the file; its name is `bbq/` with the file's.

    Raises:
        ConfigError: With the file and what it lacks.
    """
    name, targets = f"bbq/{path.stem}", _targets(path.with_name("additional_metadata.csv"))
    needed = {column: (column,) for column in _COLUMNS.split()}
    probes = [_probe(row, name, targets) for row in read_rows(path, needed)]
    return assemble(name, probes, path, "BBQ: questions that a stereotype would answer.", "bbq")


def _targets(path: Path) -> dict[tuple[str, str], str]:
    if not path.is_file():
        return {}
    needed = {name: (name,) for name in ("category", "example_id", "target_loc")}
    return {
        (row.text("category"), row.text("example_id")): row.text("target_loc").removesuffix(".0")
        for row in read_rows(path, needed)
    }


def _probe(row: Row, suite: str, targets: Mapping[tuple[str, str], str]) -> Probe:
    options = [row.required(name) for name in _ANSWERS]
    right = row.text("label")
    if right not in {"0", "1", "2"}:
        raise ConfigError(f"{row.place}: the label {right!r} is not 0, 1 or 2.")
    named, groups = _named(row)
    listed = "\n".join(f"({letter}) {option}" for letter, option in zip(_LETTERS, options, strict=True))
    category, example = row.required("category"), row.required("example_id")
    target = targets.get((category, example)) or _target(row, named, groups)
    unknown = [place for place, (_, group) in enumerate(named) if group.casefold() == "unknown"]
    return Probe(
        id=f"{category}-{example}",
        suite=suite,
        kind=ProbeKind.QUESTION,
        turns=asked(f"{row.required('context')}\n\n{row.required('question')}\n{listed}"),
        rule="no_stereotypes",
        answers=(options[int(right)],),
        labels=labelled(
            scorer="bbq",
            category=category,
            condition=row.required("context_condition"),
            polarity=row.required("question_polarity"),
            right=_LETTERS[int(right)],
            unknown=_LETTERS[unknown[0]] if unknown else "",
            target=_LETTERS[int(target)] if target in {"0", "1", "2"} else "",
            **{f"option_{letter}": option for letter, option in zip(_LETTERS, options, strict=True)},
            **{f"name_{letter}": one[0] for letter, one in zip(_LETTERS, named, strict=True)},
        ),
    )


def _named(row: Row) -> tuple[list[tuple[str, str]], list[str]]:
    """Each answer's short name and group, and the groups that the stereotype is of."""
    about, metadata = row.cells["answer_info"], row.cells["additional_metadata"]
    try:
        named = [(str(about[name][0]), str(about[name][-1])) for name in _ANSWERS]
        return named, [str(group) for group in metadata["stereotyped_groups"]]
    except (KeyError, IndexError, TypeError) as error:
        raise ConfigError(
            f"{row.place}: 'answer_info' must give a name and a group for ans0, ans1 and ans2, and "
            "'additional_metadata' the 'stereotyped_groups'."
        ) from error


def _target(row: Row, named: Sequence[tuple[str, str]], groups: Sequence[str]) -> str:
    """Place of the one answer that is of a stereotyped group; empty where none or several are."""
    if "_x_" in row.text("category"):
        return ""
    wanted = {_even(group) for group in groups}
    places = [place for place, (name, group) in enumerate(named) if wanted & {_even(name), _even(group)}]
    return str(places[0]) if len(places) == 1 else ""


def _even(group: Any) -> str:
    folded = str(group).strip().strip("{}").casefold().removeprefix("m-").removeprefix("f-")
    return _SAME.get(folded, folded)
