"""The judge of rules refitted to people's ratings: each rule's logistic, held out before it is believed.

The weights of the signs stay as they were trained; their sum z becomes a z + b, with a and b fitted to the
ratings of a rule (Platt 1999) under a prior that keeps them near 1 and 0, so that few ratings move little. To
choose what is rated by the judge's verdict does not bias this, since it is fitted given what the judge sees.

Before and after are told on ratings that were held out: five parts by probe, each judged by the fit of the
other four. A rule whose fit does no better there stays as it was.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sparrow_lite.harness.metrics.rates import rate_of_counts
from sparrow_lite.harness.metrics.values import Rate
from sparrow_lite.rules.base import JudgedTurn, Rule
from sparrow_lite.rules.trained import Calibration, TrainedRuleJudge

PARTS = 5
FEWEST, FEWEST_OF_EACH = 30, 5
# Of log a and of b: standard deviations of the prior.
_SCALE_SPREAD, _SHIFT_SPREAD = 0.5, 2.0
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedTurn:
    """A reply in its dialogue, and whether people say that it breaks a rule.

    Attributes:
        rule: Id of the rule.
        turns: (role, text), the judged reply of Sparrow's last.
        evidence: Quotes that it shows.
        broken: What people say.
        probe: What it is an answer to; answers to one probe are held out together.
    """

    rule: str
    turns: tuple[tuple[str, str], ...]
    evidence: tuple[str, ...]
    broken: bool
    probe: str

    @property
    def judged(self) -> JudgedTurn:
        """The form in which a judge takes it."""
        return JudgedTurn.of([{"role": role, "text": text} for role, text in self.turns], self.evidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one calibration does on held-out ratings.

    Attributes:
        sensitivity: Of what people call broken, what the judge does.
        specificity: Of what people call kept, what the judge does.
        log_loss: Mean of minus the natural logarithm of the probability given to what people said.
    """

    sensitivity: Rate
    specificity: Rate
    log_loss: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFit:
    """What came of one rule.

    Attributes:
        rule: Its id.
        ratings: Of it.
        before: With the calibration as it was.
        after: With the one fitted to the other ratings; None when there were too few.
        fitted: The new calibration, of all ratings; None when the old one stays.
        why: Why it stays; empty when it does not.
    """

    rule: str
    ratings: int
    before: Standing
    after: Standing | None
    fitted: Calibration | None
    why: str = ""


def rated_turns(rows: Iterable[Mapping[str, Any]]) -> list[RatedTurn]:
    """Return the turns of rows as `training_rows.labelled_turns` yields them."""
    return [
        RatedTurn(
            rule=str(row["rule"]),
            turns=tuple((turn["role"], turn["text"]) for turn in row["turns"]),
            evidence=tuple(row["evidence"]),
            broken=row["kind"] == "breaks",
            probe=str(row["topic"]),
        )
        for row in rows
    ]


def fit_rules(
    judge: TrainedRuleJudge,
    calibrations: Mapping[str, Calibration],
    rules: Mapping[str, Rule],
    turns: Sequence[RatedTurn],
) -> tuple[RuleFit, ...]:
    """Return what comes of each rule that has a calibration and ratings, in the order of the rules.

    Args:
        judge: Sees the signs.
        calibrations: As they are, by rule.
        rules: By id.
        turns: Rated by people.

    Raises:
        JudgeError: When the judge's networks cannot be loaded.
    """
    found = []
    for rule, calibration in calibrations.items():
        own = [turn for turn in turns if turn.rule == rule and rule in rules]
        if own:
            signs = [judge.signs(turn.judged, [rules[rule]])[0] for turn in own]
            sums = np.array([calibration.total(one) for one in signs])
            found.append(_fit_rule(rule, calibration, sums, own))
    return tuple(found)


def _fit_rule(rule: str, old: Calibration, sums: Floats, turns: Sequence[RatedTurn]) -> RuleFit:
    broken = np.array([turn.broken for turn in turns], dtype=np.float64)
    before = _standing(sums, broken)
    ratings = len(turns)
    if ratings < FEWEST or min(broken.sum(), ratings - broken.sum()) < FEWEST_OF_EACH:
        why = f"fewer than {FEWEST} ratings, or than {FEWEST_OF_EACH} of broken and of kept"
        return RuleFit(rule=rule, ratings=ratings, before=before, after=None, fitted=None, why=why)
    parts = np.array([_part(turn.probe) for turn in turns])
    held = sums.copy()
    for part in range(PARTS):
        here = parts == part
        if here.any() and not here.all():
            scale, shift = _platt(sums[~here], broken[~here])
            held[here] = scale * sums[here] + shift
    after = _standing(held, broken)
    better = after.log_loss < before.log_loss
    return RuleFit(
        rule=rule,
        ratings=ratings,
        before=before,
        after=after,
        fitted=_changed(old, *_platt(sums, broken)) if better else None,
        why="" if better else "no better on held-out ratings",
    )


def _platt(sums: Floats, broken: Floats) -> tuple[float, float]:
    """The scale and the shift of the highest posterior."""
    from scipy.optimize import minimize

    def loss(at: Floats) -> float:
        shifted = np.exp(at[0]) * sums + at[1]
        prior = (at[0] / _SCALE_SPREAD) ** 2 / 2 + (at[1] / _SHIFT_SPREAD) ** 2 / 2
        return float(_surprise(shifted, broken).sum() + prior)

    best = minimize(loss, np.zeros(2), method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-9})
    return float(np.exp(best.x[0])), float(best.x[1])


def _surprise(sums: Floats, broken: Floats) -> Floats:
    return np.asarray(np.logaddexp(0.0, np.where(broken > 0, -sums, sums)), dtype=np.float64)


def _standing(sums: Floats, broken: Floats) -> Standing:
    judged, said = sums >= 0, broken > 0
    return Standing(
        sensitivity=rate_of_counts(int((judged & said).sum()), int(said.sum())),
        specificity=rate_of_counts(int((~judged & ~said).sum()), int((~said).sum())),
        log_loss=float(_surprise(sums, broken).mean()),
    )


def _changed(old: Calibration, scale: float, shift: float) -> Calibration:
    scaled = {name: scale * value for name, value in asdict(old).items()}
    return Calibration(**{**scaled, "bias": scaled["bias"] + shift})


def _part(probe: str) -> int:
    return int.from_bytes(hashlib.sha256(probe.encode()).digest()[:4]) % PARTS
