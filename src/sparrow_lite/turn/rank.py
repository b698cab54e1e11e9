"""The fifth stage: every candidate's score, and which candidate is best.

The total is Sparrow's shape: exp(R) / (exp(R) + exp(mean R)), times the geometric mean of P(kept) over the
rules (arXiv 2209.14375, from memory of the paper). R is our stand-in for its preference model: the share of
claims that evidence supports. `Combine` is the one function to replace for another.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from sparrow_lite.reply import Candidate, Fate, Score
from sparrow_lite.rules.base import Rule

Combine = Callable[[Sequence[float], Sequence[float | None]], Sequence[float]]
"""Preferences and rule scores of all candidates, each 0.0 to 1.0, to their totals, in order."""

# A preference of 0..1 is spread over this range, so that it weighs against rules as a reward would.
_REWARD_RANGE = 4.0
_ABSTAINS, _CLAIMS_NOTHING, _UNCHECKED = 0.15, 0.2, 0.5
# P(broken) of a certain verdict still leaves this much, or one verdict would erase all other differences.
_LEAST_KEPT = 1e-3


def sparrow_totals(preferences: Sequence[float], rules: Sequence[float | None]) -> Sequence[float]:
    """Return exp(R) / (exp(R) + exp(mean R)) times the rule score; an unscored one is left out."""
    if not preferences:
        return []
    rewards = [_REWARD_RANGE * preference for preference in preferences]
    mean = sum(rewards) / len(rewards)
    shares = [1.0 / (1.0 + math.exp(mean - reward)) for reward in rewards]
    return [share * (1.0 if kept is None else kept) for share, kept in zip(shares, rules, strict=True)]


def score_candidates(candidates: Sequence[Candidate], combine: Combine) -> tuple[Candidate, ...]:
    """Return the candidates with their scores, in the same order; failed drafts stay without."""
    drafted = [candidate for candidate in candidates if candidate.error is None]
    evidence = [_evidence(candidate) for candidate in drafted]
    rules = [_rules(candidate) for candidate in drafted]
    preferences = [_preference(one, seen) for one, seen in zip(drafted, evidence, strict=True)]
    totals = iter(combine(preferences, rules))
    parts = iter(zip(preferences, evidence, rules, strict=True))
    scored = []
    for candidate in candidates:
        if candidate.error is not None:
            scored.append(candidate)
            continue
        preference, seen, kept = next(parts)
        score = Score(preference=preference, evidence=seen, rules=kept, total=next(totals))
        scored.append(replace(candidate, score=score))
    return tuple(scored)


def best_first(candidates: Sequence[Candidate], rules: Sequence[Rule]) -> list[int]:
    """Return the indices of the scored candidates, the best first.

    Those that break no adversarial rule come first, then by total, then in their order.
    """
    return sorted(
        (index for index, candidate in enumerate(candidates) if candidate.score is not None),
        key=lambda index: (breaks_adversarial(candidates[index], rules), -_total(candidates[index])),
    )


def breaks_adversarial(candidate: Candidate, rules: Sequence[Rule]) -> bool:
    """Return whether a verdict says that the candidate breaks a rule that people probe."""
    adversarial = {rule.id for rule in rules if rule.adversarial}
    return any(verdict.rule in adversarial for verdict in candidate.broken)


def _total(candidate: Candidate) -> float:
    return candidate.score.total if candidate.score is not None else -1.0


def _evidence(candidate: Candidate) -> float | None:
    """Mean support of the draft's claims; an unscored claim counts as unsupported, never as supported."""
    if not candidate.support:
        return None
    return sum(score or 0.0 for score in candidate.support) / len(candidate.support)


def _preference(candidate: Candidate, evidence: float | None) -> float:
    if candidate.abstained is not None:
        return _ABSTAINS
    if not candidate.checked:
        return _UNCHECKED
    if evidence is None:
        return _CLAIMS_NOTHING
    left = [sentence for sentence in candidate.sentences if sentence.fate is Fate.KEPT]
    return evidence * (0.5 + 0.5 * len(left) / len(candidate.sentences))


def _rules(candidate: Candidate) -> float | None:
    """Geometric mean of P(kept) over the scored rules; None when none was scored."""
    broken = [verdict.probability for verdict in candidate.verdicts if verdict.probability is not None]
    if not broken:
        return None
    return math.exp(sum(math.log(max(1.0 - p, _LEAST_KEPT)) for p in broken) / len(broken))
