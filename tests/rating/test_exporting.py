import csv
import json

import pytest

from sparrow_lite.errors import StoreError
from sparrow_lite.rating.exporting import COLUMNS, export_csv, export_jsonl
from sparrow_lite.rating.tasks import Answer


@pytest.fixture
def rated(sessions, study):
    """Two raters' session of three items: one rater undoes an answer and skips an item."""
    created = study.create(3, raters=("Ann", "Ben"), overlap=2, checks=0.0, qualification=False)
    ann, ben = (one.id for one in created.raters)
    task = sessions.task(ann)
    sessions.answer(ann, study.answer(task, study.first_choices(task), comment="=SUM(A1)"))
    sessions.undo(ann)
    task = sessions.task(ann)
    sessions.answer(
        ann, Answer(id="a-skip-1", item=task.shown.item, skipped="No.", replaces=task.shown.replaces)
    )
    study.rate_all(ann)
    study.rate_all(ben)
    return created.session.id


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_everything_is_there_and_what_counts_is_marked(sessions, rated, tmp_path):
    count = export_jsonl(sessions.store, rated, tmp_path / "all.jsonl")
    found = lines(tmp_path / "all.jsonl")
    assert len(found) == count
    kinds = [one["kind"] for one in found]
    # Ann's first answer, what took it back, and the skip in its place; then five answers.
    assert [kinds.count(one) for one in ("session", "rater", "item", "assignment", "rating")] == [
        1,
        2,
        3,
        6,
        8,
    ]
    assert sum(one["current"] for one in found if one["kind"] == "rating") == 6
    questions = next(one for one in found if one["kind"] == "item")["questions"]
    assert [one["id"] for one in questions] == ["plausible", "supported"]


def test_nobody_is_named_unless_it_is_asked_for(sessions, rated, tmp_path):
    raters = sessions.store.raters(rated)
    secret = [one.name for one in raters] + [one.id for one in raters]
    export_jsonl(sessions.store, rated, tmp_path / "all.jsonl")
    export_csv(sessions.store, rated, tmp_path / "all.csv")
    for path in (tmp_path / "all.jsonl", tmp_path / "all.csv"):
        text = path.read_text(encoding="utf-8")
        assert not any(f'"{one}"' in text or f",{one}," in text for one in secret)
        assert "rater-1" in text
    assert all(len(one["made_at"]) == 10 for one in lines(tmp_path / "all.jsonl") if one["kind"] == "rating")
    export_jsonl(sessions.store, rated, tmp_path / "named.jsonl", named=True)
    assert {one["name"] for one in lines(tmp_path / "named.jsonl") if one["kind"] == "rater"} == {
        "Ann",
        "Ben",
    }


def test_a_table_has_a_row_an_answer_and_no_formula(sessions, rated, tmp_path):
    store = sessions.store
    count = export_csv(store, rated, tmp_path / "all.csv")
    with (tmp_path / "all.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    # Five answered items of two questions each, and one skip.
    assert (len(rows), count, tuple(rows[0])) == (11, 11, COLUMNS)
    assert sum(row["skipped"] == "No." and not row["question"] for row in rows) == 1
    assert {row["case"] for row in rows} == {"case 0", "case 1", "case 2"}
    assert not any(value.startswith(("=", "+", "-", "@")) for row in rows for value in row.values())


def test_a_disk_that_refuses_leaves_no_half_file(sessions, rated, tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(StoreError, match="cannot be written"):
        export_csv(sessions.store, rated, tmp_path / "taken")
    assert [one.name for one in tmp_path.iterdir() if one.name.endswith(".part")] == []
