"""Executors by name: `threads`, `processes`, `ray` (started here) or `ray:ADDRESS` (an existing cluster)."""

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.executors.base import Executor


def open_executor(name: str, *, workers: int) -> Executor:
    """Return the executor of this name.

    Args:
        name: `threads`, `processes`, `ray` or `ray:ADDRESS`.
        workers: How many cases are worked on at once.

    Raises:
        ConfigError: For an unknown name, or when Ray is wanted and not installed.
    """
    kind, _, address = name.partition(":")
    if name == "threads":
        from sparrow_lite.harness.executors.threads import ThreadExecutor

        return ThreadExecutor(workers)
    if name == "processes":
        from sparrow_lite.harness.executors.processes import ProcessExecutor

        return ProcessExecutor(workers)
    if kind == "ray":
        from sparrow_lite.harness.executors.cluster import RayExecutor

        return RayExecutor(workers, address=address or None)
    raise ConfigError(f"There is no executor {name!r}: choose threads, processes, ray or ray:ADDRESS.")
