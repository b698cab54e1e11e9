import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from sparrow_lite.errors import ConfigError, StoreError
from sparrow_lite.rating.secret import FILE, read_secret


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path):
    folder = tmp_path / "data"
    first = read_secret(folder)
    assert len(first) >= 32
    assert read_secret(folder) == first
    assert (folder / FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == [FILE]
    assert read_secret(tmp_path / "other") != first


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path):
    first = read_secret(tmp_path)
    (tmp_path / FILE).chmod(0o644)
    assert read_secret(tmp_path) == first
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def test_processes_and_threads_that_start_at_once_agree(tmp_path):
    script = (
        "import sys; from pathlib import Path; from sparrow_lite.rating.secret import read_secret; "
        "sys.stdout.write(read_secret(Path(sys.argv[1])).decode())"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(3)]
    with ThreadPoolExecutor(8) as pool:
        found = {read.decode() for read in pool.map(read_secret, [tmp_path] * 8)}
    found |= {one.communicate()[0].decode() for one in started}
    assert len(found) == 1
    assert all(one.returncode == 0 for one in started)


def test_a_given_secret_is_taken_and_no_file_is_made(tmp_path):
    assert read_secret(tmp_path / "data", "x" * 32) == b"x" * 32
    assert not (tmp_path / "data").exists()


def test_a_short_secret_is_refused_wherever_it_comes_from(tmp_path):
    with pytest.raises(ConfigError, match="at least 32"):
        read_secret(tmp_path, "short")
    (tmp_path / FILE).write_text("short")
    with pytest.raises(StoreError, match="holds no secret"):
        read_secret(tmp_path)


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be read or made"):
        read_secret(tmp_path / "file" / "data")
