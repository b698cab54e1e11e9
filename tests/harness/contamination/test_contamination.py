import csv
import gzip
import json
from pathlib import Path

import pytest

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.contamination import (
    Overlap,
    TrainingText,
    find_contaminated,
    require_clean,
    split_trained,
    training_texts,
    write_trained_on,
)
from sparrow_lite.harness.probe import Probe, ProbeKind, Suite
from sparrow_lite.harness.suites import open_suite
from sparrow_lite.transcript import Role, Turn

ROOT = Path(__file__).parents[3]
LONG = "my cousin in Hoorn keeps nine grey geese and one of them answers the phone whenever he is out at sea"
CANARY = "a canary 77c1 that nothing is trained on"


def suite(*dialogues: tuple[str, ...]) -> Suite:
    probes = tuple(
        Probe(
            id=str(number),
            suite="s",
            kind=ProbeKind.QUESTION,
            turns=tuple(Turn(role=Role.USER, text=text) for text in texts),
        )
        for number, texts in enumerate(dialogues)
    )
    return Suite(name="s", version="1", canary=CANARY, description="", probes=probes)


def text(said: str) -> TrainingText:
    return TrainingText(text=said, source="t:1")


@pytest.mark.parametrize(
    ("probe", "training", "overlap"),
    [
        (("Are you a goose?",), "are YOU a goose", Overlap.SAME),
        (("Are you a goose?",), "I asked: are you a goose? No.", None),
        (("Are you a goose?",), "Hi.\n\nUser: Are you a goose?\n\nAssistant: No.", Overlap.SAME),
        ((LONG,), f"He said that {LONG.upper()}!", Overlap.RUN),
        ((f"Listen: {LONG}",), " ".join(LONG.split()[2:15]), Overlap.RUN),
        ((LONG,), " ".join(LONG.split()[2:14]), None),
        (
            ("Which of his nine geese answers the phone?",),
            "Q: which of his nine geese answers the phone",
            Overlap.RUN,
        ),
        (("Thanks, that helps.", "And what do the grey geese eat in winter?"), "Thanks, that helps.", None),
        (
            ("Thanks!", "And what do the grey geese eat?"),
            "And what do the grey geese eat?",
            Overlap.SAME,
        ),
    ],
)
def test_a_probe_is_found_by_its_text_or_by_a_long_run_of_words(probe, training, overlap):
    found = find_contaminated(suite(probe), [text("Something else."), text(training)])
    assert [one.overlap for one in found if one.overlap is overlap] == ([overlap] if overlap else [])
    assert bool(found) == bool(overlap)


def test_what_sparrow_says_in_a_probe_is_not_compared():
    turns = (
        Turn(role=Role.USER, text="Where is it?"),
        Turn(role=Role.SPARROW, text=LONG),
        Turn(role=Role.USER, text="And now?"),
    )
    probe = Probe(id="1", suite="s", kind=ProbeKind.QUESTION, turns=turns)
    held = Suite(name="s", version="1", canary="", description="", probes=(probe,))
    assert find_contaminated(held, [text(LONG)]) == ()


def test_the_canary_is_found_within_a_training_text():
    (found,) = find_contaminated(suite(("Who?",)), [text(f'{{"canary": "{CANARY}"}}')])
    assert (found.overlap, found.probe, found.source) == (Overlap.CANARY, "", "t:1")


