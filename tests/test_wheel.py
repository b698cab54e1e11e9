"""The wheel: built from this checkout, unpacked elsewhere, used from any folder."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_carries_prompts_suites_starter_articles_and_the_page(unpacked):
    package = unpacked / "sparrow_lite"
    assert (package / "prompts_data" / "rules.yaml").is_file()
    assert (package / "evals_data").is_dir()
    assert len(list((package / "search" / "starter").glob("*.md"))) >= 115
    assert (package / "ui" / "assets" / "page.css").is_file()
    assert "Apache" in next(unpacked.glob("*.dist-info/licenses/LICENSE")).read_text()


def test_the_wheel_answers_from_any_folder(unpacked, tmp_path):
    done = subprocess.run(
        [
            sys.executable,
            "-P",
            "-m",
            "sparrow_lite",
            "ask",
            "How tall is Mount Everest?",
            "--json",
            "--search",
            "starter",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "8,849" in json.loads(done.stdout)["answer"]


def test_the_wheel_declares_its_command(unpacked):
    points = next(unpacked.glob("*.dist-info/entry_points.txt")).read_text()
    assert "sparrow-lite = sparrow_lite.cli:main" in points
