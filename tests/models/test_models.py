from importlib.metadata import EntryPoint
from typing import Any

import pytest

from sparrow_lite import models
from sparrow_lite.errors import ConfigError
from sparrow_lite.models import open_model
from sparrow_lite.models.base import DialogueModel
from sparrow_lite.models.scripted import ScriptedModel
from sparrow_lite.options import ModelOptions


def open_parrot(name: str, options: ModelOptions) -> DialogueModel:
    return ScriptedModel(lambda request: request.instruction, name=name)


@pytest.fixture
def parrot(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package that adds the prefix `parrot`."""
    entry = EntryPoint(name="parrot", value="parrots:open_parrot", group=models.ENTRY_POINTS)
    monkeypatch.setattr(EntryPoint, "load", lambda self: open_parrot)

    def entry_points(*, group: str, name: str | None = None) -> list[Any]:
        return [entry] if group == models.ENTRY_POINTS and name in {None, "parrot"} else []

    monkeypatch.setattr(models, "entry_points", entry_points)


@pytest.mark.parametrize("name", ["", "gpt", "hf", "hf:", "nobody:model", ":model"])
def test_an_unknown_name_lists_the_known_ones(name: str, parrot: None) -> None:
    with pytest.raises(ConfigError) as caught:
        open_model(name, ModelOptions())
    for known in ("embedded", "hf:", "scripted:", "http://", "openai:", "anthropic:", "ollama:", "parrot:"):
        assert known in str(caught.value)


def test_another_package_may_add_a_prefix(parrot: None) -> None:
    assert open_model("parrot:grey", ModelOptions()).name == "parrot:grey"


def test_the_embedded_model_is_opened_by_its_name() -> None:
    assert open_model("embedded", ModelOptions()).default_candidates == 1
