"""What a reader would not see is dropped; what he would see stays."""

import pytest
from lxml.html import document_fromstring

from sparrow_lite.pages.hidden import drop_hidden


def seen(html: str) -> str:
    tree = document_fromstring(f"<html><body><p>before</p>{html}<p>after</p></body></html>")
    drop_hidden(tree)
    text = " ".join(" ".join(tree.itertext()).split())
    assert text.startswith("before")
    assert text.endswith("after")
    return text


HIDDEN_STYLES = [
    "display:none",
    "DISPLAY : None !important",
    "color:red;display:none;",
    "visibility:hidden",
    "visibility:collapse",
    "content-visibility:hidden",
    "opacity:0",
    "opacity: 0.0",
    "opacity:.05",
    "opacity:1%",
    "font-size:0",
    "font-size: 0px",
    "font-size:1px",
    "font-size:0.05em",
    "font:0/0 serif",
    "position:absolute;left:-9999px",
    "position:fixed; top: -1000px",
    "margin-left:-99em",
    "text-indent:-9999px",
    "width:0;overflow:hidden",
    "height:1px;width:1px;overflow:hidden",
    "max-height:0;overflow:hidden",
    "clip:rect(0,0,0,0)",
    "clip: rect(0 0 0 0)",
    "clip:rect(1px, 1px, 1px, 1px)",
    "clip-path:inset(100%)",
    "clip-path: inset(50%)",
    "transform:scale(0)",
    "transform: translateX(-9999px)",
    "transform:translate( -5000px , 0 )",
    "color:white",
    "color:#FFF",
    "color: #ffffff",
    "color:rgb(255, 255, 255)",
    "color:transparent",
    "color:rgba(0,0,0,0)",
    "color:#00000000",
    "color:#123;background:#123",
    "color:black;background-color:black",
]
SEEN_STYLES = [
    "",
    "color:red",
    "display:block",
    "opacity:1",
    "opacity:0.9",
    "font-size:12px",
    "font-size:0.8em",
    "font:12px/1.5 serif",
    "visibility:visible",
    "position:absolute;left:20px",
    "margin-left:-10px",
    "width:0",
    "height:100px;overflow:hidden",
    "color:white;background:#003",
    "color:rgba(0,0,0,0.8)",
    "color:black",
    "transform:scale(1.5)",
    "transform:scale(0.5)",
    "nonsense",
    "display:",
    ":none",
]


@pytest.mark.parametrize("style", HIDDEN_STYLES)
def test_text_is_dropped_that_its_style_hides(style: str) -> None:
    assert seen(f'<div style="{style}"><b>secret</b></div>between') == "before between after"


@pytest.mark.parametrize("style", SEEN_STYLES)
def test_text_is_kept_that_its_style_shows(style: str) -> None:
    assert seen(f'<div style="{style}">shown</div>') == "before shown after"


@pytest.mark.parametrize(
    "html",
    [
        "<p hidden>secret</p>",
        '<p hidden="until-found">secret</p>',
        '<p aria-hidden="true">secret</p>',
        "<noscript>secret</noscript>",
        "<template><p>secret</p></template>",
        "<script>secret</script>",
        "<style>secret</style>",
        "<svg><text>secret</text></svg>",
        "<iframe>secret</iframe>",
        "<textarea>secret</textarea>",
        "<select><option>secret</option></select>",
        "<button>secret</button>",
        "<dialog>secret</dialog>",
        "<object>secret</object>",
        "<video>secret</video>",
        '<font color="white">secret</font>',
        '<table bgcolor="#ffffff"><tr><td><font color="#FFFFFF">secret</font></td></tr></table>',
        '<div style="background:#000"><span style="color:#000">secret</span></div>',
        '<div style="display:none"><div style="display:block">secret</div></div>',
    ],
)
def test_text_is_dropped_that_its_element_hides(html: str) -> None:
    assert "secret" not in seen(html)


@pytest.mark.parametrize(
    "html",
    [
        '<p aria-hidden="false">shown</p>',
        '<div style="background:#000"><span style="color:#fff">shown</span></div>',
        '<table bgcolor="navy"><tr><td><font color="white">shown</font></td></tr></table>',
        "<embed src=x><p>shown</p>",
        "<details><summary>shown</summary></details>",
        "<form>shown</form>",
    ],
)
def test_text_is_kept_that_its_element_shows(html: str) -> None:
    assert "shown" in seen(html)


@pytest.mark.parametrize(
    ("sheet", "hidden"),
    [
        (".x{display:none}", True),
        ("#y { visibility : hidden }", True),
        ("p.x{opacity:0}", True),
        ("h1, .x , h2 {left:-9999px}", True),
        ("/* a } b */ .x{display:none}", True),
        ("@media print{.z{color:red}} .x{display:none}", True),
        ("@charset 'utf-8'; @import url(x.css);\n.x{display:none}", True),
        ("@media print{.x{display:none}}", False),
        ("@supports (a:b){@media print{.x{display:none}}}", False),
        (".menu .x{display:none}", False),
        ("div.x{display:none}", False),
        ("p{display:none}", False),
        (".other{display:none}", False),
        (".x{color:red}", False),
        (".x{display:none", False),
        ("}}}{{{", False),
    ],
)
def test_the_plain_rules_of_the_page_itself_count(sheet: str, hidden: bool) -> None:
    text = seen(f'<style>{sheet}</style><p class="w x" id="y">marked</p>')
    assert ("marked" not in text) is hidden


def test_the_page_itself_is_never_dropped() -> None:
    tree = document_fromstring('<html style="opacity:0"><body hidden><p>shown</p></body></html>')
    drop_hidden(tree)
    assert tree.text_content() == "shown"
