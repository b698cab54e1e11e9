"""What `sparrow-lite eval export` does: a run's cases in the forms that other tools read."""

from pathlib import Path

from sparrow_lite.harness.results import Run


def export_run(folder: Path, form: str, *, judge: str | None, out: Path) -> str:
    """Write the run's cases into `out`; return what was written, in a few words.

    Args:
        folder: Of the run.
        form: `jsonl`, `parquet` or `inspect`.
        judge: Whose grades; None for the run's first judges.
        out: The file; for `inspect` the folder of the logs.

    Raises:
        ConfigError: When a package is missing, or the judges have not judged the run.
        StoreError: When the run cannot be read or the file cannot be written.
    """
    run = Run.open(folder)
    if form == "inspect":
        from sparrow_lite.harness.interop.inspect_log import write_inspect_log

        logs = write_inspect_log(run, out, judge)
        return f"{len(logs)} logs in {out}. Open them with: inspect view --log-dir {out}"
    from sparrow_lite.harness.interop.export import export_jsonl, export_parquet

    export = export_parquet if form == "parquet" else export_jsonl
    return f"{export(run, out, judge)} cases in {out}"
