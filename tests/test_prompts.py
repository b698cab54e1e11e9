import pytest

from sparrow_lite.errors import PromptError
from sparrow_lite.prompts import Prompt, read_prompt


@pytest.mark.parametrize("values", [{}, {"name": "Ada", "extra": "x"}, {"other": "x"}])
def test_a_missing_or_extra_field_is_refused_by_name(values):
    with pytest.raises(PromptError, match="name"):
        Prompt(name="greet", text="Hello {name}").fill(**values)


def test_braces_that_are_doubled_are_words():
    assert Prompt(name="form", text='{{"a": "{value}"}}').fill(value="b") == '{"a": "b"}'


def test_the_version_changes_with_the_words_and_only_with_them():
    one, same, other = (
        Prompt(name=name, text=text).version for name, text in [("a", "x"), ("b", "x"), ("a", "y")]
    )
    assert one == same != other
    assert len(one) == 12


def test_a_prompt_of_the_users_own_comes_first(tmp_path):
    (tmp_path / "preamble.md").write_text("Mine.\n")
    assert read_prompt("preamble", own_dir=tmp_path).text == "Mine."
    assert read_prompt("decide", own_dir=tmp_path).fields == {"dialogue"}


@pytest.mark.parametrize("content", [b"\xff\xfe", b"{unclosed", b"{0!x}}"])
def test_a_malformed_prompt_is_refused_when_it_is_read(tmp_path, content):
    (tmp_path / "preamble.md").write_bytes(content)
    with pytest.raises(PromptError, match="preamble"):
        read_prompt("preamble", own_dir=tmp_path)


def test_a_prompt_that_is_nowhere_is_refused():
    with pytest.raises(PromptError, match="no_such"):
        read_prompt("no_such")
