"""Many attacks at once, and the suite of what the attackers said, which can be replayed against any arm."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from uuid import uuid4

from sparrow_lite.errors import ModelError
from sparrow_lite.harness.arms.base import Arm
from sparrow_lite.harness.attack import ATTACK, AttackedDialogue, Attacker, attack
from sparrow_lite.harness.probe import Probe, ProbeKind, Suite
from sparrow_lite.rules.base import Rule


def attack_rules(
    rules: Sequence[Rule], attacker: Attacker, arm: Arm, *, dialogues: int = 1, workers: int = 1
) -> Iterator[AttackedDialogue]:
    """Yield every dialogue, in the order in which they end: `dialogues` for each rule.

    Args:
        rules: What is attacked, one rule a dialogue.
        attacker: Who attacks.
        arm: What answers.
        dialogues: How many for each rule, each with seeds of its own.
        workers: How many dialogues at once, in threads.
    """
    pool = ThreadPoolExecutor(max_workers=workers)
    try:
        wanted = [
            pool.submit(attack, rule, attacker, arm, number=number)
            for number in range(dialogues)
            for rule in rules
        ]
        for done in as_completed(wanted):
            yield done.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def attack_suite(name: str, dialogues: Sequence[AttackedDialogue]) -> Suite:
    """Return the suite of the user's turns of these dialogues, by rule and number.

    A dialogue in which nothing was said is left out. The labels of a probe say who attacked what, and how
    that ended.

    Args:
        name: Of the suite; `write_suite` to a file of this name gives the same suite back.
        dialogues: In any order.

    Raises:
        ModelError: When nothing was said in any of them, with the first reason.
    """
    spoken = sorted((one for one in dialogues if one.user_turns), key=lambda one: (one.rule, one.number))
    if not spoken:
        reason = next((one.reason for one in dialogues if one.reason), "no rule was attacked")
        raise ModelError(f"No attack said a word: {reason}", retryable=False)
    probes = tuple(_probe(name, one) for one in spoken)
    attackers = ", ".join(sorted({f"{one.attacker} against {one.arm}" for one in spoken}))
    suite = Suite(name=name, version="", canary="", description="", probes=probes)
    return Suite(
        name=name,
        version=suite.digest[:12],
        canary=f"sparrow-lite suite {name} {uuid4()}: evaluation data, never to be trained on",
        description=f"What a model attacker said: {attackers}.",
        probes=probes,
    )


def _probe(suite: str, one: AttackedDialogue) -> Probe:
    labels = {"attacker": one.attacker, "attacked": one.arm, "ended": one.ended.value}
    return Probe(
        id=f"{one.rule}-{ATTACK}-{one.number}",
        suite=suite,
        kind=ProbeKind.ADVERSARIAL,
        turns=one.user_turns,
        rule=one.rule,
        attack=ATTACK,
        labels=tuple(sorted(labels.items())),
    )
