"""A folder of weights of the user's own, with the judge of rules refitted to a session's ratings."""

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sparrow_lite.encoders.weights import open_words, read_constants
from sparrow_lite.errors import ConfigError, StoreError
from sparrow_lite.harness.contamination import TrainingText, write_trained_on
from sparrow_lite.rating.calibrate import RatedTurn, RuleFit, fit_rules, rated_turns
from sparrow_lite.rating.protocols import open_protocol
from sparrow_lite.rating.rated import rated_items
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.training_rows import labelled_turns
from sparrow_lite.rules.load import load_rules
from sparrow_lite.rules.trained import NAME, Calibration, TrainedRuleJudge


def read_turns(store: RatingStore, sessions: Iterable[str]) -> tuple[RatedTurn, ...]:
    """Return every reply of these sessions that people decided about a rule.

    Raises:
        ConfigError: When none of them holds a rated rule.
        StoreError: When there is no such session.
    """
    found: list[RatedTurn] = []
    for name in sessions:
        session = store.session(name)
        protocol = open_protocol(session.protocol, session.settings)
        found += rated_turns(labelled_turns(rated_items(store, session, protocol), protocol))
    if not found:
        raise ConfigError("No rule was rated there: calibrate from a session of rule_rating or probing.")
    return tuple(found)


def calibrate_weights(
    turns: Sequence[RatedTurn], out: Path, *, weights: Path | None = None, prompts: Path | None = None
) -> tuple[RuleFit, ...]:
    """Refit each rule that has ratings enough, write the weights to `out`, and return what came of each.

    Everything else in the folder is copied as it is. The rated words are noted among what the judges were
    trained on, so that a suite that holds them is refused for measuring.

    Args:
        turns: Rated by people; see `read_turns`.
        out: A folder that is not there, or empty.
        weights: The weights to start from; None for the shipped ones.
        prompts: Folder of the user's own rules.

    Raises:
        ConfigError: When the folder is not empty, or the weights have no judge of rules.
        JudgeError: When the judge's networks cannot be loaded.
        StoreError: When the disk does not take the weights.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ConfigError(f"{out} is not empty: give another folder for the weights.")
    folder = open_words(weights).folder
    constants = read_constants(folder, NAME)
    known = {rule: Calibration(**fitted) for rule, fitted in constants["rules"].items()}
    rules = {rule.id: rule for rule in load_rules(own_dir=prompts)}
    fits = fit_rules(TrainedRuleJudge.open(own_dir=prompts, weights=weights), known, rules, turns)
    if not any(fit.fitted for fit in fits):
        return fits
    try:
        _copy(folder, out)
        text = json.dumps(_refitted(constants, fits), indent=2, sort_keys=True)
        (out / f"{NAME}.json").write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{out}: the weights cannot be written: {error.strerror}.") from error
    texts = [TrainingText(text=text, source="ratings") for turn in turns for _, text in turn.turns]
    write_trained_on(texts, out, started_from=(folder,))
    return fits


def _copy(folder: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.is_file():
            shutil.copyfile(path, out / path.name)


def _refitted(constants: Mapping[str, Any], fits: Sequence[RuleFit]) -> dict[str, Any]:
    changed = {
        fit.rule: {name: round(value, 5) for name, value in asdict(fit.fitted).items()}
        for fit in fits
        if fit.fitted
    }
    counts = {fit.rule: fit.ratings for fit in fits if fit.fitted}
    version = f"{constants['version']}+people{sum(counts.values())}"
    rules = {**constants["rules"], **changed}
    return {**constants, "rules": rules, "version": version, "calibrated_on_ratings": counts}
