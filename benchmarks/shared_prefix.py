"""A turn of a local model that reads what its prompts share once, against every prompt by itself.

The model is a Llama of 135 million untrained weights in float32; the prompts are those of a real turn: eight
candidates of 60 tokens, 23 rules, a dialogue of 1,200 tokens. The other contestant is the same model with
`generate` for each candidate and a pass for each rule. Both run in one process, whose threads wait without
spinning: on a machine that others use, spinning threads cost both contestants many times what they compute.
Below full size, a share of the plain prompts is timed and their mean is multiplied.
"""

import multiprocessing
import os
import random
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from benchmarks.comparison import Comparison, Figure

_DIALOGUE_TOKENS, _CANDIDATES, _NEW_TOKENS = 1_200, 8, 60
_ROUNDS = 2  # the better of each, in turn, since other programs disturb
_CHOSEN, _OTHER = "shared", "one prompt each"
_SPOKEN = "Rivers are long, bridges were built, and the page says so. "


def measure(scale: float) -> Comparison:
    """Return seconds for the rules of a turn, for a whole turn, and to the first token of two turns."""
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # read when torch is loaded, in the process below
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        figures = pool.apply(_contest, (min(1.0, scale),))
    return Comparison(
        title=f"A turn over {_DIALOGUE_TOKENS:,} tokens of dialogue, {_CANDIDATES} x {_NEW_TOKENS} written",
        chosen=_CHOSEN,
        figures=figures,
    )


def _contest(share: float) -> tuple[Figure, ...]:
    turn = _Turn()
    rounds = [(_shared(turn), _plain(turn, share)) for _ in range(_ROUNDS)]
    names = list(dict.fromkeys(name for pair in rounds for one in pair for name in one))
    figures = []
    for name in names:
        for unit in _Seconds._fields:
            values = {
                contestant: min(getattr(pair[place][name], unit) for pair in rounds)
                for place, contestant in enumerate((_CHOSEN, _OTHER))
                if name in rounds[0][place]
            }
            figures.append(Figure(name=name, unit=f"s {unit}", values=values))
    tokens = turn.tokens_to_read(turn.model())
    return (*figures, Figure(name="tokens to read, 23 rules", unit="tokens", values=tokens))


def _shared(turn: "_Turn") -> "dict[str, _Seconds]":
    model = turn.model()
    judge = turn.judge(model)
    judging = _seconds(lambda: judge.judge(turn.judged, turn.rules))
    again = _seconds(lambda: judge.judge(turn.judged_next, turn.rules))
    model = turn.model()
    writing = _seconds(lambda: model.write_many(turn.drafts))
    model = turn.model()
    first = _seconds(lambda: model.write_many([turn.one(turn.dialogue)]))
    second = _seconds(lambda: model.write_many([turn.one(turn.next_dialogue)]))
    return {
        "23 rule scores": judging,
        "8 candidates and 23 rules": judging.plus(writing),
        "first token, first turn": first,
        "first token, second turn": second,
        "23 rule scores, next candidate": again,
    }


def _plain(turn: "_Turn", share: float) -> "dict[str, _Seconds]":
    from sparrow_lite.models.local.ways import PlainReader

    model = turn.model()
    model._chosen = PlainReader(model._model)
    rules, drafts = (max(2, round(count * share)) for count in (len(turn.rules), _CANDIDATES))
    judge = turn.judge(_OneByOne(model))
    judging = _seconds(lambda: judge.judge(turn.judged, turn.rules[:rules]))
    judging = judging.times(len(turn.rules) / rules)
    writing = _seconds(lambda: model.write_many(turn.drafts[:drafts])).times(_CANDIDATES / drafts)
    return {
        "23 rule scores": judging,
        "8 candidates and 23 rules": judging.plus(writing),
        "first token, first turn": _seconds(lambda: model.write_many([turn.one(turn.dialogue)])),
        "first token, second turn": _seconds(lambda: model.write_many([turn.one(turn.next_dialogue)])),
    }


class _OneByOne:
    """The model without its gift to score several questions at once."""

    def __init__(self, model: Any) -> None:
        self.name = model.name
        self.write = model.write
        self.score_options = model.score_options


