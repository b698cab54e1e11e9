"""The commands `rate ...`, on a database of their own."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sparrow_lite.cli import main
from sparrow_lite.evaluating.raters import rater_names
from sparrow_lite.rating.sessions import RatingSessions
from sparrow_lite.rating.store import RatingStore
from sparrow_lite.rating.tasks import Answer


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SPARROW_LITE_DATA_DIR", str(tmp_path))
    return tmp_path


def rate(*words: str, status: int = 0) -> Result:
    done = CliRunner().invoke(main, ["rate", *words])
    assert done.exit_code == status, done.output
    return done


def create(folder: Path, *words: str, count: int = 4) -> dict:
    file = folder / "rows.jsonl"
    rows = [{"question": f"Question {n}?", "reply": f"Reply {n}."} for n in range(count)]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    flags = ["--protocol", "plausible_supported", "--overlap", "2", "--checks", "0", "--no-qualification"]
    return json.loads(rate("create", "--from", str(file), *flags, "--json", *words).output)


def rate_everything(folder: Path, raters: list[dict], choices: list[str]) -> None:
    store = RatingStore.open(f"sqlite:///{folder / 'ratings.sqlite'}")
    sessions = RatingSessions(store)
    for rater, choice in zip(raters, choices, strict=True):
        while (task := sessions.task(rater["id"])).shown is not None:
            item = task.shown.item
            given = Answer(id=f"{rater['id']}{item}", item=item, answers={"plausible": choice})
            sessions.answer(rater["id"], given)
    store.close()


def test_a_session_is_made_of_a_run(data_dir: Path) -> None:
    run = data_dir / "run"
    asked = ["eval", "adversarial", "--arm", "refuses", "--judge", "none", "--limit", "3", "--out", str(run)]
    assert CliRunner().invoke(main, asked).exit_code == 0
    made = rate("create", "--from", str(run), "--protocol", "rule_rating", "--raters", "2", "--checks", "0.2")
    assert "3 items, 2 new raters" in made.output
    session = made.output.split()[0]
    store = RatingStore.open(f"sqlite:///{data_dir / 'ratings.sqlite'}")
    work = [item for item in store.items(session) if item.origin.get("arm") == "refuses"]
    assert len(work) == 3
    assert all(item.origin["run"] == str(run.resolve()) and item.origin["rule"] for item in work)
    store.close()


def test_probing_needs_no_rows(data_dir: Path) -> None:
    flags = [
        "--protocol",
        "probing",
        "--raters",
        "1",
        "--overlap",
        "1",
        "--rule",
        "no_body",
        "--dialogues",
        "3",
    ]
    assert "3 items, 1 new raters" in rate("create", *flags).output


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["--protocol", "thumbs", "--raters", "2"], "--from"),
        (["--protocol", "preference", "--raters", "2"], "--from"),
        (["--protocol", "probing", "--raters", "1"], "lower the overlap"),
        (["--protocol", "probing", "--raters", "2", "--rule", "no_fun"], "no_fun"),
        (["--protocol", "probing", "--raters", "2", "--arm", "no_arm"], "no_arm"),
    ],
)
def test_what_cannot_be_is_refused_with_status_2(data_dir: Path, words: list[str], fault: str) -> None:
    assert fault in rate("create", *words, status=2).output
    assert "There are no sessions" in rate("list").output


def test_a_session_is_listed_paused_resumed_and_closed(data_dir: Path) -> None:
    session = create(data_dir, "--raters", "2", "--name", "Spring")["session"]
    assert "Spring" in rate("list").output
    assert rate("pause", session).output == f"{session}: paused\n"
    assert "paused" in rate("status", session).output
    assert rate("resume", session).output == f"{session}: resumed\n"
    assert rate("close", session).output == f"{session}: closed\n"
    rate("resume", session, status=2)


def test_an_unknown_session_is_told_with_status_1(data_dir: Path) -> None:
    rate("status", "nothing", status=1)


def test_status_counts_and_adjudication_settles(data_dir: Path) -> None:
    made = create(data_dir, "--rater", "Ann", "--rater", "Ben")
    rate_everything(data_dir, made["raters"], ["yes", "no"])
    session = made["session"]
    assert "4 of 4 items have 2 ratings; 8 ratings; 4 to decide." in rate("status", session).output
    listed = rate("adjudicate", session).output
    assert "Ann: plausible=yes; Ben: plausible=no" in listed
    item = listed.split()[0]
    rate("adjudicate", session, item, "--answer", "plausible", status=2)
    rate("adjudicate", session, item, "--answer", "plausible=maybe", status=2)
    rate("adjudicate", session, item, "--answer", "plausible=no")
    assert "3 to decide" in rate("status", session).output
    assert json.loads(rate("status", session, "--json").output)["disagreements"] == 3


def test_a_rater_is_replaced_by_name_and_a_session_extended(data_dir: Path) -> None:
    session = create(data_dir, "--rater", "Ann", "--rater", "Ben")["session"]
    assert "Cem takes over" in rate("replace", session, "Ann", "--by", "Cem").output
    rate("replace", session, "Nobody", "--by", "Dee", status=2)
    assert "0 items, 1 new raters" in rate("extend", session, "--raters", "1", "--overlap", "1").output
    assert "have 3 ratings" in rate("status", session).output
    rate("extend", session, "--raters", "1", status=2)


def test_each_rater_gets_a_link_of_their_own(data_dir: Path) -> None:
    session = create(data_dir, "--rater", "Ann", "--rater", "Ben")["session"]
    lines = rate("links", session, "--address", "https://rate.example/").output.splitlines()
    assert [line.split("\t")[0] for line in lines] == ["Ann", "Ben"]
    links = {line.split("\t")[1] for line in lines}
    assert len(links) == 2
    assert all(link.startswith("https://rate.example/rate/") for link in links)
    assert rate("links", session, "--rater", "Ben", "--revoke").output == "Ben\trevoked\n"


def test_a_rater_who_signs_in_is_of_their_account(data_dir: Path) -> None:
    session = create(data_dir, "--account", "ida", "--rater", "Ann")["session"]
    store = RatingStore.open(f"sqlite:///{data_dir / 'ratings.sqlite'}")
    assert {rater.name: rater.account for rater in store.raters(session)} == {"Ann": None, "ida": "ida"}
    store.close()


def test_raters_are_numbered_past_names_that_are_taken() -> None:
    assert rater_names(["Ann"], 2) == ("Ann", "Rater 1", "Rater 2")
    assert rater_names([], 2, {"Rater 1", "Ann"}) == ("Rater 2", "Rater 3")


def test_an_account_is_made_given_another_password_and_disabled(data_dir: Path) -> None:
    def account(*words: str, password: str = "", status: int = 0) -> str:
        done = CliRunner().invoke(main, ["rate", "account", *words], input=f"{password}\n{password}\n")
        assert done.exit_code == status, done.output
        return done.stdout

    assert "There are no accounts" in account()
    assert account("ida", "--organiser", password="a long enough one") == "ida: organiser\n"
    account("ida", password="a long enough one", status=2)
    account("bo", password="short", status=2)
    assert "another password" in account("ida", "--organiser", password="another long one")
    account("ida", "--disable")
    assert account() == "ida  organiser  disabled\n"
    account("nobody", "--disable", status=1)


@pytest.mark.parametrize(
    ("form", "rows"), [("jsonl", 1 + 2 + 4 + 8 + 8), ("csv", 8), ("trl", 0), ("train", 0)]
)
def test_ratings_leave_without_names_unless_they_are_asked_for(data_dir: Path, form: str, rows: int) -> None:
    made = create(data_dir, "--rater", "Ann", "--rater", "Ben")
    rate_everything(data_dir, made["raters"], ["yes", "no"])
    out = data_dir / "out"
    told = rate("export", made["session"], "--format", form, "--out", str(out)).output
    assert told.startswith(f"{rows} rows in {out}.")
    if form == "jsonl":
        assert "Ann" not in out.read_text(encoding="utf-8")
        rate("export", made["session"], "--names", "--out", str(out))
        assert "Ann" in out.read_text(encoding="utf-8")
    if form == "trl":
        rate("export", made["session"], "--format", form, "--names", "--out", str(out), status=2)


def test_what_raters_say_is_written_into_the_run(data_dir: Path) -> None:
    run = data_dir / "run"
    asked = [
        "eval",
        "adversarial",
        "--arm",
        "refuses",
        "--judge",
        "lexical",
        "--limit",
        "3",
        "--out",
        str(run),
    ]
    assert CliRunner().invoke(main, asked).exit_code == 0
    flags = ["--protocol", "rule_rating", "--rater", "Ann", "--overlap", "1", "--checks", "0"]
    chosen = ["--next-for", "violations", "--limit", "2", "--no-qualification", "--json"]
    made = json.loads(rate("create", "--from", str(run), *flags, *chosen).output)
    assert made["items"] == 2
    store = RatingStore.open(f"sqlite:///{data_dir / 'ratings.sqlite'}")
    sessions = RatingSessions(store)
    (rater,) = made["raters"]
    while (task := sessions.task(rater["id"])).shown is not None:
        answers = {one.id: "surely_kept" for one in task.shown.questions}
        given = Answer(id=f"kept-{task.shown.item}", item=task.shown.item, answers=answers)
        sessions.answer(rater["id"], given)
    store.close()
    assert "2 labels in" in rate("labels", made["session"]).output
    labels = [json.loads(line) for line in (run / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(one["measure"], one["label"], bool(one["drawn"])) for one in labels] == [
        ("violations", False, True)
    ] * 2


def test_labels_need_a_run(data_dir: Path) -> None:
    session = create(data_dir, "--rater", "Ann", "--rater", "Ben")["session"]
    assert "no run" in rate("labels", session, status=2).output


def test_ratings_of_another_tool_become_a_session(data_dir: Path) -> None:
    file = data_dir / "argilla.json"
    answer = {"value": "yes", "user_id": "u1", "status": "submitted"}
    record = {
        "id": "r1",
        "fields": {"prompt": "Why?", "model_output": "Because."},
        "responses": {"sensible": [answer]},
    }
    file.write_text(json.dumps([record]), encoding="utf-8")
    flags = ["--format", "argilla", "--protocol", "plausible_supported"]
    named = ["--column", "reply=model_output", "--question", "plausible=sensible"]
    assert "1 items, 1 ratings." in rate("import", str(file), *flags, *named).output
    rate("import", str(file), *flags, "--column", "reply", status=2)
