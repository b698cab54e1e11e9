"""What `sparrow-lite eval check` does: probes that also stand in training data are found and named."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sparrow_lite.harness.contamination import find_contaminated, split_trained, training_texts
from sparrow_lite.harness.suites import open_suite


def check_suites(suites: Sequence[str], against: Sequence[Path], *, weights: Path | None) -> Iterator[str]:
    """Yield one line for each probe that stands in training data.

    Args:
        suites: By name.
        against: Folders and files of training data; none for what the judges' weights were trained on, of
            which they keep hashes.
        weights: Folder of the user's own weights; None for the shipped ones.

    Raises:
        ConfigError: For a suite that nobody knows, or a file that cannot be read.
    """
    for name in suites:
        suite = open_suite(name)
        if not against:
            trained = split_trained(suite, own_weights=weights).trained
            yield from (f"{suite.name} {probe}: the judges were trained on it" for probe in trained)
            continue
        for found in find_contaminated(suite, training_texts(against)):
            what = found.probe or "its canary"
            yield f"{suite.name} {what}: {found.overlap.value} in {found.source}: {found.words}"
