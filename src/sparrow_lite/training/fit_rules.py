"""`train rules`: train the network, calibrate each rule, measure on what was held out."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

from sparrow_lite.errors import ConfigError
from sparrow_lite.rules.lexical import LexicalRuleJudge
from sparrow_lite.rules.load import load_rules
from sparrow_lite.rules.trained import HEAD, NAME, TrainedRuleJudge
from sparrow_lite.training.examples import LabelledTurn, Part
from sparrow_lite.training.export import export_head, export_network
from sparrow_lite.training.job import Job, fix_seeds, train_task, words_of, write_result
from sparrow_lite.training.loop import Progress
from sparrow_lite.training.made_turns import made_turns
from sparrow_lite.training.ordinary import ordinary_turns
from sparrow_lite.training.own_turns import read_replies, read_turns, read_wordings
from sparrow_lite.training.public import (
    convabuse,
    diasafety,
    hatecheck,
    hh_harmless,
    jailbreakbench,
    openai_moderation,
    persona,
    truthful_qa,
)
from sparrow_lite.training.rule_calibration import UNCALIBRATED, calibrate
from sparrow_lite.training.rule_figures import measure_rules
from sparrow_lite.training.rule_head import RuleTexts
from sparrow_lite.training.rules import Preference, RuleTask

_PUBLIC = (diasafety, hatecheck, openai_moderation, convabuse, jailbreakbench, persona, truthful_qa)


def fit_rules(job: Job, progress: Progress) -> dict[str, Any]:
    """Train the rule judge; write its weights into `job.out`; return what was measured.

    `job.without` names rules that training does not see, or data sets.

    Raises:
        ConfigError: When there is nothing to train on, or a package of the extra `train` is missing.
    """
    turns, preferences = read_labelled(job)
    training = [seen for one in turns if one.part is Part.TRAIN and (seen := _without(one, job.without))]
    if not training:
        raise ConfigError("The data folders hold no labelled turns: see docs/training.md.")
    if job.limit is not None and job.limit < len(training):
        training = Random(job.plan.seed).sample(training, job.limit)
    better = [pair for pair in preferences if pair[0].part is not Part.HELD_OUT] if job.limit is None else []
    texts = rule_texts(job, turns)
    fix_seeds(job)
    task = RuleTask(job.base, training, better, texts, seed=job.plan.seed)
    train_task(task, job, NAME, progress)
    size = task.encoder.config.hidden_size
    export_network(StatesOnly(task.encoder), job.out / f"{NAME}.onnx", outputs=["states"], size=size)
    export_head(task.model.head, job.out / f"{HEAD}.onnx", size=size)
    plain = {"version": "unfitted", "rules": {}, "any_rule": UNCALIBRATED}
    lexical = LexicalRuleJudge.open()
    # A rule that is kept out is judged as one that a user writes tomorrow: with the fit of any rule.
    known = [seen for one in turns if (seen := _without(one, job.without))]
    fitted = calibrate(TrainedRuleJudge(words_of(job), plain, lexical), known)
    judge = TrainedRuleJudge(words_of(job), {"version": "fitted", **fitted}, lexical)
    measured = measure_rules(judge, lexical, turns, preferences)
    write_result(job, NAME, fitted, {**measured, "kept_out": sorted(job.without)})
    return measured


def StatesOnly(encoder: Any) -> Any:  # noqa: N802  # makes a class's instance; torch must be imported late
    """Return a module whose result is the encoder's last states."""
    import torch

    class States(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = encoder

        def forward(self, **inputs: Any) -> Any:
            return self.encoder(**inputs).last_hidden_state

    return States()


def read_labelled(job: Job) -> tuple[list[LabelledTurn], list[Preference]]:
    """Return the labelled turns of the job's folders, with ordinary ones, and the preferences."""
    turns: list[LabelledTurn] = []
    preferences: list[Preference] = []
    replies = {name: texts for folder in job.data for name, texts in read_replies(folder).items()}
    for folder in job.data:
        turns += read_turns(folder)
        turns += [turn for module in _PUBLIC for turn in module.read(folder)]
        turns += made_turns(folder, replies, seed=job.plan.seed)
        preferences += [
            (_preferred(better, part), _preferred(worse, part))
            for better, worse, part in hh_harmless.read(folder)
        ]
    return [*turns, *ordinary_turns()], preferences


def _preferred(turns: tuple[tuple[str, str], ...], part: Part) -> LabelledTurn:
    return LabelledTurn(turns=turns, labels={}, source="hh_harmless", part=part)


def _without(turn: LabelledTurn, names: Sequence[str]) -> LabelledTurn | None:
    """Return what is left of a turn when data sets or rules are kept out; None for nothing."""
    if turn.source in names or any(rule in names for rule in turn.any_of):
        return None
    labels = {rule: broken for rule, broken in turn.labels.items() if rule not in names}
    return replace(turn, labels=labels) if labels or turn.any_of else None


def rule_texts(job: Job, turns: Sequence[LabelledTurn]) -> RuleTexts:
    """Return the wordings of every rule that is trained on: the shipped text, others, those of own turns."""
    shipped = {rule.id: rule.text for rule in load_rules()}
    others = {rule: more for folder in job.data for rule, more in read_wordings(folder).items()}
    wordings = {rule: (text, *others.get(rule, ())) for rule, text in shipped.items()}
    for turn in turns:
        for rule, text in turn.rule_texts:
            if text not in wordings.get(rule, ()):
                wordings[rule] = (*wordings.get(rule, ()), text)
    kept = {rule: texts for rule, texts in wordings.items() if rule not in job.without}
    return RuleTexts(kept, list(shipped))
