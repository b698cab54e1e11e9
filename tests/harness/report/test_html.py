import re
from pathlib import Path
from typing import Any

import pytest

from sparrow_lite.errors import StoreError
from sparrow_lite.harness.report.html import write_html

Reported = Any


def test_hostile_text_never_stands_in_the_file_as_markup(reported: Reported) -> None:
    assert "<img" not in reported.html
    assert len(re.findall(r"<script", reported.html)) == reported.html.count("</script>")


def test_the_policy_names_the_only_script_and_style(reported: Reported) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', reported.html).group(1)
    assert policy.startswith("default-src &#39;none&#39;; script-src &#39;sha256-")
    assert "unsafe" not in policy
    assert " style=" not in reported.html
    assert re.findall(r'(?:src|href)="(?!#|https://arxiv)[^"]*"', reported.html) == []


def test_the_same_run_gives_the_same_report(reported: Reported, tmp_path: Path) -> None:
    # Its title is the folder's name, so it is written where the first one lies.
    again = tmp_path / "again.html"
    write_html(reported.run, reported.figures, again)
    assert again.read_bytes() == reported.path.read_bytes()


def test_a_report_that_cannot_be_written_leaves_nothing_behind(reported: Reported, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(StoreError, match="cannot be written"):
        write_html(reported.run, reported.figures, tmp_path / "taken")
    assert list(tmp_path.glob("*.part")) == []
