import json

import pytest

from sparrow_lite.errors import ConfigError
from sparrow_lite.rating.sources import read_rows


def test_a_file_gives_its_rows_without_the_canary_and_empty_lines(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"canary": "x"}\n\n{"question": "Why?", "reply": "é"}\n', encoding="utf-8")
    assert list(read_rows(path)) == [{"question": "Why?", "reply": "é"}]


@pytest.mark.parametrize("line", ["not json", "[1]", '"text"', "{"])
def test_a_line_that_is_no_object_is_named(tmp_path, line):
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({"question": "?"}) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="line 2"):
        list(read_rows(path))


def test_a_missing_file_and_bytes_that_are_no_text_are_told(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        list(read_rows(tmp_path / "none.jsonl"))
    binary = tmp_path / "rows.jsonl"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read"):
        list(read_rows(binary))
