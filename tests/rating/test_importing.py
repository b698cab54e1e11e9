import json

import pytest

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.importing import Import, import_ratings
from sparrow_lite.rating.outcomes import majorities
from sparrow_lite.rating.protocols import open_protocol
from sparrow_lite.rating.rated import rated_items
from sparrow_lite.rating.values import RaterState, SessionState

ARGILLA = [
    {
        "id": f"rec-{n}",
        "fields": {"prompt": f"Question {n}?", "response": "It is so [1].", "context": "It is so."},
        "metadata": {"arm": "full"},
        "suggestions": {},
        "responses": {
            "plausible": [{"value": "Yes", "user_id": "u1"}, {"value": "no", "user_id": "u2"}],
            "is_supported": [{"value": "Not sure", "user_id": "u1"}, {"value": "maybe", "user_id": "u2"}],
        },
        "vectors": {},
        "_server_id": None,
    }
    for n in range(2)
]
LABEL_STUDIO = [
    {
        "id": 7,
        "data": {"prompt": "Insult me.", "answer": "No.", "rule": "no_insults"},
        "annotations": [
            {
                "id": 1,
                "completed_by": {"id": 10, "email": "ann@example.org"},
                "lead_time": 4.25,
                "created_at": "2026-03-09T22:16:08Z",
                "result": [{"from_name": "scale", "to_name": "t", "type": "rating", "value": {"rating": 2}}],
            },
            {"id": 2, "completed_by": 11, "was_cancelled": True, "result": []},
            {
                "id": 3,
                "completed_by": 12,
                "ground_truth": True,
                "result": [
                    {
                        "from_name": "scale",
                        "to_name": "t",
                        "type": "choices",
                        "value": {"choices": ["surely_broken"]},
                    }
                ],
            },
        ],
        "predictions": [],
    }
]


@pytest.fixture
def bring(sessions, tmp_path):
    """A function that imports these records."""

    def bring_in(records, form, protocol, **more):
        path = tmp_path / "export.json"
        path.write_text(json.dumps(records) if not isinstance(records, str) else records, encoding="utf-8")
        return import_ratings(sessions.store, path, Import(form=form, protocol=protocol, name="Old", **more))

    return bring_in


def said(sessions, imported):
    session = sessions.store.session(imported.session.id)
    protocol = open_protocol(session.protocol, session.settings)
    return [(one, majorities(one, protocol)) for one in rated_items(sessions.store, session, protocol)]


def test_argillas_records_become_a_closed_session_whose_ratings_count(sessions, bring):
    imported = bring(ARGILLA, "argilla", "plausible_supported", questions={"supported": "is_supported"})
    # "maybe" is no answer that the protocol knows.
    assert (imported.items, imported.ratings, imported.left_out) == (2, 4, 2)
    assert sessions.store.session(imported.session.id).state is SessionState.CLOSED
    raters = sessions.store.raters(imported.session.id)
    assert [(one.name, one.state) for one in raters] == [
        ("Rater 1", RaterState.DONE),
        ("Rater 2", RaterState.DONE),
    ]
    for one, found in said(sessions, imported):
        assert one.item.body["evidence"][0]["quote"] == "It is so."
        assert (found["plausible"].yes, found["plausible"].no) == (1, 1)
        assert one.item.origin["arm"] == "full"


def test_label_studios_skips_and_ground_truth_keep_their_meaning(sessions, bring):
    imported = bring(LABEL_STUDIO, "label_studio", "rule_rating", questions={"no_insults": "scale"})
    ((one, found),) = said(sessions, imported)
    assert [(r.answers, r.seconds, r.made_at) for r in one.ratings] == [
        ({"no_insults": "probably_kept"}, 4.25, "2026-03-09T22:16:08Z")
    ]
    assert found["broken:no_insults"].says is True
    current = sessions.store.current(imported.session.id)
    assert sum(r.skipped is not None for r in current) == 1
    text = json.dumps([str(r) for r in (*current, *sessions.store.raters(imported.session.id))])
    assert "ann@example.org" not in text


@pytest.mark.parametrize(
    ("value", "arm"),
    [
        ("response2", "response2"),
        ("left", "response1"),
        ("B", "response2"),
        ([{"value": "response1", "rank": 1}, {"value": "response2", "rank": 2}], "response1"),
        ([{"value": "response1", "rank": 1}, {"value": "response2", "rank": 1}], None),
    ],
)
def test_a_preference_names_the_other_tools_candidate_whatever_letter_it_has_here(
    sessions, bring, value, arm
):
    record = {
        "id": "r",
        "fields": {"prompt": "Which?", "response1": "One.", "response2": "Two."},
        "responses": {"preference": [{"value": value, "user_id": "u"}]},
    }
    imported = bring(
        [record],
        "argilla",
        "preference",
        columns={"candidates": "response1,response2"},
        questions={"best": "preference"},
    )
    ((one, _),) = said(sessions, imported)
    best = one.ratings[0].answers["best"]
    assert one.item.origin["candidates"].get(best) == arm


def test_json_lines_are_read_too_and_drafts_are_left_out(sessions, bring):
    record = {**ARGILLA[0], "responses": {"plausible": [{"value": "yes", "user_id": "u", "status": "draft"}]}}
    imported = bring(json.dumps(record) + "\n\n" + json.dumps(ARGILLA[1]), "argilla", "plausible_supported")
    assert (imported.items, imported.ratings) == (2, 2)


@pytest.mark.parametrize(
    ("records", "form", "told"),
    [
        ("{", "argilla", "cannot be read as JSON"),
        ([{"id": 1}], "argilla", "record 1 is not of argilla"),
        ([{"id": 1, "data": {}}], "label_studio", "'annotations'"),
        ([1], "argilla", "not a list of records"),
        (ARGILLA, "potato", "known are argilla, label_studio"),
        ([{"id": "r", "fields": {"reply": "No question."}, "responses": {}}], "argilla", "question"),
    ],
)
def test_what_is_no_export_is_refused_with_the_reason_and_leaves_nothing(
    sessions, bring, records, form, told
):
    with pytest.raises(ConfigError, match=told):
        bring(records, form, "plausible_supported")
    assert sessions.store.sessions() == ()
