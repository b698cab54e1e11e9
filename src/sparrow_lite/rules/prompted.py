"""The prompted judge: the dialogue model is asked about every rule by itself.

All questions about a turn begin with the same words, the dialogue among them, and end with the rule: a model
that can reads what they share once.

Owns the question and the reading of the answer; leaves the words to `prompts/judge_rule.md` and
`prompts/judge_rule_in_a_word.md`, and to `models/layout.py` that no quoted turn can forge another.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from textwrap import indent
from typing import Any

from sparrow_lite.errors import ModelError
from sparrow_lite.models.base import (
    BatchScorer,
    DialogueModel,
    ModelRequest,
    OptionScorer,
    Sampling,
    Task,
)
from sparrow_lite.models.layout import quote_dialogue
from sparrow_lite.prompts import Prompt
from sparrow_lite.rules.base import JudgedTurn, Rule
from sparrow_lite.transcript import Transcript
from sparrow_lite.verdict import Outcome, Verdict

BROKEN_AT = 0.5
# More of a dialogue crowds the rule out of a small model's context. Old turns are left out six at a time, so
# that from turn to turn the quoted dialogue mostly begins alike.
_MOST_TURNS = 12
_TURNS_LEFT_OUT = 6
_MOST_CHARS = 4000
_MOST_FAILURES = 2
_ANSWER_TOKENS = 60
_OPTIONS = ("yes", "no")
_FENCED = re.compile(r"```(?:json)?\s*\n(.*?)\n?\s*```", re.DOTALL)


class PromptedRuleJudge:
    """Judges rules by asking a dialogue model. As safe across threads as the model is.

    Where the model can score options, the probability comes from its scores of "yes" and "no"; else from its
    answer in JSON, and an answer of any other form leaves the rule unscored.
    """

    def __init__(self, model: DialogueModel, prompt: Prompt, word_prompt: Prompt) -> None:
        """Ask `model` with `prompt` for JSON and with `word_prompt` for yes or no.

        Both have the places `dialogue`, `rule` and `carve_outs`.
        """
        self._model = model
        self._prompt = prompt
        self._word_prompt = word_prompt

    @property
    def name(self) -> str:
        """`prompted:` and the model's name."""
        return f"prompted:{self._model.name}"

    def asking(self, model: DialogueModel) -> "PromptedRuleJudge":
        """Return the judge that asks another model with the same prompts."""
        return PromptedRuleJudge(model, self._prompt, self._word_prompt)

    def judge(self, turn: JudgedTurn, rules: Sequence[Rule]) -> tuple[Verdict, ...]:
        """Return one verdict for each rule, in the given order.

        A model that fails leaves the rule unscored; after two failures in a row, or one that a further try
        cannot mend, the remaining rules are unscored without asking.

        Raises:
            PromptError: When a prompt of the user's lacks a place or has another.
        """
        dialogue = _quoted(turn.transcript)
        together = self.score_together(dialogue, rules)
        asking = _Asking(judge=self, dialogue=dialogue, scores=not together)
        return tuple(together.get(rule.id) or asking.verdict(rule) for rule in rules)

    def score_together(self, dialogue: str, rules: Sequence[Rule]) -> dict[str, Verdict]:
        """Return the verdicts by option scores, by rule, of a model that scores all rules at once.

        Rules without a score are left out; there are none when the model cannot, or when it fails: then they
        are asked about one by one, which tells a passing failure from a lasting one.
        """
        if not isinstance(self._model, BatchScorer):
            return {}
        requests = [_request(self._word_prompt, dialogue, rule, tokens=1) for rule in rules]
        try:
            scores = self._model.score_many(requests, _OPTIONS)
        except ModelError:
            return {}
        return {
            rule.id: self._scored(rule, shares[0], self._word_prompt)
            for rule, shares in zip(rules, scores, strict=True)
            if shares is not None
        }

    def score(self, dialogue: str, rule: Rule) -> Verdict | None:
        """Return the verdict by option scores; None when the model gives none.

        Raises:
            ModelError: When the model fails.
        """
        if not isinstance(self._model, OptionScorer):
            return None
        request = _request(self._word_prompt, dialogue, rule, tokens=1)
        scores = self._model.score_options(request, _OPTIONS)
        if scores is None:
            return None
        return self._scored(rule, scores[0], self._word_prompt)

    def ask(self, dialogue: str, rule: Rule) -> Verdict:
        """Return the verdict by an answer in JSON.

        Raises:
            ModelError: When the model fails.
        """
        request = _request(self._prompt, dialogue, rule, tokens=_ANSWER_TOKENS)
        probability = read_probability("".join(self._model.write(request)))
        if isinstance(probability, str):
            return self.unscored(rule, probability)
        return self._scored(rule, probability, self._prompt)

    def unscored(self, rule: Rule, reason: str) -> Verdict:
        """Return the verdict that says why nothing was judged."""
        return Verdict(
            rule=rule.id,
            outcome=Outcome.UNSCORED,
            probability=None,
            judge=self.name,
            prompt_version=self._prompt.version,
            reason=reason,
        )

    def _scored(self, rule: Rule, probability: float, prompt: Prompt) -> Verdict:
        return Verdict(
            rule=rule.id,
            outcome=Outcome.BROKEN if probability >= BROKEN_AT else Outcome.KEPT,
            probability=probability,
            judge=self.name,
            prompt_version=prompt.version,
        )


