"""sparrow-lite: dialogue with quoted, checked evidence, judged by rules before it is shown.

The library's front door: `Sparrow` holds a dialogue, `ChatSparrow` is the same as a LangChain chat model.
Both are imported when first used, so that `import sparrow_lite` costs nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sparrow_lite.agent import Sparrow
    from sparrow_lite.chat_sparrow import ChatSparrow

__all__ = ["ChatSparrow", "Sparrow", "__version__"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name == "Sparrow":
        from sparrow_lite.agent import Sparrow

        return Sparrow
    if name == "ChatSparrow":
        from sparrow_lite.chat_sparrow import ChatSparrow

        return ChatSparrow
    raise AttributeError(f"module 'sparrow_lite' has no attribute {name!r}")
