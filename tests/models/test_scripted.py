import json
from pathlib import Path

import pytest

from sparrow_lite.errors import ConfigError, ModelError
from sparrow_lite.models import open_model
from sparrow_lite.models.base import ModelRequest, Task
from sparrow_lite.models.scripted import ScriptedModel
from sparrow_lite.options import ModelOptions
from sparrow_lite.transcript import Transcript


def _request(task: Task = Task.ANSWER, text: str = "Hello?") -> ModelRequest:
    return ModelRequest(task=task, preamble="", transcript=Transcript().user(text), instruction="Reply.")


def _written(model: ScriptedModel, task: Task = Task.ANSWER) -> str:
    return "".join(model.write(_request(task)))


def test_each_task_has_its_own_script_and_its_own_place_in_it() -> None:
    model = ScriptedModel({Task.ANSWER: ["One two.", "Three."], Task.DECIDE: ["no"]})
    assert _written(model) == "One two."
    assert _written(model, Task.DECIDE) == "no"
    assert _written(model) == "Three."


def test_the_text_arrives_in_pieces() -> None:
    model = ScriptedModel({Task.ANSWER: ["One two\nthree  four."]})
    pieces = list(model.write(_request()))
    assert len(pieces) > 1
    assert "".join(pieces) == "One two\nthree  four."


@pytest.mark.parametrize("task", [Task.ANSWER, Task.JUDGE], ids=["used up", "absent"])
def test_a_script_without_more_to_say_is_a_model_error(task: Task) -> None:
    model = ScriptedModel({Task.ANSWER: ["Once."]})
    _written(model)
    with pytest.raises(ModelError, match=task.value) as caught:
        _written(model, task)
    assert not caught.value.retryable


def test_a_cycled_script_starts_again() -> None:
    model = ScriptedModel({Task.ANSWER: ["a", "b"]}, cycled=True)
    assert [_written(model) for _ in range(3)] == ["a", "b", "a"]


def test_a_function_may_reply_to_the_request() -> None:
    model = ScriptedModel(lambda request: request.transcript.last_user_text.upper())
    assert "".join(model.write(_request(text="loud"))) == "LOUD"


def test_it_remembers_what_it_was_asked() -> None:
    model = ScriptedModel({Task.ANSWER: ["a"]}, cycled=True)
    requests = [_request(text="first"), _request(text="second")]
    for request in requests:
        list(model.write(request))
    assert list(model.requests) == requests


def test_a_script_file_is_reached_by_name_and_cycled(tmp_path: Path) -> None:
    script = tmp_path / "script.jsonl"
    lines = [{"task": "answer", "text": "Yes: [1]."}, {"task": "decide", "text": "no"}]
    script.write_text("\n\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    model = open_model(f"scripted:{script}", ModelOptions())
    assert model.name == f"scripted:{script}"
    assert model.default_candidates == 1
    assert model.revision is None
    for _ in range(2):
        assert "".join(model.write(_request())) == "Yes: [1]."


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        '{"task": "sing", "text": "la"}',
        '{"task": "answer"}',
        "[1]",
        '{"task": "answer", "text": 3}',
    ],
)
def test_a_bad_line_is_named_by_its_number(tmp_path: Path, line: str) -> None:
    script = tmp_path / "script.jsonl"
    script.write_text(f'{{"task": "answer", "text": "fine"}}\n{line}\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"script\.jsonl:2"):
        open_model(f"scripted:{script}", ModelOptions())


def test_a_missing_script_is_a_config_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        open_model(f"scripted:{tmp_path / 'none.jsonl'}", ModelOptions())
