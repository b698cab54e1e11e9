"""The page as Gradio Blocks: five HTML components, and the events that tie them to `actions.py`.

The script of `assets/` sends every event through one component, the bridge; the values of the others are
HTML of ours. No value ever enters `html_template`, which Gradio compiles as code.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Any

from sparrow_lite.errors import SparrowError
from sparrow_lite.ui.actions import Actions, Screen
from sparrow_lite.ui.markup import read_asset
from sparrow_lite.ui.views import Views

if TYPE_CHECKING:
    import gradio as gr

LOCAL_USER = "local"
_PULSE_SECONDS = 20.0
_MOST_EVENTS = 512
STYLES = ("page.css", "side.css", "answer.css", "panel.css", "login.css")
_SCRIPTS = ("panel.js", "box.js", "composer.js", "bridge.js")
_STREAMED = ("ask", "retry", "follow")
_TURNING = ("open", "stop", "delete")
_STAYING = ("rename", "export")

Act = Callable[[str, Any], Screen]


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
        views = Views()
        blocks.load(_loading(actions), **fixed)
        for name in _STREAMED:
            listen = getattr(bridge, name)
            listen(_streaming(actions, getattr(actions, name), views), **fixed)
        for name in (*_TURNING, *_STAYING):
            listen = getattr(bridge, name)
            turned = views if name in _TURNING else None
            listen(_acting(actions, getattr(actions, name), turned), **fixed)
        blocks.unload(_closing(views))
    # Each open page keeps one event, and Gradio's own bound on events, 40, would be a bound on pages.
    blocks.max_threads = _MOST_EVENTS
    blocks.queue(default_concurrency_limit=None)
    return blocks


def _html(name: str, value: str = "") -> "gr.HTML":
    import gradio as gr

    return gr.HTML(value, elem_id=name, js_on_load=None, apply_default_css=False)


def _loading(actions: Actions) -> Callable[..., Any]:
    import anyio
    import gradio as gr

    async def load(request: gr.Request) -> AsyncIterator[Any]:
        sent = {"conversation": request.query_params.get("c")}
        screen = await anyio.to_thread.run_sync(_answer, actions, _user(request), sent, actions.open)
        yield _values(screen, 0)
        # This event never ends, so that its stream stays open: Gradio's client closes a stream with its
        # last event, and loses an event that is sent in that moment.
        while True:
            await anyio.sleep(_PULSE_SECONDS)
            yield (gr.skip(),) * 4

    return load


def _acting(actions: Actions, act: Act, turned: Views | None) -> Callable[..., Any]:
    import gradio as gr

    def handle(event: gr.EventData, request: gr.Request) -> Any:
        sent, ticket = _sent(event)
        if turned is not None:
            turned.turn(str(request.session_hash), ticket)
        return _values(_answer(actions, _user(request), sent, act), ticket)

    return handle


def _streaming(
    actions: Actions, act: Callable[[str, Any], Iterator[Screen]], views: Views
) -> Callable[..., Any]:
    import gradio as gr

    def handle(event: gr.EventData, request: gr.Request) -> Iterator[Any]:
        (sent, ticket), page = _sent(event), str(request.session_hash)
        user = _user(request)
        views.turn(page, ticket)
        try:
            for screen in act(user, sent):
                if not views.holds(page, ticket):
                    return
                yield _values(screen, ticket)
        except SparrowError as error:
            yield _values(actions.refuse(user, error), ticket)

    return handle


def _closing(views: Views) -> Callable[..., None]:
    import gradio as gr

    def close(request: gr.Request) -> None:
        views.forget(str(request.session_hash))

    return close


def _answer(actions: Actions, user: str, sent: dict[str, Any], act: Act) -> Screen:
    try:
        return act(user, sent)
    except SparrowError as error:
        return actions.refuse(user, error)


def _user(request: Any) -> str:
    return request.username or LOCAL_USER


def _sent(event: Any) -> tuple[dict[str, Any], int]:
    """What the page sent, and the number it gave it."""
    sent = event._data if isinstance(event._data, dict) else {}
    ticket = sent.get("ticket")
    return sent, ticket if isinstance(ticket, int) else 0


def _values(screen: Screen, ticket: int) -> tuple[Any, ...]:
    import gradio as gr

    parts = (screen.sidebar, screen.dialogue, screen.live, {**screen.state, "ticket": ticket})
    return tuple(gr.skip() if part is None else part for part in parts)
