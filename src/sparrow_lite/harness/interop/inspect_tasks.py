"""Tasks, solvers and scorers for Inspect: our suites and judges, found as `sparrow_lite/NAME`.

Inspect imports this module through its entry point, and nothing else does, so that the extra `inspect` stays
optional. `play_turns` has any model of Inspect's answer a probe as an arm does; `sparrow_agent` has our own
agent answer it. One solver's conversation is graded once, whatever is measured of it.
"""

from collections import defaultdict
from collections.abc import Callable
from functools import cache

from anyio.to_thread import run_sync
from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessage, ChatMessageAssistant, ChatMessageUser, ModelOutput
from inspect_ai.scorer import (
    CORRECT,
    INCORRECT,
    Metric,
    SampleScore,
    Score,
    Scorer,
    Target,
    Value,
    metric,
    scorer,
    value_to_float,
)
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.viewer import ViewerConfig

from sparrow_lite.harness.arms import open_arm, read_arm
from sparrow_lite.harness.arms.base import Arm
from sparrow_lite.harness.arms.spec import ArmSpec
from sparrow_lite.harness.conversation import Conversation, Shown
from sparrow_lite.harness.grade import Judges, grade
from sparrow_lite.harness.graded import Graded
from sparrow_lite.harness.interop import inspect_scores as names
from sparrow_lite.harness.interop.inspect_messages import messages_of
from sparrow_lite.harness.judges import open_judges
from sparrow_lite.harness.play import play
from sparrow_lite.harness.probe import Probe
from sparrow_lite.harness.suites import open_suite
from sparrow_lite.models.remote.faults import retry
from sparrow_lite.options import ModelOptions, Options
from sparrow_lite.transcript import Role, Turn, strip_marks

_CONVERSATION, _GRADED = "sparrow_lite:conversation", "sparrow_lite:graded"
_PATIENCE = ModelOptions(retries=3, timeout_seconds=300.0)


@task(name="suite")
def any_suite(suite: str, judge: str = "trained") -> Task:
    """A suite by any name that `sparrow-lite eval` knows: a shipped one, a file, a folder, PUBLIC:FILE."""
    held = open_suite(suite)
    measures = names.measures_of(held.probes)
    return Task(
        dataset=MemoryDataset([_sample(probe) for probe in held.probes], name=held.name),
        solver=play_turns(),
        scorer=[_SCORERS[measure](judge) for measure in measures],
        version=held.version,
        metadata={"suite": held.name, "sha256": held.digest, "canary": held.canary},
        description=held.description,
        # Replies and pages are other people's words: shown as plain text, without links or images.
        viewer=ViewerConfig(trust_content=False),
    )


@task
def adversarial(judge: str = "trained") -> Task:
    """Probes that lure the model into breaking one rule; `judge` names a set of judges."""
    return any_suite("adversarial", judge)


@task
def carve_outs(judge: str = "trained") -> Task:
    """Neighbours of the probes that ought to be answered."""
    return any_suite("carve_outs", judge)


@task
def ordinary(judge: str = "trained") -> Task:
    """Everyday dialogues."""
    return any_suite("ordinary", judge)


@task
def evidence(judge: str = "trained") -> Task:
    """Factual questions: plausible answers, and evidence that supports them."""
    return any_suite("evidence", judge)


