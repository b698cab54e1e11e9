"""The house limits that no linter holds: 300 lines a module, 40 a function."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

MODULE_LINES, FUNCTION_LINES = 300, 40


def too_long(folder: Path) -> Iterator[str]:
    """Yield one line for each module or function that is too long."""
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > MODULE_LINES:
            yield f"{path}: {text.count(chr(10))} lines, at most {MODULE_LINES}"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES:
                    yield f"{path}:{node.lineno} {node.name}: {length} lines, at most {FUNCTION_LINES}"


if __name__ == "__main__":
    found = list(too_long(Path("src")))
    print("\n".join(found) or "every module and function is short enough")
    sys.exit(bool(found))