class _Turn:
    """The prompts of one turn, the same in every process."""

    def __init__(self) -> None:
        from sparrow_lite.models.base import ModelRequest, Sampling, Task
        from sparrow_lite.prompts import read_prompt
        from sparrow_lite.rules.base import JudgedTurn
        from sparrow_lite.rules.load import load_rules
        from sparrow_lite.turn.parts import read_turn_prompts

        prompts = read_turn_prompts()
        self.rules = load_rules()
        self._words = (read_prompt("judge_rule"), read_prompt("judge_rule_in_a_word"))
        self._texts = [path.read_text(encoding="utf-8") for path in _articles()]
        self._tokenizer = _tokenizer([*self._texts, *(prompt.text for prompt in self._words)])
        self.dialogue = _dialogue(self._texts, self._tokenizer)
        self.next_dialogue = self.dialogue.sparrow(_SPOKEN * 5).user(
            "And when was the longest of them built?"
        )
        self.judged = JudgedTurn(transcript=self.dialogue.sparrow(_SPOKEN * 5))
        self.judged_next = JudgedTurn(transcript=self.dialogue.sparrow(_SPOKEN * 3))
        self._network = _network()
        self.drafts = [
            ModelRequest(
                task=Task.ANSWER,
                preamble=prompts.preamble.text,
                example=prompts.example,
                transcript=self.dialogue,
                instruction=prompts.answer.fill(),
                sampling=Sampling(temperature=0.7, max_tokens=_NEW_TOKENS, seed=seed),
            )
            for seed in range(_CANDIDATES)
        ]
        self.first = replace(self.drafts[0], task=Task.JUDGE, preamble="", instruction="Well?")

    def one(self, transcript: Any) -> Any:
        """Return a request for one token."""
        draft = self.drafts[0]
        return replace(draft, transcript=transcript, sampling=replace(draft.sampling, max_tokens=1))

    def judge(self, model: Any) -> Any:
        from sparrow_lite.rules.prompted import PromptedRuleJudge

        return PromptedRuleJudge(model, *self._words)

    def model(self) -> Any:
        """Return the model with nothing kept yet, its way of reading found out."""
        from sparrow_lite.models.local.model import TransformersModel

        model = TransformersModel(
            name="hf:135M", model=self._network, tokenizer=self._tokenizer, revision=None
        )
        model.score_options(self.first, ("yes", "no"))
        return model

    def tokens_to_read(self, model: Any) -> dict[str, float]:
        """Return how many tokens the rules' questions have, and how many of them are not shared."""
        from sparrow_lite.models.local.prefix import common_length

        asked: list[list[int]] = []

        class Noting(_OneByOne):
            def __init__(self, inner: Any) -> None:
                super().__init__(inner)
                self.score_options = self._note

            def _note(self, request: Any, options: Sequence[str]) -> tuple[float, ...]:
                asked.append(model._prompts.fitting_ids(request))
                return (0.5,) * len(options)

        self.judge(Noting(model)).judge(self.judged, self.rules)
        shared = common_length(asked)
        every = sum(map(len, asked))
        return {_CHOSEN: every - shared * (len(asked) - 1), _OTHER: every}


def _network() -> Any:
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=49_152, hidden_size=576, intermediate_size=1_536, num_hidden_layers=30,
        num_attention_heads=9, num_key_value_heads=3, max_position_embeddings=8_192,
        tie_word_embeddings=True, bos_token_id=0, eos_token_id=0,
    )  # fmt: skip
    return LlamaForCausalLM(config).eval()


class _Seconds(NamedTuple):
    """What something took by the clock, and of the processors, which other programs disturb less."""

    clock: float
    computed: float

    def times(self, factor: float) -> "_Seconds":
        return _Seconds(self.clock * factor, self.computed * factor)

    def plus(self, other: "_Seconds") -> "_Seconds":
        return _Seconds(self.clock + other.clock, self.computed + other.computed)


def _articles() -> list[Any]:
    from sparrow_lite.resources import starter_corpus_dir

    return sorted(starter_corpus_dir().glob("*.md"))


def _tokenizer(texts: list[str]) -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=32_000,
        special_tokens=["<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    bpe.train_from_iterator([*texts, *["yes no Yes No", ":yes:no:Yes:No"] * 50], trainer)
    return PreTrainedTokenizerFast(tokenizer_object=bpe, eos_token="<|endoftext|>")


def _dialogue(texts: list[str], tokenizer: Any) -> Any:
    """Return eleven turns of about equal length, the user's last."""
    from sparrow_lite.transcript import Transcript

    words = random.Random(0).choice(texts).split() * 20
    each = _DIALOGUE_TOKENS // 11
    transcript = Transcript()
    for number in range(11):
        start = number * each
        ids = tokenizer(" ".join(words[start : start + each]))["input_ids"][:each]
        text = tokenizer.decode(ids)
        transcript = transcript.user(text) if number % 2 == 0 else transcript.sparrow(text)
    return transcript


def _seconds(act: Any) -> "_Seconds":
    started, computed = time.perf_counter(), time.process_time()
    act()
    return _Seconds(time.perf_counter() - started, time.process_time() - computed)
