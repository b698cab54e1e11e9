"""Runs as logs of Inspect's own format: one for each suite and arm, which `inspect view` opens.

Owns what of a case goes where in a sample; leaves the form of the file to Inspect.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sparrow_lite.errors import ConfigError, StoreError
from sparrow_lite.harness.conversation import Conversation
from sparrow_lite.harness.interop.inspect_messages import messages_of
from sparrow_lite.harness.interop.inspect_scores import Measured, measure, measures_of, shares
from sparrow_lite.harness.probe import Probe
from sparrow_lite.harness.results import Result, Run

if TYPE_CHECKING:
    from inspect_ai.log import EvalLog, EvalResults, EvalSample, EvalSpec, EvalStats
    from inspect_ai.model import ChatMessage, ModelUsage
    from inspect_ai.scorer import Score

_NO_NAME = re.compile(r"[^A-Za-z0-9.-]+")


def write_inspect_log(run: Run, folder: Path, judge: str | None = None) -> tuple[Path, ...]:
    """Write a log for each suite and arm that has cases, and return their paths, by suite and arm.

    Written again, a log takes the place of the one before. Each log is built in memory.

    Args:
        run: The run.
        folder: Where the logs go; `inspect view --log-dir FOLDER` shows them.
        judge: The set of judges whose grades become scores; None for the first one of the run.

    Raises:
        ConfigError: For judges that have not judged this run, or when Inspect is not installed.
        StoreError: When the run's files are not whole, or the disk does not take the logs.
    """
    try:
        from inspect_ai.log import write_eval_log
    except ImportError as error:
        raise ConfigError("Logs for Inspect need it: pip install 'sparrow-lite[inspect]'.") from error
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for suite in run.manifest["suites"]:
            for arm in run.arms:
                cases = [one for one in run.results(judge) if (one.probe.suite, one.arm) == (suite, arm)]
                if cases:
                    path = folder / _file_name(run, suite, arm)
                    part = path.with_suffix(".part")
                    write_eval_log(_log(run, suite, arm, cases), part, format="eval")
                    part.replace(path)
                    paths.append(path)
    except OSError as error:
        raise StoreError(f"{folder} does not take the logs: {error.strerror or error}.") from error
    return tuple(paths)


def _log(run: Run, suite: str, arm: str, cases: Sequence[Result]) -> "EvalLog":
    from inspect_ai.log import EvalLog

    measures = measures_of([one.probe for one in cases])
    samples = {(one.probe.id, one.sample): _sample(run, one, measures) for one in cases}
    return EvalLog(
        status="success",
        eval=_spec(run, suite, arm, cases),
        results=_results(cases, measures),
        stats=_stats(run, arm, cases),
        samples=list(samples.values()),
    )


def _spec(run: Run, suite: str, arm: str, cases: Sequence[Result]) -> "EvalSpec":
    from inspect_ai.log import EvalConfig, EvalDataset, EvalSpec
    from inspect_ai.viewer import ViewerConfig

    manifest, probes = run.manifest, list(dict.fromkeys(one.probe.id for one in cases))
    return EvalSpec(
        created=manifest["started_at"],
        task=f"sparrow_lite/{_plain(suite)}",
        task_id=_digest(run, suite, arm),
        task_version=manifest["suites"][suite]["version"],
        task_description=manifest["suites"][suite]["description"],
        run_id=_digest(run),
        eval_id=_digest(run, suite, arm, "eval"),
        dataset=EvalDataset(name=suite, samples=len(probes), sample_ids=list(probes)),
        model=_model(arm),
        config=EvalConfig(epochs=1 + max(one.sample for one in cases)),
        packages={"sparrow-lite": manifest["code"]},
        metadata={"arm": manifest["arms"][arm], "suite": manifest["suites"][suite]},
        # Replies and pages are other people's words: shown as plain text, without links or images.
        viewer=ViewerConfig(trust_content=False),
    )


def _stats(run: Run, arm: str, cases: Sequence[Result]) -> "EvalStats":
    from inspect_ai.log import EvalStats
    from inspect_ai.model import ModelUsage

    usage = sum((_usage(one) for one in cases), start=ModelUsage())
    started, spent = run.manifest["started_at"], sum(one.seconds for one in cases)
    # The arms of a run take turns: what one of them took is the time of its replies, one after another.
    ended = (datetime.fromisoformat(started) + timedelta(seconds=spent)).isoformat(timespec="seconds")
    return EvalStats(started_at=started, completed_at=ended, model_usage={_model(arm): usage})


def _usage(result: Result) -> "ModelUsage":
    from inspect_ai.model import ModelUsage

    came, gone = result.input_tokens, result.output_tokens
    return ModelUsage(input_tokens=came, output_tokens=gone, total_tokens=came + gone)


def _sample(run: Run, result: Result, measures: Sequence[str]) -> "EvalSample":
    from inspect_ai.log import EvalError, EvalSample
    from inspect_ai.model import ModelOutput

    probe = result.probe
    said = run.conversation(result) if result.text is not None else None
    failure = EvalError(message=result.failure, traceback="", traceback_ansi="") if result.failure else None
    model = _model(result.arm)
    return EvalSample(
        id=probe.id,
        epoch=result.sample + 1,
        input=_input(probe),
        target=list(probe.answers) or probe.rule or "",
        messages=messages_of(said, model=model) if said else _asked(probe),
        output=ModelOutput.from_content(model, said.last.text) if said else ModelOutput(model=model),
        scores={name: _score(one, said) for name, one in _measured(result, measures).items()},
        metadata=_metadata(result),
        model_usage={model: _usage(result)},
        total_time=result.seconds,
        uuid=result.key,
        error=failure,
    )


def _input(probe: Probe) -> "str | list[ChatMessage]":
    return probe.turns[0].text if len(probe.turns) == 1 else _asked(probe)


def _asked(probe: Probe) -> "list[ChatMessage]":
    return messages_of(Conversation(turns=probe.turns, replies=()), model="")


def _measured(result: Result, measures: Sequence[str]) -> dict[str, Measured]:
    """Every measure of one case; none when there is nothing that judges have judged."""
    if result.graded is None:
        return {}
    return {name: measure(name, result.probe, result.graded, abstained=result.abstained) for name in measures}


def _score(one: Measured, said: Conversation | None) -> "Score":
    from inspect_ai.scorer import CORRECT, INCORRECT, Score

    if one.met is None:
        return Score.unscored(reason="grader_failed", explanation=one.why)
    answer = said.last.text if said else None
    return Score(value=CORRECT if one.met else INCORRECT, answer=answer, explanation=one.why)


def _results(cases: Sequence[Result], measures: Sequence[str]) -> "EvalResults":
    from inspect_ai.log import EvalMetric, EvalResults, EvalScore

    scores = []
    for name in measures:
        by_probe: dict[str, list[bool | None]] = {one.probe.id: [] for one in cases}
        for one in cases:
            found = _measured(one, [name])
            by_probe[one.probe.id] += [found[name].met] if found else []
        said = [met for found in by_probe.values() for met in found]
        metrics = {
            key: EvalMetric(name=key, group="share", value=value) for key, value in shares(by_probe).items()
        }
        scores.append(
            EvalScore(
                name=name,
                scorer=name,
                metrics=metrics,
                scored_samples=sum(met is not None for met in said),
                unscored_samples=len(cases) - sum(met is not None for met in said),
            )
        )
    done = sum(one.failure is None for one in cases)
    return EvalResults(total_samples=len(cases), completed_samples=done, scores=scores)


def _metadata(result: Result) -> dict[str, Any]:
    probe = {name: value for name, value in result.probe.to_dict().items() if name != "turns"}
    graded = result.graded.to_dict() if result.graded else None
    return {"probe": probe, "judged": graded, "abstained": result.abstained}


def _model(arm: str) -> str:
    return f"sparrow-lite/{arm}"


def _file_name(run: Run, suite: str, arm: str) -> str:
    """Inspect reads time, task, model and id from a name of this form, without opening the file."""
    time = _plain(run.manifest["started_at"])
    return f"{time}_{_plain(suite)}_{_plain(arm)}_{_digest(run, suite, arm)}.eval"


def _plain(name: str) -> str:
    return _NO_NAME.sub("-", name)


def _digest(run: Run, *names: str) -> str:
    """An id that is the same whenever the run is written; Inspect's own are as long."""
    content = "\n".join([run.manifest["started_at"], run.manifest["code"], *names])
    return hashlib.sha256(content.encode()).hexdigest()[:22]