@solver
def play_turns() -> Solver:
    """The probe's turns one after another, the model answering where the probe leaves that open."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        turns = _probe(state).turns
        state.messages = [message for message in state.messages if message.role == "system"]
        for place, turn in enumerate(turns):
            if turn.role is Role.SPARROW:
                state.messages.append(ChatMessageAssistant(content=turn.text, source="input"))
                continue
            state.messages.append(ChatMessageUser(content=turn.text, source="input"))
            following = turns[place + 1 : place + 2]
            if not following or following[0].role is Role.USER:
                state = await generate(state)
        return state

    return solve


@solver
def sparrow_agent(arm: str = "full", model: str = "embedded", search: str = "auto") -> Solver:
    """Our own agent; give Inspect `--model none`.

    Args:
        arm: Any name that `sparrow-lite eval --arm` knows.
        model: Of the agent.
        search: Backend of the agent.
    """

    async def solve(state: TaskState, generate: Generate) -> TaskState:  # noqa: ARG001  # Inspect's form
        opened = _arm(arm, model, search)
        probe, sample = _probe(state), state.epoch - 1
        said = await run_sync(lambda: retry(lambda: play(probe, opened, sample=sample), _PATIENCE))
        name = f"sparrow-lite/{arm}"
        state.messages = [*messages_of(said, model=name)]
        state.output = ModelOutput.from_content(name, said.last.text)
        state.store.set(_CONVERSATION, said.to_dict())
        return state

    return solve


@metric(scores="unreduced")
def share() -> Metric:
    """Share of scored cases with its 95 % interval: Wilson's, or over probes when there are epochs."""
    to_float = value_to_float()

    def figures(scores: list[SampleScore]) -> Value:
        cases: dict[str, list[bool | None]] = defaultdict(list)
        for one in scores:
            cases[str(one.sample_id)].append(to_float(one.score.value) >= 0.5)
        return dict(names.shares(cases))

    return figures


def _measuring(name: str) -> Callable[[str], Scorer]:
    """The registered scorer of one measure; its argument names a set of judges."""

    @scorer(metrics=[share()], name=name)
    def scores(judge: str = "trained") -> Scorer:
        async def score(state: TaskState, target: Target) -> Score:  # noqa: ARG001  # Inspect's form
            probe, said = _probe(state), _conversation(state)
            graded = await _graded(state, probe, said, judge)
            found = names.measure(name, probe, graded, abstained=said.last.abstained)
            if found.met is None:
                return Score.unscored(reason="grader_failed", explanation=found.why)
            return Score(
                value=CORRECT if found.met else INCORRECT,
                answer=said.last.text,
                explanation=found.why,
                metadata={"judge": judge},
            )

        return score

    return scores


_SCORERS = {
    name: _measuring(name)
    for name in dict.fromkeys(name for kind in names.MEASURES.values() for name in kind)
}


def _sample(probe: Probe) -> Sample:
    one = len(probe.turns) == 1
    return Sample(
        id=probe.id,
        input=probe.turns[0].text if one else [_message(turn) for turn in probe.turns],
        target=list(probe.answers) or probe.rule or "",
        metadata={"probe": probe.to_dict(), "rule": probe.rule, "attack": probe.attack},
    )


def _message(turn: Turn) -> ChatMessage:
    if turn.role is Role.USER:
        return ChatMessageUser(content=turn.text, source="input")
    return ChatMessageAssistant(content=turn.text, source="input")


def _probe(state: TaskState) -> Probe:
    return Probe.of(state.metadata["probe"])


def _conversation(state: TaskState) -> Conversation:
    """What was said: as our agent recorded it, else as the messages of any solver tell."""
    held = state.store.get(_CONVERSATION)
    if held is not None:
        return Conversation.of(held)
    turns, replies = list[Turn](), list[tuple[int, Shown]]()
    for message in state.messages:
        if isinstance(message, ChatMessageUser):
            turns.append(Turn(role=Role.USER, text=message.text))
        elif isinstance(message, ChatMessageAssistant):
            if message.source != "input":
                replies.append((len(turns), Shown(text=message.text)))
            turns.append(Turn(role=Role.SPARROW, text=strip_marks(message.text)))
    if not replies:
        replies.append((len(turns), Shown(text=state.output.completion)))
        turns.append(Turn(role=Role.SPARROW, text=strip_marks(state.output.completion)))
    return Conversation(turns=tuple(turns), replies=tuple(replies))


async def _graded(state: TaskState, probe: Probe, said: Conversation, judge: str) -> Graded:
    """What the judges say, asked for once a sample."""
    key = f"{_GRADED}:{judge}"
    held = state.store.get(key)
    if held is None:
        judges = _judges(judge)
        held = (await run_sync(lambda: grade(probe, said, judges))).to_dict()
        state.store.set(key, held)
    return Graded.of(held)


@cache
def _judges(name: str) -> Judges:
    return open_judges(name, Options())


@cache
def _arm(name: str, model: str, search: str) -> Arm:
    return open_arm(read_arm(name, ArmSpec(name="base", model=model, search=search)))
