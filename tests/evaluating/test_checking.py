import json

import pytest

from sparrow_lite.encoders.weights import open_words
from sparrow_lite.harness.contamination import TrainingText, write_trained_on

TAUGHT = "What do the grey geese of the north eat in winter?"


@pytest.fixture
def suite(questions):
    return questions(
        [
            {"id": "clean", "question": "How far is it from here to the farthest lighthouse?"},
            {"id": "taught", "question": TAUGHT},
        ]
    )


@pytest.fixture
def own_weights(tmp_path, monkeypatch):
    """The shipped weights as the user's own, trained on one more text."""
    folder = tmp_path / "weights"
    folder.mkdir()
    for path in open_words(None).folder.iterdir():
        if path.name != "trained_on.npy":
            (folder / path.name).symlink_to(path)
    write_trained_on([TrainingText(text=TAUGHT, source="own")], folder)
    monkeypatch.setenv("SPARROW_LITE_WEIGHTS_DIR", str(folder))


def test_a_suite_that_stands_in_training_data_is_told_line_by_line_with_exit_1(door, suite, tmp_path):
    data = tmp_path / "training"
    data.mkdir()
    (data / "turns.jsonl").write_text(json.dumps({"text": TAUGHT.upper()}) + "\n")
    done = door("eval", "check", suite, "--against", data, code=1)
    lines = done.stdout.splitlines()
    assert lines
    assert all(line.startswith("asked taught: ") and "turns.jsonl" in line for line in lines)
    assert f"{len(lines)} found in training data." in done.stderr


def test_a_clean_suite_exits_with_0(door, suite, tmp_path):
    (tmp_path / "other.txt").write_text("Of geese nothing is said here.\n")
    done = door("eval", "check", suite, "adversarial", "--against", tmp_path / "other.txt")
    assert done.stdout == ""
    assert "0 found" in done.stderr


@pytest.mark.usefixtures("own_weights")
def test_what_the_judges_were_trained_on_is_found_without_their_data(door, suite):
    assert "asked taught: the judges were trained on it" in door("eval", "check", suite, code=1).stdout


@pytest.mark.usefixtures("own_weights")
@pytest.mark.parametrize(
    ("flag", "asked"), [("--drop-trained", ["clean"]), ("--allow-trained", ["clean", "taught"])]
)
def test_a_suite_that_was_trained_on_is_refused_thinned_or_allowed(door, suite, rows_of, flag, asked):
    words = ("eval", suite, "--arm", "refuses", "--judge", "none", "--out", "run")
    refused = door(*words, code=2)
    assert "1 of 2 probes of asked" in refused.stderr
    assert "taught" in refused.stderr
    assert "--drop-trained" in refused.stderr
    assert "--allow-trained" in refused.stderr
    door(*words, flag)
    assert [row["probe"] for row in rows_of("run")] == asked


def test_a_suite_that_nobody_knows_cannot_be_checked(door):
    assert "'oracle'" in door("eval", "check", "oracle", code=2).stderr
