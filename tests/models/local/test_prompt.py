"""Options with tokenizers that treat spaces in their own ways; the rest of prompts is in `test_model.py`."""

from typing import Any

import pytest

from sparrow_lite.models.base import ModelRequest, Task
from sparrow_lite.models.local.prompt import PromptWriter
from sparrow_lite.transcript import Transcript

LINES = [
    "Is it so? Answer yes or no.\n\nSparrow: yes",
    "Sparrow: No, it is not so; Yes it was.",
    "yes no Yes No",
]
REQUEST = ModelRequest(
    task=Task.JUDGE,
    preamble="",
    transcript=Transcript(),
    instruction=f"{'It is so. ' * 20}\nIs it so? Yes or no.",
)


def _tokenizer(kind: str) -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    bpe = Tokenizer(models.BPE())
    if kind == "bytes":
        bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        bpe.decoder = decoders.ByteLevel()
    elif kind == "a space before every text":
        bpe.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
        bpe.decoder = decoders.Metaspace()
    # "no words": merges run over spaces and line ends, as far as they like
    trainer = trainers.BpeTrainer(
        vocab_size=300,
        special_tokens=["<s>", "</s>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet() if kind == "bytes" else [],
        show_progress=False,
    )
    bpe.train_from_iterator(LINES * 20, trainer)
    bpe.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 0)])
    return PreTrainedTokenizerFast(tokenizer_object=bpe, bos_token="<s>", eos_token="</s>")


@pytest.mark.parametrize("kind", ["bytes", "a space before every text", "no words"])
def test_an_option_has_the_tokens_that_it_has_within_the_whole_prompt(kind: str) -> None:
    from transformers import LlamaConfig

    tokenizer = _tokenizer(kind)
    prompts = PromptWriter(name="m", tokenizer=tokenizer, config=LlamaConfig(max_position_embeddings=4096))
    text = prompts._text(REQUEST)
    for option, found in zip(("yes", "no"), prompts.option_ids(REQUEST, ("yes", "no")), strict=True):
        spelt = (option, f" {option}", option.title(), f" {option.title()}")
        whole = dict.fromkeys(tuple(tokenizer(text + one)["input_ids"]) for one in spelt)
        assert found == [list(ids) for ids in whole]
        assert all(ids[0] == tokenizer.bos_token_id for ids in found)
