"""HTML for the page, from templates in `assets/` that clean and escape every value.

The result is set as a `gr.HTML` value, which Gradio puts into the page as it is, so escaping here is the
border. Values never reach `html_template`: Gradio compiles that as code.
"""

from collections.abc import Sequence
from functools import cached_property
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from sparrow_lite.conversations import Conversation, ConversationLine
from sparrow_lite.export import plain_text
from sparrow_lite.ui.shown import Shown
from sparrow_lite.ui.steps import Step, label_search, show_outcome

EXAMPLES = (
    "Why is the sky blue?",
    "What caused the French Revolution?",
    "How do vaccines work?",
    "Why do we have seasons?",
)


class Markup:
    """Fills the templates."""

    @cached_property
    def _templates(self) -> Environment:
        return templates()

    def sidebar(self, lines: Sequence[ConversationLine], *, current: str | None, user: str | None) -> str:
        """Return the list of conversations; `user` is None when nobody logs in."""
        return self._fill("sidebar.html", lines=lines, current=current, user=user)

    def dialogue(self, conversation: Conversation | None, shown: Sequence[Shown]) -> str:
        """Return the dialogue, or the empty state when there is no conversation."""
        if conversation is None:
            return self._fill("empty.html", examples=EXAMPLES)
        return self._fill(
            "dialogue.html",
            conversation=conversation,
            exchanges=shown,
            words=show_outcome,
            label=label_search,
        )

    def live(self, steps: Sequence[Step]) -> str:
        """Return the progress of the running turn; empty when none runs."""
        return self._fill("live.html", steps=steps)

    def composer(self, models: Sequence[str], searches: Sequence[str]) -> str:
        """Return the composer with its pickers."""
        labelled = [(name, label_search(name)) for name in searches]
        return self._fill("composer.html", models=models, searches=labelled)

    def shell(self) -> str:
        """Return the parts that never change: the source panel, the question box, the notice."""
        return self._fill("shell.html")

    def _fill(self, name: str, **values: object) -> str:
        return self._templates.get_template(name).render(values)


def templates() -> Environment:
    """Return the templates of `assets/`; each value that they set is cleaned and escaped."""
    return Environment(
        loader=PackageLoader("sparrow_lite.ui", "assets"),
        autoescape=True,
        finalize=_clean,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _clean(value: object) -> object:
    """Take control and direction characters out of what is set; markup of ours stays as it is."""
    return plain_text(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def read_asset(name: str) -> str:
    """Return the text of a style sheet or script of the page."""
    return files("sparrow_lite.ui").joinpath("assets", name).read_text(encoding="utf-8")