def test_every_form_of_training_file_gives_its_texts_with_file_and_line(tmp_path):
    def expect(name: str) -> str:
        return f"words of {name}"

    (tmp_path / "a.jsonl").write_text(f'{{"n": 1}}\n{json.dumps({"turns": [{"text": expect("jsonl")}]})}\n')
    (tmp_path / "b.json").write_text(json.dumps([{"deep": {"er": [expect("json")]}}]))
    with (tmp_path / "c.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["head"], [f'{expect("csv")},\n"quoted"']])
    (tmp_path / "d.tsv").write_text(f"1\t{expect('tsv')}\n")
    (tmp_path / "e.yaml").write_text(f"key: [{expect('yaml')}]\n")
    (tmp_path / "f.txt").write_text(f"\n{expect('txt')}\n")
    (tmp_path / "deep").mkdir()
    with gzip.open(tmp_path / "deep" / "g.jsonl.gz", "wt") as file:
        file.write(json.dumps({"t": expect("gz")}) + "\n")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    found = {one.text.strip(): one.source for one in training_texts([tmp_path])}
    assert found[expect("jsonl")] == f"{tmp_path / 'a.jsonl'}:2"
    assert found[f'{expect("csv")},\n"quoted"'] == f"{tmp_path / 'c.csv'}:3"
    assert found[expect("gz")] == f"{tmp_path / 'deep' / 'g.jsonl.gz'}:1"
    assert {expect(name) for name in ("json", "tsv", "yaml", "txt")} < set(found)
    assert not any("PNG" in one for one in found)


def test_parquet_is_read_where_it_can_be(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    parquet.write_table(pyarrow.table({"q": ["who ran"], "n": [1]}), tmp_path / "x.parquet")
    assert [one.text for one in training_texts([tmp_path])] == ["who ran"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", b"{broken\n"),
        ("a.yaml", b"a: ["),
        ("a.txt", b"\xff\xfe\x00"),
        ("a.json.gz", b"no gzip"),
        ("a.parquet", b"none"),
    ],
)
def test_a_training_file_that_cannot_be_read_is_no_silence(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ConfigError, match="cannot be read as training data"):
        list(training_texts([tmp_path]))


def test_a_folder_that_is_missing_is_named(tmp_path):
    with pytest.raises(ConfigError, match="nowhere does not exist"):
        list(training_texts([tmp_path / "nowhere"]))


@pytest.fixture
def weights(tmp_path):
    for name in ("tokenizer.json", "words.npy", "scales.npy"):
        (tmp_path / name).write_text("")
    return tmp_path


def test_a_suite_that_was_trained_on_is_refused_and_can_be_split(weights):
    assert write_trained_on([text("What do grey geese eat?"), text("two words")], weights) == 1
    held = suite(("what do grey geese eat",), ("Two words?",), ("What else do they eat?",))
    split = split_trained(held, own_weights=weights)
    assert split.trained == ("0",)
    assert [one.id for one in split.clean.probes] == ["1", "2"]
    assert split.clean.version == "1-1"
    with pytest.raises(ConfigError, match=r"1 of 3 probes of s .*\(0\).*--drop-trained.*--allow-trained"):
        require_clean(held, own_weights=weights)
    require_clean(split.clean, own_weights=weights)


def test_what_weights_started_from_stays_trained_on(weights, tmp_path):
    (tmp_path / "base").mkdir()
    write_trained_on([text("the first of all texts")], tmp_path / "base")
    write_trained_on([text("the second of all texts")], weights)
    assert write_trained_on([text("the third of all texts")], weights, started_from=[tmp_path / "base"]) == 3


def test_weights_without_hashes_refuse_nothing_and_damaged_ones_say_so(weights):
    require_clean(suite(("what do grey geese eat",)), own_weights=weights)
    other = weights / "other"
    other.mkdir()
    for name in ("tokenizer.json", "words.npy", "scales.npy", "trained_on.npy"):
        (other / name).write_text("junk")
    with pytest.raises(ConfigError, match="is damaged"):
        require_clean(suite(("what do grey geese eat",)), own_weights=other)


def test_the_shipped_hashes_know_our_own_training_turns():
    path = ROOT / "training" / "turns" / "no_body.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[:20]]
    asked = [row["turns"][0]["text"] for row in rows if len(row["turns"][0]["text"].split()) > 3]
    held = suite(*((one,) for one in dict.fromkeys(asked)))
    assert len(split_trained(held).trained) == len(held.probes)


@pytest.mark.parametrize("name", ["adversarial", "carve_outs", "ordinary", "evidence"])
def test_no_shipped_suite_stands_in_our_training_data(name):
    held = open_suite(name)
    require_clean(held)
    assert find_contaminated(held, training_texts([ROOT / "training"])) == ()
