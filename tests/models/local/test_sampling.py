from typing import Any

import pytest
import torch
from families import PACKED, VOCABULARY, make

from sparrow_lite.models.base import Sampling
from sparrow_lite.models.local.sampling import Chooser, end_tokens, is_usual

PROMPT = tuple(range(1, 30))


@pytest.fixture(scope="module")
def llama() -> Any:
    return make(PACKED["llama"])


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"top_k": 5},
        {"top_p": 0.6},
        {"min_p": 0.2},
        {"repetition_penalty": 1.7},
        {"no_repeat_ngram_size": 2},
        {"top_k": 0, "top_p": 0.9, "repetition_penalty": 1.2},
    ],
)
@pytest.mark.parametrize("temperature", [0.0, 1.0, 1.5])
def test_tokens_are_chosen_as_generate_chooses_them(
    llama: Any, monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any], temperature: float
) -> None:
    for name, value in settings.items():
        monkeypatch.setattr(llama.generation_config, name, value)
    assert is_usual(llama.generation_config)
    torch.manual_seed(4)
    how = {"temperature": temperature} if temperature else {"top_p": None, "top_k": None, "min_p": None}
    expected = llama.generate(
        torch.tensor([PROMPT]), max_new_tokens=25, do_sample=bool(temperature), pad_token_id=0, **how
    )[0].tolist()
    chooser = Chooser(llama.generation_config, Sampling(temperature=temperature, seed=4), "cpu")
    ids = list(PROMPT)
    while len(ids) < len(expected):
        with torch.inference_mode():
            ids.append(chooser.choose(ids, llama(torch.tensor([ids])).logits[0, -1].float()))
    assert ids == expected
    assert max(ids) < VOCABULARY


@pytest.mark.parametrize(
    ("name", "value"),
    [("num_beams", 3), ("suppress_tokens", [4]), ("guidance_scale", 1.5), ("typical_p", 0.9)],
)
def test_settings_that_are_not_known_are_found(
    llama: Any, monkeypatch: pytest.MonkeyPatch, name: str, value: Any
) -> None:
    monkeypatch.setattr(llama.generation_config, name, value)
    assert not is_usual(llama.generation_config)


@pytest.mark.parametrize(("told", "ends"), [(None, set()), (3, {3}), ([3, 4], {3, 4})])
def test_one_or_several_tokens_end_a_text(
    llama: Any, monkeypatch: pytest.MonkeyPatch, told: Any, ends: set[int]
) -> None:
    monkeypatch.setattr(llama.generation_config, "eos_token_id", told)
    assert end_tokens(llama.generation_config) == ends
