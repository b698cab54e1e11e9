"""The agent as an arm: the same turn as everywhere, with a seed of its own for each sample."""

from dataclasses import replace

from sparrow_lite.agent import Sparrow
from sparrow_lite.harness.arms.base import Asked
from sparrow_lite.harness.arms.metered import Meter, metered
from sparrow_lite.harness.arms.spec import ArmSpec
from sparrow_lite.harness.conversation import Shown, Usage
from sparrow_lite.turn.parts import Parts, open_parts

# Seeds of one sample's candidates lie together, those of two samples apart.
_SEEDS_A_SAMPLE = 1000


class AgentArm:
    """One configuration of the agent."""

    def __init__(self, name: str, parts: Parts) -> None:
        self._name = name
        self._parts = parts

    @property
    def name(self) -> str:
        """The name under which its results are reported."""
        return self._name

    @property
    def concurrency(self) -> int:
        """As many cases as its model gains from."""
        return self._parts.model.concurrency

    def reply(self, asked: Asked) -> tuple[Shown, Usage]:
        """Return the agent's reply and what its model was asked for.

        Raises:
            ModelError: When the model gave no usable text.
        """
        options = self._parts.options
        seed = options.model.seed + _SEEDS_A_SAMPLE * asked.sample
        meter = Meter()
        parts = metered(self._parts, meter)
        parts = replace(parts, options=replace(options, model=replace(options.model, seed=seed)))
        reply = Sparrow(parts).reply(asked.transcript, case_id=asked.probe.id)
        return Shown.of_reply(reply), meter.usage


def open(spec: ArmSpec) -> AgentArm:  # noqa: A001  # one name for what every arm's file offers
    """Return the agent of the arm's model, search and options."""
    return AgentArm(spec.name, open_parts(model=spec.model, search=spec.search, options=spec.options))
