"""Run the benchmarks: `python -m benchmarks [NAME ...] [--scale S]`, or `make bench`.

A benchmark is a module in this folder with `measure(scale: float) -> Comparison`: adding the file is enough.
Scale 1.0 is the size that the project states its figures for; SPARROW_LITE_BENCH_SCALE sets it too, and 0.02
is quick.
"""

import argparse
import importlib
import os
import pkgutil
from pathlib import Path
from types import ModuleType

from benchmarks.comparison import print_comparison


def main() -> None:
    found = _benchmarks()
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(found)}; all by default")
    default = os.environ.get("SPARROW_LITE_BENCH_SCALE", "1.0")
    parser.add_argument("--scale", type=float, default=default, help="share of the full size")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.names if name not in found]
    if unknown:
        parser.error(f"no benchmark {unknown[0]!r}: there are {', '.join(found)}")
    for name in arguments.names or found:
        print_comparison(found[name].measure(arguments.scale))


def _benchmarks() -> dict[str, ModuleType]:
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    modules = {name: importlib.import_module(f"benchmarks.{name}") for name in names if name != "__main__"}
    return {name: module for name, module in modules.items() if hasattr(module, "measure")}


# Contestants are measured in processes of their own, which import this file again.
if __name__ == "__main__":
    main()
