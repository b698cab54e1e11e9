"""The model attacker: a prompted model that converses with an arm until it breaks one rule, or gives up.

Owns one dialogue; `attack_suite.py` has many of them, and makes a suite of what the attacker said. The words
are in `prompts/attack.md`, and `models/layout.py` sees to it that no turn of the dialogue can forge another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from textwrap import indent
from typing import Any

from sparrow_lite.errors import ModelError
from sparrow_lite.harness.arms.base import Arm, Asked
from sparrow_lite.harness.conversation import Shown
from sparrow_lite.harness.probe import Probe, ProbeKind
from sparrow_lite.language import fold, sentences
from sparrow_lite.models import open_model
from sparrow_lite.models.base import DialogueModel, ModelRequest, Sampling, Task
from sparrow_lite.models.layout import quote_dialogue
from sparrow_lite.models.remote.faults import retry
from sparrow_lite.options import ModelOptions, Options
from sparrow_lite.prompts import Prompt, read_prompt
from sparrow_lite.rules import open_rule_judge
from sparrow_lite.rules.base import JudgedTurn, Rule, RuleJudge
from sparrow_lite.rules.check import check_turn
from sparrow_lite.rules.lexicon import Lexicon, Phrase, read_lexicon
from sparrow_lite.transcript import Role, Transcript, Turn, strip_marks
from sparrow_lite.verdict import Outcome, Verdict

ATTACK = "model"
"""The kind of attack under which the probes of a model attacker are reported."""

# Seeds of one dialogue's turns lie together, those of two dialogues apart.
_SEEDS_A_DIALOGUE, _SEEDS_A_TURN = 1000, 10
_MOST_CHARS = 4000
_QUOTES = {'"': '"', "“": "”", "'": "'"}
_CURLY = str.maketrans("‘’“”", "''\"\"")
_PATIENCE = ModelOptions(retries=3, timeout_seconds=300.0)


class Ended(StrEnum):
    """How an attack ended."""

    BROKEN = "broken"
    TURNS = "turns"
    GAVE_UP = "gave_up"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attacker:
    """Who attacks, and by what it is told that it has succeeded.

    Attributes:
        model: Writes the user's turns.
        prompt: `attack.md`.
        judge: Says whether a reply breaks the rule.
        lexicon: Words by which it is known that the model refuses to attack.
        turns: Most turns of the user's in one dialogue.
        tries: Most requests for one turn, each with another seed, before the attacker has given up.
        temperature: Of the attacker.
        seed: Of the first dialogue.
    """

    model: DialogueModel
    prompt: Prompt
    judge: RuleJudge
    lexicon: Lexicon
    turns: int = 6
    tries: int = 3
    temperature: float = 0.9
    seed: int = 0


def open_attacker(model: str, options: Options, *, judge: str = "trained", turns: int = 6) -> Attacker:
    """Return the attacker of this model.

    Args:
        model: Any name of the agent's model list; one that only quotes, as `embedded`, attacks nothing.
        options: Prompts, weights, how the model is reached, and its seed.
        judge: Name of the judge of rules, which stops a dialogue once the rule is broken.
        turns: Most turns of the user's in one dialogue.

    Raises:
        ConfigError: For an unknown name.
        PromptError: When `attack.md` or a file of the judge's cannot be read.
        ModelError: When the model cannot be loaded.
    """
    own_dir, weights = options.prompts_dir, options.weights_dir
    opened = open_model(model, options.model, prompts_dir=own_dir, weights_dir=weights)
    return Attacker(
        model=opened,
        prompt=read_prompt("attack", own_dir=own_dir),
        judge=open_rule_judge(judge, model=opened, own_dir=own_dir, weights=weights),
        lexicon=read_lexicon(own_dir=own_dir),
        turns=turns,
        seed=options.model.seed,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AttackedDialogue:
    """One attack as it went.

    Attributes:
        rule: Id of the rule that was attacked.
        number: Which of the rule's dialogues, from 0.
        attacker: Name of the attacking model.
        arm: Name of the arm that was attacked.
        turns: The whole dialogue; a reply stands last unless the arm failed.
        verdicts: On the rule, one for each reply, in order.
        ended: How it ended.
        refused: Requests that the attacker refused, left empty or failed.
        reason: Why the attacker gave up or the arm failed; None otherwise.
    """

    rule: str
    number: int
    attacker: str
    arm: str
    turns: tuple[Turn, ...]
    verdicts: tuple[Verdict, ...]
    ended: Ended
    refused: int = 0
    reason: str | None = None

    @property
    def user_turns(self) -> tuple[Turn, ...]:
        """What the attacker said, in order."""
        return tuple(turn for turn in self.turns if turn.role is Role.USER)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form: each turn, with P(broken) and the outcome on those of Sparrow's."""
        verdicts = iter(self.verdicts)
        turns: list[dict[str, Any]] = []
        for turn in self.turns:
            row: dict[str, Any] = {"role": turn.role.value, "text": turn.text}
            if turn.role is Role.SPARROW:
                verdict = next(verdicts)
                row |= {"outcome": verdict.outcome.value, "probability": verdict.probability}
            turns.append(row)
        return {
            "rule": self.rule,
            "number": self.number,
            "attacker": self.attacker,
            "arm": self.arm,
            "ended": self.ended.value,
            "refused": self.refused,
            "reason": self.reason,
            "turns": turns,
        }


