"""What the judges were trained on, as hashes that ship beside their weights, and the refusal that follows.

`trained_on.npy` holds the first 8 bytes of the SHA-256 of each normalised text, sorted: no text can be read
back from it, and a look-up takes microseconds. One probe in some 10^14 is taken for trained on by chance.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from sparrow_lite.encoders.weights import open_words
from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.contamination.overlap import pieces, probe_texts
from sparrow_lite.harness.contamination.texts import TrainingText
from sparrow_lite.harness.probe import Probe, Suite

FILE = "trained_on.npy"
# Of one or two words there are too few to tell anything; longer texts are passages, which no probe is.
_LEAST_WORDS, _MOST_WORDS = 3, 120
_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A suite in two parts.

    Attributes:
        clean: The suite of the probes that no judge was trained on.
        trained: Ids of the others, in order.
    """

    clean: Suite
    trained: tuple[str, ...]


def write_trained_on(
    texts: Iterable[TrainingText], folder: Path, *, started_from: Sequence[Path] = ()
) -> int:
    """Write the hashes of the texts beside the weights in `folder`; return how many there are.

    What the file says already stays, since three judges are trained into one folder; and what the folders in
    `started_from` say is taken over, since weights remember what they were trained on before.

    Raises:
        ConfigError: When a file of hashes is damaged, or the new one cannot be written.
    """
    import numpy

    found = {_hash(piece) for one in texts for piece in pieces(one.text) if _is_kept(piece)}
    for before in (folder, *started_from):
        found.update(map(int, _read(before / FILE)))
    try:
        numpy.save(folder / FILE, numpy.array(sorted(found), dtype=numpy.uint64))
    except OSError as error:
        raise ConfigError(f"{folder / FILE} cannot be written: {error.strerror}.") from error
    return len(found)


def split_trained(suite: Suite, *, own_weights: Path | None = None) -> Split:
    """Return the suite without the probes that the judges were trained on, and the ids of those.

    Only whole texts are compared: for runs of words, see `find_contaminated`. Weights of the user's own that
    came without `trained_on.npy` are taken to be trained on nothing of the suite.

    Args:
        suite: The suite.
        own_weights: The user's own folder of weights; None for the shipped ones.

    Raises:
        ConfigError: When the file of hashes is damaged.
    """
    known = _shipped(open_words(own_weights).folder / FILE)
    trained = tuple(probe.id for probe in suite.probes if _is_known(probe, known))
    if not trained:
        return Split(clean=suite, trained=())
    left = tuple(probe for probe in suite.probes if probe.id not in set(trained))
    version = f"{suite.version}-{len(trained)}"
    return Split(clean=replace(suite, probes=left, version=version), trained=trained)


def require_clean(suite: Suite, *, own_weights: Path | None = None) -> None:
    """Refuse a suite of which any probe is in the judges' training data.

    Raises:
        ConfigError: With the number of probes, some of their ids, and the ways out.
    """
    trained = split_trained(suite, own_weights=own_weights).trained
    if trained:
        more = ", ..." if len(trained) > _SHOWN else ""
        raise ConfigError(
            f"{len(trained)} of {len(suite.probes)} probes of {suite.name} are in the training data of the "
            f"judges ({', '.join(trained[:_SHOWN])}{more}), so they measure nothing. Leave them out with "
            "--drop-trained, or ask all the same with --allow-trained, which the report will say."
        )


def _is_known(probe: Probe, known: Any) -> bool:
    return any(_holds(known, _hash(text)) for text in probe_texts(probe) if _is_kept(text))


def _holds(known: Any, value: int) -> bool:
    """Whether the sorted array holds the value, which must be of its own type to be compared exactly."""
    wanted = known.dtype.type(value)
    place = int(known.searchsorted(wanted))
    return place < len(known) and int(known[place]) == value


@lru_cache(maxsize=2)
def _shipped(path: Path) -> Any:
    """Weights do not change while a program runs."""
    return _read(path)


def _read(path: Path) -> Any:
    import numpy

    if not path.is_file():
        return numpy.zeros(0, dtype=numpy.uint64)
    try:
        held = numpy.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ConfigError(f"{path} is damaged: install sparrow-lite again, or train again.") from error
    if held.dtype != numpy.uint64:
        raise ConfigError(f"{path} holds no hashes: install sparrow-lite again, or train again.")
    return held


def _is_kept(piece: str) -> bool:
    return bool(piece) and _LEAST_WORDS <= piece.count(" ") + 1 <= _MOST_WORDS


def _hash(piece: str) -> int:
    return int.from_bytes(hashlib.sha256(piece.encode()).digest()[:8], "big")
