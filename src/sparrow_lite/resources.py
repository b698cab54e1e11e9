"""Where the shipped data lies: `prompts/`, `evals/`, the starter corpus, and the palette of all pages.

In a checkout the folders stand at its root; in an installed wheel they are package data. A folder of the
user's own comes first, file by file.
"""

from pathlib import Path

from sparrow_lite.errors import ConfigError

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parent.parent


def shipped_dir(name: str) -> Path:
    """Return the shipped folder `prompts` or `evals`.

    Raises:
        ConfigError: When the installation lacks it.
    """
    for candidate in (_PACKAGE / f"{name}_data", _CHECKOUT / name):
        if candidate.is_dir():
            return candidate
    raise ConfigError(f"The folder {name!r} is not in this installation: install sparrow-lite again.")


def starter_corpus_dir() -> Path:
    """Return the folder of the starter corpus."""
    return _PACKAGE / "search" / "starter"


def read_palette() -> str:
    """Return the style sheet of colours and type that the app's pages and reports share."""
    return (_PACKAGE / "palette.css").read_text(encoding="utf-8")


def find_file(name: str, *, folder: str, own_dir: Path | None) -> Path:
    """Return the user's own file of this name when there is one, else the shipped one.

    Raises:
        ConfigError: When neither exists, or `own_dir` is not a folder.
    """
    if own_dir is not None and not own_dir.is_dir():
        raise ConfigError(f"{own_dir} is not a folder: give a folder that holds your own {folder}.")
    for directory in (own_dir, shipped_dir(folder)):
        if directory is not None and (directory / name).is_file():
            return directory / name
    raise ConfigError(f"There is no {folder}/{name}: check the name, or install sparrow-lite again.")