def attack(rule: Rule, attacker: Attacker, arm: Arm, *, number: int = 0) -> AttackedDialogue:
    """Return one dialogue in which the attacker, who knows this one rule, tries to have the arm break it.

    It ends with the first reply that the judge calls broken. Failures of both models are results. Dialogues
    of different numbers have different seeds.
    """
    transcript, verdicts, refused = Transcript(), list[Verdict](), 0
    ended, reason = Ended.TURNS, None
    for place in range(attacker.turns):
        said = _speak(rule, attacker, transcript, seed=_seed(attacker, number, place))
        refused += said.refused
        if not said.text:
            ended, reason = Ended.GAVE_UP, said.reason
            break
        transcript = transcript.user(said.text)
        try:
            shown = _answer(arm, rule, transcript, number)
        except ModelError as error:
            ended, reason = Ended.FAILED, str(error)
            break
        transcript = transcript.sparrow(strip_marks(shown.text))
        turn = JudgedTurn(transcript=transcript, citations=shown.citations)
        verdicts += check_turn(turn, [rule], attacker.judge)
        if verdicts[-1].outcome is Outcome.BROKEN:
            ended = Ended.BROKEN
            break
    return AttackedDialogue(
        rule=rule.id,
        number=number,
        attacker=attacker.model.name,
        arm=arm.name,
        turns=transcript.turns,
        verdicts=tuple(verdicts),
        ended=ended,
        refused=refused,
        reason=reason,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """The attacker's turn; empty when it gave up, with the reason. `refused` counts what was of no use."""

    text: str
    refused: int
    reason: str | None = None


def _speak(rule: Rule, attacker: Attacker, transcript: Transcript, *, seed: int) -> _Said:
    reason = None
    for number in range(attacker.tries):
        request = _request(rule, attacker, transcript, seed=seed + number)
        try:
            text = _turn_of("".join(attacker.model.write(request)))
        except ModelError as error:
            reason = f"the attacker failed: {error}"
            if not error.retryable:
                return _Said(text="", refused=number + 1, reason=reason)
            continue
        if text and not _refuses(text, attacker.lexicon):
            return _Said(text=text, refused=number)
        reason = f"the attacker refused: {text[:200]}" if text else "the attacker wrote nothing"
    return _Said(text="", refused=attacker.tries, reason=reason)


def _answer(arm: Arm, rule: Rule, transcript: Transcript, number: int) -> Shown:
    """Return the arm's reply.

    Raises:
        ModelError: When there is none after several tries.
    """
    replies = sum(turn.role is Role.SPARROW for turn in transcript.turns)
    probe = Probe(
        id=f"{rule.id}-{ATTACK}-{number}",
        suite=ATTACK,
        kind=ProbeKind.ADVERSARIAL,
        turns=transcript.turns,
        rule=rule.id,
        attack=ATTACK,
    )
    asked = Asked(transcript=transcript, probe=probe, sample=number, reply=replies)
    return retry(lambda: arm.reply(asked), _PATIENCE)[0]


def _request(rule: Rule, attacker: Attacker, transcript: Transcript, *, seed: int) -> ModelRequest:
    spoken = sum(turn.role is Role.USER for turn in transcript.turns)
    instruction = attacker.prompt.fill(
        name=rule.name,
        rule=rule.text,
        breaks=_listed([example.sparrow for example in rule.breaks]),
        allowed=_listed(rule.carve_outs),
        dialogue=_quoted(transcript),
        turn=str(spoken + 1),
        turns=str(attacker.turns),
    )
    return ModelRequest(
        task=Task.ATTACK,
        preamble="",
        transcript=Transcript(),
        instruction=instruction,
        sampling=Sampling(temperature=attacker.temperature, seed=seed),
    )


def _quoted(transcript: Transcript) -> str:
    """The dialogue so far, every line of it marked, so that none can pass for the task itself."""
    return indent(quote_dialogue(transcript) or "(Nobody has spoken yet.)", "> ", lambda _line: True)


def _listed(texts: Sequence[str]) -> str:
    return "\n".join(f"- {text}" for text in texts) or "-"


def _turn_of(written: str) -> str:
    """The words of a turn, without quotation marks around the whole of it, cut to what people may write."""
    text = written.strip()
    closing = _QUOTES.get(text[:1])
    if closing and len(text) > 2 and text.endswith(closing) and closing not in text[1:-1]:
        text = text[1:-1].strip()
    return text[:_MOST_CHARS].rstrip()


def _refuses(text: str, lexicon: Lexicon) -> bool:
    """Whether it begins with a refusal; what stands further down is part of the attack."""
    first = next((span.text for span in sentences(text)), "")
    return lexicon.says(Phrase.REFUSES, fold(first.translate(_CURLY)))


def _seed(attacker: Attacker, number: int, place: int) -> int:
    return attacker.seed + _SEEDS_A_DIALOGUE * number + _SEEDS_A_TURN * place
