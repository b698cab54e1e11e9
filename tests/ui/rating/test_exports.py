"""Files of a session's ratings, and labels for the report of its run."""

import io
import json
import zipfile

import pytest


@pytest.fixture(scope="module")
def rated(site):
    made = site.create()
    for rater in made.raters:
        with site.rater(rater.id) as client:
            while (shown := client.get("/task").json()["shown"]) is not None:
                client.post("/answer", json=site.answer(shown, comment="As it says."))
    return made


def test_each_form_is_a_file_and_anonymous_unless_names_are_asked_for(organiser, rated):
    path = f"/sessions/{rated.session.id}/export"
    table = organiser.get(f"{path}?form=csv")
    assert table.headers["content-disposition"] == f'attachment; filename="{rated.session.id}.csv"'
    assert table.text.count("\n") == 1 + 2 * 3 * 2
    assert rated.raters[0].id not in table.text
    assert rated.raters[0].id in organiser.get(f"{path}?form=csv&names=1").text
    kinds = {json.loads(line)["kind"] for line in organiser.get(f"{path}?form=jsonl").text.splitlines()}
    assert "rating" in kinds
    training = zipfile.ZipFile(io.BytesIO(organiser.get(f"{path}?form=train").content))
    assert training.namelist() == ["support.jsonl"]
    assert organiser.get(f"{path}?form=trl").text == ""


@pytest.mark.parametrize("asked", ["form=xml", "", "form=trl&names=1"])
def test_a_form_that_is_none_is_told(organiser, rated, asked):
    assert organiser.get(f"/sessions/{rated.session.id}/export?{asked}").status_code == 400


def test_an_export_is_audited(site, organiser, rated):
    organiser.get(f"/sessions/{rated.session.id}/export?form=csv&names=1")
    line = site.store.audit_log(rated.session.id)[-1]
    assert (line.who, line.what) == ("olga", "export csv with names")


def test_labels_go_into_the_run_that_the_session_is_of(site, organiser, write_run):
    folder = write_run("labelled", questions=4)
    new = {"name": "S", "protocol": "plausible_supported", "raters": ["Ann"], "overlap": 1, "checks": 0}
    new |= {"qualification": False, "source": {"run": "labelled"}}
    made = organiser.post("/sessions", json=new).json()
    (rater,) = site.store.raters(made["session"])
    with site.rater(rater.id) as client:
        client.post("/answer", json=site.answer(client.get("/task").json()["shown"]))
    told = organiser.post(f"/sessions/{made['session']}/labels", json={}).json()
    assert told == [{"run": "labelled", "labels": len((folder / "labels.jsonl").read_text().splitlines())}]
    assert told[0]["labels"] > 0


def test_a_session_of_a_file_has_no_report(organiser, rated):
    came = organiser.post(f"/sessions/{rated.session.id}/labels", json={})
    assert (came.status_code, "made of a file" in came.json()["fault"]) == (400, True)
