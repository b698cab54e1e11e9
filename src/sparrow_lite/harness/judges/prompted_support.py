"""The prompted judge of evidence: a model is asked of one passage after another whether it supports a claim.

Owns the question and the reading of the answer; leaves the words to `prompts/judge_support.md` and
`prompts/judge_support_in_a_word.md`, and to `models/layout.py` that no passage can pass for the question.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent

from sparrow_lite.errors import ModelError
from sparrow_lite.models.base import DialogueModel, ModelRequest, OptionScorer, Sampling, Task
from sparrow_lite.models.layout import quieten
from sparrow_lite.prompts import Prompt, read_prompt
from sparrow_lite.transcript import Transcript

SUPPORTED_AT = 0.5
# More of a passage crowds the claim out of a small model's context.
_MOST_CHARS = 6000
_MOST_FAILURES = 2
_ANSWER_TOKENS = 40
_OPTIONS = ("yes", "no")
_FENCED = re.compile(r"```(?:json)?\s*\n(.*?)\n?\s*```", re.DOTALL)


class PromptedSupportJudge:
    """Judges support by asking a dialogue model. As safe across threads as the model is.

    Where the model can score options, the score comes from its scores of "yes" and "no"; else from its answer
    in JSON, and an answer of any other form leaves the passage unscored.
    """

    def __init__(self, model: DialogueModel, prompt: Prompt, word_prompt: Prompt) -> None:
        """Ask `model` with `prompt` for JSON and with `word_prompt` for yes or no.

        Both have the places `claim` and `passage`.
        """
        self._model = model
        self._prompt = prompt
        self._word_prompt = word_prompt

    @classmethod
    def open(cls, model: DialogueModel, *, own_dir: Path | None = None) -> "PromptedSupportJudge":
        """Return the judge with the shipped prompts, or those of the user's own.

        Raises:
            PromptError: When a prompt cannot be read.
        """
        prompt = read_prompt("judge_support", own_dir=own_dir)
        return cls(model, prompt, read_prompt("judge_support_in_a_word", own_dir=own_dir))

    @property
    def name(self) -> str:
        """`prompted:` and the model's name."""
        return f"prompted:{self._model.name}"

    @property
    def supported_at(self) -> float:
        """Half: more likely than not."""
        return SUPPORTED_AT

    def score(self, claim: str, passages: Sequence[str]) -> Sequence[float | None]:
        """Return P(the passage supports the whole claim), one for each passage; None for unscored.

        A model that fails leaves the passage unscored; after two failures in a row, or one that a further try
        cannot mend, the remaining passages are unscored without asking.
        """
        asking = _Asking(judge=self, claim=claim)
        return [asking.score(passage) for passage in passages]

    def by_options(self, claim: str, passage: str) -> float | None:
        """Return the score by option scores; None when the model gives none.

        Raises:
            ModelError: When the model fails.
        """
        if not isinstance(self._model, OptionScorer):
            return None
        scores = self._model.score_options(_request(self._word_prompt, claim, passage, tokens=1), _OPTIONS)
        return None if scores is None else scores[0]

    def by_answer(self, claim: str, passage: str) -> float | None:
        """Return the score by an answer in JSON; None for an answer of another form.

        Raises:
            ModelError: When the model fails.
        """
        request = _request(self._prompt, claim, passage, tokens=_ANSWER_TOKENS)
        return read_support("".join(self._model.write(request)))


@dataclass(slots=True, kw_only=True)
class _Asking:
    """One round of questions, which remembers what the model cannot do."""

    judge: PromptedSupportJudge
    claim: str
    scores: bool = True
    failures: int = 0

    def score(self, passage: str) -> float | None:
        if self.failures >= _MOST_FAILURES:
            return None
        try:
            found = self._asked(passage)
        except ModelError as error:
            self.failures += 1 if error.retryable else _MOST_FAILURES
            return None
        self.failures = 0
        return found

    def _asked(self, passage: str) -> float | None:
        found = self.judge.by_options(self.claim, passage) if self.scores else None
        self.scores = found is not None
        return found if found is not None else self.judge.by_answer(self.claim, passage)


def read_support(answer: str) -> float | None:
    """Return the score, 0.0 to 1.0, of an answer in JSON; None when it cannot be used.

    The answer is one object with a number `support` alone; a code fence around it is forgiven.
    """
    text = answer.strip()
    fenced = _FENCED.fullmatch(text)
    try:
        found = json.loads(fenced[1] if fenced else text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.keys() != {"support"}:
        return None
    score = found["support"]
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0.0 <= score <= 1.0:
        return None
    return float(score)


def _request(prompt: Prompt, claim: str, passage: str, *, tokens: int) -> ModelRequest:
    return ModelRequest(
        task=Task.JUDGE,
        preamble="",
        transcript=Transcript(),
        instruction=prompt.fill(claim=_quoted(claim), passage=_quoted(passage)),
        sampling=Sampling(temperature=0.0, max_tokens=tokens),
    )


def _quoted(text: str) -> str:
    """The text, every line of it marked, so that none can pass for the question itself."""
    if len(text) > _MOST_CHARS:
        half = _MOST_CHARS // 2
        text = f"{text[:half]} [...] {text[-half:]}"
    return indent(quieten(text), "> ", lambda _line: True)
