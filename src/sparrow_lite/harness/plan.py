"""What a run is of: suites x arms x samples as cases, each with the key under which it is done once."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.arms.spec import ArmSpec
from sparrow_lite.harness.case import Case, case_key
from sparrow_lite.harness.probe import Probe, Suite

_PACKAGE = Path(__file__).parent.parent
# Code that only shows, counts, or hands out the work: no answer and no grade depends on it.
_INDIFFERENT = (
    *("cli.py", "evaluating/", "flags.py", "indexing.py", "judging.py"),
    *("rating/", "terminal.py", "training/", "ui/"),
    *("harness/contamination/", "harness/executors/", "harness/interop/", "harness/metrics/"),
    *("harness/report/", "harness/results.py", "harness/shelf.py"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run is of.

    Attributes:
        suites: What is asked.
        arms: What answers.
        samples: Answers to each probe by each arm.
        judges: Names of the sets of judges, the first of which decides.
        limit: Most probes of each suite, drawn the same at every run; None for all.
        only_rules: Rules whose probes are asked; empty for all.
    """

    suites: tuple[Suite, ...]
    arms: tuple[ArmSpec, ...]
    judges: tuple[str, ...]
    samples: int = 1
    limit: int | None = None
    only_rules: tuple[str, ...] = ()

    def probes(self) -> Iterator[Probe]:
        """Yield the probes that are asked, suite by suite; one that two suites hold is asked once."""
        seen = set[tuple[str, str]]()
        for suite in self.suites:
            wanted = [one for one in suite.probes if not self.only_rules or one.rule in self.only_rules]
            # By hash, since every second probe of a suite may be of one kind.
            drawn = sorted(wanted, key=lambda one: one.digest)[: self.limit]
            kept = {one.digest for one in drawn}
            for probe in (one for one in wanted if one.digest in kept):
                if (probe.suite, probe.id) not in seen:
                    seen.add((probe.suite, probe.id))
                    yield probe

    def cases(self) -> Iterator[Case]:
        """Yield every case, in order: the arms take turns, so that an early look compares like with like."""
        arms = [(arm.name, f"{arm.name} {arm.fingerprint}") for arm in self.arms]
        code, ordinal = code_version(), 0
        for sample in range(self.samples):
            for probe in self.probes():
                for name, arm in arms:
                    key = case_key(probe, arm, sample, code)
                    yield Case(ordinal=ordinal, probe=probe, arm=name, sample=sample, key=key)
                    ordinal += 1

    @property
    def size(self) -> int:
        """How many cases there are."""
        return sum(1 for _ in self.probes()) * len(self.arms) * self.samples

    def require_sound(self) -> None:
        """Refuse a plan that asks nothing, or that names two things alike.

        Raises:
            ConfigError: With what is wrong.
        """
        arm_names(self.arms)
        names = [suite.name for suite in self.suites]
        for name in names:
            if names.count(name) > 1:
                raise ConfigError(f"The suite {name!r} is given twice: give each file a name of its own.")
        probed = {probe.rule for suite in self.suites for probe in suite.probes}
        for rule in self.only_rules:
            if rule not in probed:
                raise ConfigError(
                    f"No probe of {', '.join(names)} is about a rule {rule!r}: see --only-rule."
                )
        if self.samples < 1 or (self.limit is not None and self.limit < 1) or not self.size:
            raise ConfigError("No probe is left to ask: check the samples, --limit and --only-rule.")


def arm_names(arms: Sequence[ArmSpec]) -> tuple[str, ...]:
    """Return the names of the arms; two of one name are refused.

    Raises:
        ConfigError: With the name.
    """
    names = [arm.name for arm in arms]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(f"The arm {name!r} is given twice: give each TOML file a `name` of its own.")
    return tuple(names)


@cache
def code_version() -> str:
    """Return the package's version with 12 hex digits of the hash of its code and weights.

    Of the code that answers and judges, that is, not of what only shows or counts.
    """
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        place = path.relative_to(_PACKAGE).as_posix()
        if not place.startswith(_INDIFFERENT):
            digest.update(place.encode() + path.read_bytes())
    for path in sorted((_PACKAGE / "encoders" / "weights").iterdir()):
        # By content: weights that are fitted anew have the size of those before.
        digest.update(path.name.encode() + path.read_bytes())
    return f"{version('sparrow-lite')}+{digest.hexdigest()[:12]}"