@dataclass(slots=True, kw_only=True)
class _Asking:
    """One round of questions, which remembers what the model cannot do."""

    judge: PromptedRuleJudge
    dialogue: str
    scores: bool = True
    failures: int = 0
    failure: str = ""

    def verdict(self, rule: Rule) -> Verdict:
        if self.failures >= _MOST_FAILURES:
            return self.judge.unscored(rule, f"not asked, since the model failed: {self.failure}")
        try:
            verdict = self._asked(rule)
        except ModelError as error:
            self.failures += 1 if error.retryable else _MOST_FAILURES
            self.failure = str(error)
            return self.judge.unscored(rule, f"the model failed: {error}")
        self.failures = 0
        return verdict

    def _asked(self, rule: Rule) -> Verdict:
        verdict = self.judge.score(self.dialogue, rule) if self.scores else None
        self.scores = verdict is not None
        return verdict or self.judge.ask(self.dialogue, rule)


def read_probability(answer: str) -> float | str:
    """Return P(broken), 0.0 to 1.0, of an answer in JSON, or in words why it cannot be used.

    The answer is one object with `broken` and `probability` alone, which agree; a code fence around it is
    forgiven.
    """
    text = answer.strip()
    fenced = _FENCED.fullmatch(text)
    try:
        found = json.loads(fenced[1] if fenced else text)
    except (ValueError, RecursionError):
        return f"the answer is not JSON: {_shown(text)}"
    fault = _fault(found)
    return f"{fault}: {_shown(text)}" if fault else float(found["probability"])


def _fault(found: Any) -> str:
    """What is wrong with an answer that is JSON; empty when it can be used."""
    if not isinstance(found, dict) or found.keys() != {"broken", "probability"}:
        return "the answer has not just the fields broken and probability"
    broken, probability = found["broken"], found["probability"]
    if not isinstance(broken, bool):
        return "broken is not true or false"
    if isinstance(probability, bool) or not isinstance(probability, int | float):
        return "the probability is not a number"
    if not 0.0 <= probability <= 1.0:
        return "the probability is not from 0 to 1"
    if broken != (probability >= BROKEN_AT):
        return "broken and the probability disagree"
    return ""


def _request(prompt: Prompt, dialogue: str, rule: Rule, *, tokens: int) -> ModelRequest:
    filled = prompt.fill(
        dialogue=dialogue,
        rule=rule.text,
        carve_outs="\n".join(f"- {allowed}" for allowed in rule.carve_outs) or "-",
    )
    return ModelRequest(
        task=Task.JUDGE,
        preamble="",
        transcript=Transcript(),
        instruction=filled,
        sampling=Sampling(temperature=0.0, max_tokens=tokens),
    )


def _quoted(transcript: Transcript) -> str:
    """The last turns, every line of them marked, so that none can pass for the question itself."""
    spoken = transcript.without_marks().turns
    too_many = max(0, len(spoken) - _MOST_TURNS)
    left_out = -(-too_many // _TURNS_LEFT_OUT) * _TURNS_LEFT_OUT
    turns = tuple(replace(turn, text=_cut(turn.text)) for turn in spoken[left_out:])
    quoted = quote_dialogue(Transcript(turns=turns))
    return indent(quoted, "> ", lambda _line: True)


def _cut(text: str) -> str:
    if len(text) <= _MOST_CHARS:
        return text
    half = _MOST_CHARS // 2
    return f"{text[:half]} [...] {text[-half:]}"


def _shown(text: str) -> str:
    return repr(text[:80]) if text else "it is empty"
