import random
from collections.abc import Sequence
from typing import Any

import pytest
import torch
from families import OTHERS, PACKED, VOCABULARY, make

from sparrow_lite.models.base import Sampling
from sparrow_lite.models.local.packed import PackedReader
from sparrow_lite.models.local.prefix import PrefixCache
from sparrow_lite.models.local.questions import Question
from sparrow_lite.models.local.sampling import is_usual
from sparrow_lite.models.local.ways import PlainReader, choose_reader
from sparrow_lite.models.local.writing import Text, write_texts

NEAR = 1e-4


@pytest.fixture(scope="module", params=list(PACKED))
def model(request: pytest.FixtureRequest) -> Any:
    return make(PACKED[request.param])


class Tokens:
    """Random tokens, the same in every run."""

    def __init__(self, seed: int = 5) -> None:
        self._random = random.Random(seed)

    def __call__(self, count: int) -> tuple[int, ...]:
        return tuple(self._random.randrange(1, VOCABULARY) for _ in range(count))


def plain_scores(model: Any, questions: Sequence[Question]) -> list[list[float]]:
    """What one pass over every prompt with its answer gives, by the model's own attention."""
    scores = []
    for question in questions:
        scores.append([])
        for answer in question.answers:
            with torch.no_grad():
                logits = model(torch.tensor([question.prompt + answer]), use_cache=False).logits[0].double()
            logs = torch.log_softmax(logits, dim=-1)
            start = len(question.prompt) - 1
            scores[-1].append(float(sum(logs[start + place, token] for place, token in enumerate(answer))))
    return scores


def plain_text(model: Any, prompt: tuple[int, ...], sampling: Sampling, most: int) -> list[int]:
    """What `generate` alone writes."""
    torch.manual_seed(sampling.seed)
    how = {"temperature": sampling.temperature} if sampling.temperature else {}
    written = model.generate(
        torch.tensor([prompt]),
        attention_mask=torch.ones(1, len(prompt), dtype=torch.long),
        max_new_tokens=most,
        do_sample=bool(how),
        pad_token_id=0,
        **how,
    )
    return written[0, len(prompt) :].tolist()


def packed_texts(
    reader: PackedReader, prompts: Sequence[tuple[int, ...]], temperature: float, most: int
) -> list[list[int]]:
    texts = [
        Text(
            prompt=prompt,
            sampling=Sampling(temperature=temperature, seed=seed),
            most=most,
            take=lambda _token: True,
        )
        for seed, prompt in enumerate(prompts)
    ]
    write_texts(reader, texts)
    return [text.written for text in texts]


def asked(beginning: tuple[int, ...], tokens: Tokens) -> list[Question]:
    """Seven questions of different lengths, with answers of one token and of several."""
    return [
        Question(prompt=beginning + tokens(own), answers=(tokens(1), tokens(3), tokens(2)))
        for own in (1, 9, 4, 30, 2, 17, 9)
    ]


def assert_near(found: list[list[float]], expected: list[list[float]]) -> None:
    assert [one for row in found for one in row] == pytest.approx(
        [one for row in expected for one in row], abs=NEAR
    )


def test_the_family_is_read_packed(model: Any) -> None:
    assert isinstance(choose_reader(model, PrefixCache()), PackedReader)
    assert is_usual(model.generation_config)


def test_questions_score_as_one_prompt_each(model: Any) -> None:
    tokens = Tokens()
    questions = asked(tokens(70), tokens)
    assert_near(PackedReader(model, PrefixCache()).score(questions), plain_scores(model, questions))


def test_logits_are_those_of_one_prompt_each(model: Any) -> None:
    tokens = Tokens()
    beginning = tokens(70)
    prompts = [beginning + tokens(own) for own in (1, 9, 30, 4)]
    reader = PackedReader(model, PrefixCache())
    with reader.reading():
        _, branches = reader.branch(prompts)
    for prompt, branch in zip(prompts, branches, strict=True):
        with torch.inference_mode():
            expected = model(torch.tensor([prompt]), use_cache=False).logits[0, -1]
        assert torch.allclose(branch.logits, expected, atol=NEAR)


