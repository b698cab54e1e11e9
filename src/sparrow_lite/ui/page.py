"""The page as Gradio Blocks: five HTML components, and the events that tie them to `actions.py`.

The script of `assets/` sends every event through one component, the bridge; the values of the others are
HTML of ours. No value ever enters `html_template`, which Gradio compiles as code.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from sparrow_lite.errors import SparrowError
from sparrow_lite.ui.actions import Actions, Screen
from sparrow_lite.ui.markup import read_asset

if TYPE_CHECKING:
    import gradio as gr

LOCAL_USER = "local"
STYLES = ("page.css", "side.css", "answer.css", "panel.css")
_SCRIPTS = ("panel.js", "box.js", "composer.js", "bridge.js")
_STREAMED = ("ask", "retry", "follow")
_SINGLE = ("open", "stop", "rename", "delete", "export")


def build_blocks(actions: Actions) -> "gr.Blocks":
    """Return the page, ready to be mounted."""
    import gradio as gr

    blocks: gr.Blocks
    with gr.Blocks(title="Sparrow lite", analytics_enabled=False, fill_width=True) as blocks:
        sidebar = _html("sidebar")
        dialogue = _html("dialogue")
        live = _html("live")
        composer = actions.markup.composer(actions.choices.models, actions.choices.searches)
        _html("foot", value=composer)
        _html("shell", value=actions.markup.shell())
        script = "\n".join(read_asset(name) for name in _SCRIPTS)
        bridge = gr.HTML({}, html_template="", js_on_load=script, apply_default_css=False, elem_id="bridge")
        outputs = [sidebar, dialogue, live, bridge]
        fixed: dict[str, Any] = {
            "inputs": None,
            "outputs": outputs,
            "show_progress": "hidden",
            "api_visibility": "private",
            "trigger_mode": "multiple",
            "concurrency_limit": None,
        }
        blocks.load(_loading(actions), **fixed)
        streams = [
            getattr(bridge, name)(_streaming(actions, getattr(actions, name)), **fixed) for name in _STREAMED
        ]
        for name in _SINGLE:
            # What a person turns away from must not go on writing to the page.
            cancels = streams if name in {"open", "stop", "delete"} else None
            act = _acting(actions, getattr(actions, name))
            getattr(bridge, name)(act, cancels=cancels, **fixed)
    return blocks


def _html(name: str, value: str = "") -> "gr.HTML":
    import gradio as gr

    return gr.HTML(value, elem_id=name, js_on_load=None, apply_default_css=False)


def _loading(actions: Actions) -> Callable[..., Any]:
    import gradio as gr

    def load(request: gr.Request) -> Any:
        sent = {"conversation": request.query_params.get("c")}
        return _answer(actions, _user(request), lambda user: actions.open(user, sent))

    return load


def _acting(actions: Actions, act: Callable[[str, Any], Screen]) -> Callable[..., Any]:
    import gradio as gr

    def handle(event: gr.EventData, request: gr.Request) -> Any:
        return _answer(actions, _user(request), lambda user: act(user, _sent(event)))

    return handle


def _streaming(actions: Actions, act: Callable[[str, Any], Iterator[Screen]]) -> Callable[..., Any]:
    import gradio as gr

    def handle(event: gr.EventData, request: gr.Request) -> Iterator[Any]:
        user = _user(request)
        try:
            for screen in act(user, _sent(event)):
                yield _values(screen)
        except SparrowError as error:
            yield _values(actions.refuse(user, error))

    return handle


def _answer(actions: Actions, user: str, act: Callable[[str], Screen]) -> Any:
    try:
        return _values(act(user))
    except SparrowError as error:
        return _values(actions.refuse(user, error))


def _user(request: Any) -> str:
    return request.username or LOCAL_USER


def _sent(event: Any) -> dict[str, Any]:
    return event._data if isinstance(event._data, dict) else {}


def _values(screen: Screen) -> tuple[Any, ...]:
    import gradio as gr

    parts = (screen.sidebar, screen.dialogue, screen.live, dict(screen.state))
    return tuple(gr.skip() if part is None else part for part in parts)
