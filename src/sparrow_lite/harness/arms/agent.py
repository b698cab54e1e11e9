"""The agent as an arm: the same turn as everywhere, with a seed of its own for each sample."""

from dataclasses import replace

from sparrow_lite.agent import Sparrow
from sparrow_lite.harness.arms.base import Asked
from sparrow_lite.harness.arms.metered import Meter, metered
from sparrow_lite.harness.arms.pace import Pace
from sparrow_lite.harness.arms.spec import ArmSpec
from sparrow_lite.harness.conversation import Shown, Usage
from sparrow_lite.turn.parts import Parts, open_parts

# Seeds of one sample's candidates lie together, those of two samples apart.
_SEEDS_A_SAMPLE = 1000


class AgentArm:
    """One configuration of the agent.

    Args:
        name: Under which its results are reported.
        parts: What its turns are made with.
        pace: Of the requests to its model; None for a model on this machine.
    """

    def __init__(self, name: str, parts: Parts, pace: Pace | None = None) -> None:
        self._name = name
        self._parts = parts
        self._pace = pace

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
        parts = metered(self._parts, meter, self._pace)
        parts = replace(parts, options=replace(options, model=replace(options.model, seed=seed)))
        reply = Sparrow(parts).reply(asked.transcript, case_id=asked.probe.id)
        shown = Shown.of_reply(reply)
        record = {**shown.record, "model_revision": parts.model.revision, "seed": seed}
        return replace(shown, record=record), meter.usage


def open(spec: ArmSpec) -> AgentArm:  # noqa: A001  # one name for what every arm's file offers
    """Return the agent of the arm's model, search and options."""
    options, retries = spec.options, spec.options.model.retries
    # The pace asks again: a model that did so too would try the square of the times that the options say.
    parts = open_parts(
        model=spec.model,
        search=spec.search,
        options=replace(options, model=replace(options.model, retries=0)),
    )
    remote = parts.model.concurrency > 1
    pace = Pace(in_flight=spec.in_flight, rate=spec.rate, retries=retries) if remote else None
    return AgentArm(spec.name, parts, pace)
