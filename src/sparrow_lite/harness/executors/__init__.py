"""Executors by name: `threads`, `processes`, `ray` (started here) or `ray:ADDRESS` (an existing cluster)."""

from sparrow_lite.errors import ConfigError
from sparrow_lite.harness.executors.base import Executor


def open_executor(name: str, *, workers: int) -> Executor:
    """Return the executor of this name.

    Args:
        name: `threads`, `processes`, `ray` or `ray:ADDRESS`; the latter two with what actors hold, as in
            `ray:auto?judge_gpus=1&worker_cpus=0.1` (see `RayOptions`).
        workers: How many cases are worked on at once.

    Raises:
        ConfigError: For an unknown name or option, or when Ray is wanted and not installed.
    """
    where, _, query = name.partition("?")
    kind, _, address = where.partition(":")
    if name == "threads":
        from sparrow_lite.harness.executors.threads import ThreadExecutor

        return ThreadExecutor(workers)
    if name == "processes":
        from sparrow_lite.harness.executors.processes import ProcessExecutor

        return ProcessExecutor(workers)
    if kind == "ray":
        from sparrow_lite.harness.executors.cluster import RayExecutor, read_options

        return RayExecutor(workers, address=address or None, options=read_options(query))
    raise ConfigError(f"There is no executor {name!r}: choose threads, processes, ray or ray:ADDRESS.")
