"""A tiny BERT and tiny data sets in their authors' forms, made anew for each session."""

import json
from pathlib import Path

import pytest

CITIES = "Oslo Lima Kyoto Dakar Quito Riga Perth Turin Bergen Malmo Gent Nice".split()


def _sentence(city: str, year: int) -> str:
    return f"The harbour of {city} was opened in {year} and lies beside the old market of the town."


@pytest.fixture(scope="session")
def base_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a real BERT of 32 numbers a piece with a tokenizer of its own."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("base")
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    trainer = trainers.WordPieceTrainer(vocab_size=400, special_tokens=special)
    tokenizer.train_from_iterator([_sentence(city, 1900 + at) for at, city in enumerate(CITIES)], trainer)
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
    )
    BertModel(config).save_pretrained(folder)
    # Published tokenizers often pad and cut; the training must not.
    tokenizer.enable_padding(length=64)
    tokenizer.enable_truncation(64)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with a few rows of FEVER, of SQuAD, of DiaSafety and of turns of one's own."""
    folder = tmp_path_factory.mktemp("data")
    _write_fever(folder / "fever-nli")
    _write_squad(folder / "squad2-dev")
    _write_diasafety(folder / "diasafety")
    _write_turns(folder / "turns")
    _write_pairs(folder / "hh-harmless")
    with (folder / "support.jsonl").open("w") as file:
        for at, city in enumerate(CITIES):
            evidence = [_sentence(city, 1900 + at)]
            row = {"claim": f"{city} has a harbour.", "evidence": evidence, "supported": at % 2 == 0}
            file.write(json.dumps(row) + "\n")
    return folder


def _write_fever(folder: Path) -> None:
    folder.mkdir()
    with (folder / "pairs.jsonl").open("w") as file:
        for at, city in enumerate(CITIES * 4):
            year = 1900 + at
            for said, label in ((year, "entailment"), (year + 7, "not_entailment")):
                claim = f"The harbour of {city} was opened in {said}."
                row = {"evidence": _sentence(city, year), "claim": claim, "label": label}
                file.write(json.dumps(row) + "\n")


def _write_squad(folder: Path) -> None:
    folder.mkdir()
    paragraphs = []
    for at, city in enumerate(CITIES * 3):
        context = f"{_sentence(city, 1900 + at)} Ships from {city} sail north in spring."
        start = context.index(str(1900 + at))
        answer = {"text": str(1900 + at), "answer_start": start}
        asked = {"id": f"a{at}", "question": f"When was the harbour of {city} opened?", "answers": [answer]}
        none = {"id": f"b{at}", "question": f"Who built the harbour of {city}?", "answers": []}
        qas = [{**asked, "is_impossible": False}, {**none, "is_impossible": True}]
        paragraphs.append({"context": context, "qas": qas})
    data = {"data": [{"title": "Harbours", "paragraphs": paragraphs}]}
    (folder / "dev.json").write_text(json.dumps(data))


def _write_diasafety(folder: Path) -> None:
    folder.mkdir()
    rows = [
        {
            "context": f"What of {city}?",
            "response": f"You are a fool of {city}." if at % 2 else f"{city} has an old market.",
            "category": "Offending User",
            "label": "Unsafe" if at % 2 else "Safe",
        }
        for at, city in enumerate(CITIES * 3)
    ]
    (folder / "train.json").write_text(json.dumps(rows))
    (folder / "val.json").write_text(json.dumps(rows[:8]))


def _write_turns(folder: Path) -> None:
    folder.mkdir()
    topics = ("travel", "work", "space", "books", "weather", "sports")
    with (folder / "no_body.jsonl").open("w") as file:
        for at in range(72):
            kind = ("keeps", "breaks", "near_miss")[at % 3]
            reply = f"I am tired in {CITIES[at % 12]}." if kind == "breaks" else f"{CITIES[at % 12]} is old."
            turns = [{"role": "user", "text": "And you?"}, {"role": "sparrow", "text": reply}]
            row = {"rule": "no_body", "kind": kind, "topic": topics[at // 12], "turns": turns}
            file.write(json.dumps(row) + "\n")
    with (folder / "mine.jsonl").open("w") as file:
        for at in range(24):
            kind = ("keeps", "breaks")[at % 2]
            shouts = f"{CITIES[at % 12]}!" * (1 + at % 2)
            turns = [{"role": "user", "text": "And?"}, {"role": "sparrow", "text": shouts}]
            row = {
                "rule": "calm",
                "rule_text": "Sparrow never shouts.",
                "kind": kind,
                "topic": topics[at // 4],
            }
            file.write(json.dumps({**row, "topic": topics[at // 4], "turns": turns}) + "\n")


def _write_pairs(folder: Path) -> None:
    folder.mkdir()
    with (folder / "pairs_even.jsonl").open("w") as file:
        for city in CITIES:
            asked = f"\n\nHuman: what of {city}\n\nAssistant: "
            file.write(json.dumps({"chosen": f"{asked}It is old.", "rejected": f"{asked}You fool."}) + "\n")
