"""Suites by name: the shipped ones, a folder or a file of one's own, public suites from their files.

Adding a public suite is one file in `public/` with `read(path) -> Suite`, and its name in the dictionary.
"""

from importlib import import_module
from pathlib import Path

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.probe import Suite
from sparrow_lite.harness.suites.folder import read_folder
from sparrow_lite.harness.suites.lines import read_lines
from sparrow_lite.resources import shipped_dir

_PUBLIC = (
    "advbench",
    "ailuminate",
    "bbq",
    "harmbench",
    "nq_open",
    "simpleqa",
    "strongreject",
    "truthfulqa",
    "winogender",
    "xstest",
)


def open_suite(name: str) -> Suite:
    """Return the suite of this name.

    Args:
        name: A shipped one, such as `adversarial`, or one file of it, such as `adversarial/no_threats`; the
            path of a folder with `suite.yaml`, or of a JSON-lines file; `PUBLIC:FILE` for a public suite.

    Raises:
        ConfigError: For a name that nobody knows, or a file that does not hold what it should.
    """
    prefix, _, rest = name.partition(":")
    if prefix in _PUBLIC and rest:
        suite: Suite = import_module(f"{__name__}.public.{prefix}").read(_existing(rest))
        return suite
    path = Path(name)
    if path.is_dir():
        return read_folder(path)
    if path.is_file():
        return read_lines(path)
    shipped = shipped_dir("evals")
    if (shipped / name / "suite.yaml").is_file():
        return read_folder(shipped / name)
    if (shipped / path.parent / "suite.yaml").is_file() and (shipped / f"{name}.jsonl").is_file():
        return read_folder(shipped / path.parent, only=path.name)
    known = [one.parent.name for one in sorted(shipped.glob("*/suite.yaml"))]
    raise ConfigError(
        f"There is no suite {name!r}. Shipped are {', '.join(known)}; or give a folder, a .jsonl file, or "
        f"NAME:FILE with NAME one of {', '.join(_PUBLIC)}."
    )


def _existing(path: str) -> Path:
    if not Path(path).is_file():
        raise ConfigError(f"{path} is not a file: give the suite's file as it was downloaded.")
    return Path(path)
