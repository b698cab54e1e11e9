"""What `sparrow-lite eval mutate` and `eval attack` do: new suites, of old ones or of a model's attacks."""

import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sparrow_lite.config import Settings
from sparrow_lite.errors import ConfigError
from sparrow_lite.evaluating.progress import open_bar
from sparrow_lite.harness.arms import open_arm, read_arm
from sparrow_lite.harness.arms.spec import ArmSpec
from sparrow_lite.harness.attack import AttackedDialogue, open_attacker
from sparrow_lite.harness.attack_suite import attack_rules, attack_suite
from sparrow_lite.harness.mutate import mutate
from sparrow_lite.harness.suites import open_suite
from sparrow_lite.harness.suites.lines import write_suite
from sparrow_lite.rules.base import Rule
from sparrow_lite.rules.load import load_rules


def mutate_suite(name: str, mutators: Sequence[str], *, keep: bool, out: Path) -> int:
    """Write the suite's probes, once for each mutator; return how many there are.

    Raises:
        ConfigError: For a suite or a mutator that nobody knows.
        StoreError: When the file cannot be written.
    """
    suite = mutate(open_suite(name), mutators, keep=keep)
    write_suite(suite, out)
    return len(suite.probes)


def attack(settings: Settings, flags: Mapping[str, Any], *, out: Path) -> str:
    """Have a model attack each rule; write what it said as a suite; return what came of it, in a line.

    Raises:
        ConfigError: For a rule, an arm or a model that nobody knows.
        ModelError: When the attacker says nothing at all.
    """
    options = settings.options()
    base = ArmSpec(name="", model=settings.model_name, search=settings.search_name, options=options)
    arm = open_arm(read_arm(flags["arm_name"], base))
    attacker = open_attacker(flags["attacker"], options, turns=flags["turns"])
    rules = _rules(flags["rules"], settings.prompts_dir)
    found: list[AttackedDialogue] = []
    with open_bar() as bar:
        shown = bar.add_task("Attacking", total=len(rules) * flags["dialogues"])
        for dialogue in attack_rules(
            rules, attacker, arm, dialogues=flags["dialogues"], workers=flags["workers"]
        ):
            found.append(dialogue)
            bar.advance(shown)
    write_suite(attack_suite(out.stem, found), out)
    ends = Counter(one.ended.value.replace("_", " ") for one in found)
    told = ", ".join(f"{count} {end}" for end, count in ends.most_common())
    replay = f"sparrow-lite eval {shlex.quote(str(out))}"
    return f"{len(found)} dialogues against {arm.name}: {told}. Replay them with: {replay}"


def _rules(wanted: Sequence[str], own_dir: Path | None) -> tuple[Rule, ...]:
    rules = {rule.id: rule for rule in load_rules(own_dir=own_dir)}
    unknown = [rule for rule in wanted if rule not in rules]
    if unknown:
        raise ConfigError(f"There is no rule {unknown[0]!r}; `sparrow-lite rules` lists them.")
    return tuple(rules[rule] for rule in wanted or [one.id for one in rules.values() if one.adversarial])