def test_a_second_turn_goes_on_from_what_is_kept(model: Any) -> None:
    tokens, cache = Tokens(), PrefixCache()
    reader = PackedReader(model, cache)
    beginning = tokens(60)
    for _ in range(3):
        questions = asked(beginning, tokens)
        assert_near(reader.score(questions), plain_scores(model, questions))
        assert cache.known(beginning) >= len(beginning)
        beginning += tokens(20)


def test_an_edited_transcript_is_read_anew_from_the_edit_on(model: Any) -> None:
    tokens, cache = Tokens(), PrefixCache()
    reader = PackedReader(model, cache)
    beginning = tokens(80)
    reader.score(asked(beginning, tokens))
    for kept in (70, 50, 10, 0):
        beginning = beginning[:kept] + tokens(60)
        questions = asked(beginning, tokens)
        assert_near(reader.score(questions), plain_scores(model, questions))


def test_nothing_is_kept_beyond_the_bound_and_nothing_changes(model: Any) -> None:
    tokens = Tokens()
    beginnings = [tokens(60) for _ in range(3)]
    roomy = PrefixCache()
    PackedReader(model, roomy).score(asked(beginnings[0], tokens))
    for bound in (0, int(1.5 * roomy.bytes)):
        cache = PrefixCache(bound)
        reader = PackedReader(model, cache)
        for beginning in (*beginnings, *beginnings):
            questions = asked(beginning, tokens)
            assert_near(reader.score(questions), plain_scores(model, questions))
            assert cache.bytes <= bound


@pytest.mark.parametrize("temperature", [0.0, 0.8])
def test_texts_written_together_are_those_written_alone(model: Any, temperature: float) -> None:
    tokens = Tokens()
    beginning = tokens(50)
    with_evidence, without = beginning + tokens(35), beginning + tokens(8)
    prompts = [with_evidence, without, with_evidence, without, with_evidence]
    reader = PackedReader(model, PrefixCache())
    expected = [
        plain_text(model, prompt, Sampling(temperature=temperature, seed=seed), 30)
        for seed, prompt in enumerate(prompts)
    ]
    for _ in range(2):  # the second time from what is kept
        assert packed_texts(reader, prompts, temperature, 30) == expected
    assert len({len(text) for text in expected}) > 1 or len(expected[0]) == 30


def test_a_text_that_ends_does_not_disturb_the_others(model: Any) -> None:
    tokens = Tokens(6)
    prompts = [tokens(40) + tokens(own) for own in (3, 5, 7)]
    reader = PackedReader(model, PrefixCache())
    texts = [
        Text(prompt=prompt, sampling=Sampling(temperature=0.0), most=most, take=lambda _token: True)
        for prompt, most in zip(prompts, (4, 20, 11), strict=True)
    ]
    write_texts(reader, texts)
    for text in texts:
        assert text.written == plain_text(model, text.prompt, text.sampling, text.most)


@pytest.mark.parametrize("name", list(OTHERS))
def test_other_models_take_a_slower_way_with_the_same_scores(name: str) -> None:
    build, way = OTHERS[name]
    model = make(build)
    reader = choose_reader(model, PrefixCache())
    assert type(reader).__name__ == way
    tokens = Tokens()
    questions = asked(tokens(40), tokens)
    assert_near(reader.score(questions), plain_scores(model, questions))
    assert_near(PlainReader(model).score(questions), plain_scores(model, questions))


def test_after_a_pass_the_model_attends_as_before(model: Any) -> None:
    before = model.config._attn_implementation
    tokens = Tokens()
    PackedReader(model, PrefixCache()).score(asked(tokens(9), tokens))
    assert model.config._attn_implementation == before
