import os
from pathlib import Path

import docx
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from sparrow_lite.attempts import FetchReason
from sparrow_lite.errors import FetchError
from sparrow_lite.search.corpus import documents
from sparrow_lite.search.corpus.documents import list_files, read_document

HTML = """<html><head><title>Otters</title><script>alert(1)</script></head><body><nav>Home</nav><article>
<h1>Otters</h1><p>Otters sleep on their backs in rafts, holding hands so that they do not drift apart.</p>
<p>They eat a quarter of their weight every day, mostly crabs, clams and sea urchins from the kelp.</p>
</article></body></html>"""


def write_pdf(path: Path, lines: list[str], title: str | None = None) -> None:
    canvas = Canvas(str(path), pagesize=A4)
    if title:
        canvas.setTitle(title)
    for number, line in enumerate(lines):
        canvas.drawString(72, 780 - 14 * number, line)
    canvas.save()


def write_docx(path: Path) -> None:
    document = docx.Document()
    document.add_heading("Beavers", level=1)
    document.add_paragraph("Beavers build dams.")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text = "Weight"
    table.rows[0].cells[1].text = "20 kg"
    document.save(str(path))


@pytest.mark.parametrize(
    ("source", "title", "text"),
    [
        ("# Bees\n\nBees *dance* to [tell](http://x) more.\n", "Bees", "Bees dance to tell more."),
        ("---\ntitle: 'Ants'\n---\nThey march.\n", "Ants", "They march."),
        ("No heading\nbut two lines.\n", "file", "No heading but two lines."),
        ("# Bees\n\n## Food\n\n- nectar\n- pollen\n", "Bees", "Food\nnectar\npollen"),
        ("# A `code` title\n\n```\nx = 1\n```\n", "A code title", "x = 1"),
        ("# T\n\n| a | b |\n|---|---|\n| 1 | 2 |\n", "T", "a | b\n1 | 2"),
        ("# T\n\n![a picture](x.png) seen\n", "T", "seen"),
        ("\ufeff# Marked\n\ncafé\n", "Marked", "café"),
    ],
)
def test_markdown_loses_its_markup_and_gives_its_title(
    tmp_path: Path, source: str, title: str, text: str
) -> None:
    path = tmp_path / "file.md"
    path.write_text(source, encoding="utf-8")
    document = read_document(path)
    assert (document.title, document.text) == (title, text)


WRAPPED = (
    "The river rises in the hills of the north and runs for nine hundred\n"
    "kilometres to the sea. Its water is used by three coun-\n"
    "tries for drinking and for fields.\n"
)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (WRAPPED, None),
        ("- milk\n- bread\n- eggs\n", "- milk\n- bread\n- eggs"),
        ("One.\r\n\r\nTwo.\r\n", "One.\nTwo."),
        ("x" * 300 + "\n" + "y" * 290, "x" * 300 + "\n" + "y" * 290),
    ],
)
def test_wrapped_lines_are_joined_and_others_are_not(tmp_path: Path, source: str, text: str | None) -> None:
    path = tmp_path / "river.txt"
    path.write_text(source, encoding="utf-8", newline="")
    document = read_document(path)
    assert document.title == "river"
    if text is not None:
        assert document.text == text
    else:
        assert "hundred kilometres" in document.text
        assert "three countries for" in document.text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Zürich".encode("cp1252"), "Zürich"),
        ("Zürich".encode("utf-16"), "Zürich"),
        ("Zürich — 東京".encode(), "Zürich — 東京"),
    ],
)
def test_text_of_any_usual_encoding_is_read(tmp_path: Path, raw: bytes, text: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(raw)
    assert read_document(path).text == text


def test_html_gives_its_main_text_and_title(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(HTML, encoding="utf-8")
    document = read_document(path)
    assert document.title == "Otters"
    assert "holding hands" in document.text
    assert "alert" not in document.text


@pytest.mark.parametrize(
    ("stated", "title"),
    [("On Seals", "On Seals"), (None, "seals"), ("untitled 1", "seals"), ("x.dvi", "seals")],
)
def test_a_pdf_gives_its_text_and_a_title_worth_showing(
    tmp_path: Path, stated: str | None, title: str
) -> None:
    path = tmp_path / "seals.pdf"
    write_pdf(path, ["Seals can hold their breath for two hours."], stated)
    document = read_document(path)
    assert document.title == title
    assert "hold their breath" in document.text


def test_a_word_file_gives_paragraphs_and_tables_in_order(tmp_path: Path) -> None:
    path = tmp_path / "b.docx"
    write_docx(path)
    document = read_document(path)
    assert document.title == "Beavers"
    assert document.text == "Beavers build dams.\nWeight | 20 kg"


@pytest.mark.parametrize(
    ("name", "raw", "reason"),
    [
        ("broken.pdf", b"%PDF-1.7 and nothing more", FetchReason.NO_TEXT),
        ("empty.pdf", b"", FetchReason.NO_TEXT),
        ("broken.docx", b"PK\x03\x04 no archive", FetchReason.NO_TEXT),
        ("other.docx", b"plain text", FetchReason.NO_TEXT),
        ("empty.md", b"", FetchReason.NO_TEXT),
        ("blank.txt", b" \n \n", FetchReason.NO_TEXT),
        ("title-only.md", b"# Only a title\n", FetchReason.NO_TEXT),
        ("empty.html", b"<html></html>", FetchReason.NO_TEXT),
        ("binary.txt", b"MZ\x90\x00\x03\x00", FetchReason.CONTENT_TYPE),
        ("half.txt", b"\xff\xfea", FetchReason.NO_TEXT),
        ("picture.png", b"\x89PNG", FetchReason.CONTENT_TYPE),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    tmp_path: Path, name: str, raw: bytes, reason: FetchReason
) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(FetchError, match=name) as caught:
        read_document(path)
    assert caught.value.reason is reason


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match=r"gone\.md cannot be opened: No such file"):
        read_document(tmp_path / "gone.md")


def test_a_locked_pdf_is_a_failure_and_no_crash(tmp_path: Path) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    path = tmp_path / "locked.pdf"
    canvas = Canvas(str(path), encrypt=StandardEncryption("secret", strength=40))
    canvas.drawString(72, 700, "hidden")
    canvas.save()
    with pytest.raises(FetchError, match="locked"):
        read_document(path)


def test_a_word_file_that_unpacks_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bomb.docx"
    write_docx(path)
    monkeypatch.setattr(documents, "_MAX_UNPACKED_BYTES", 1000)
    with pytest.raises(FetchError, match="unpacks to more than") as caught:
        read_document(path)
    assert caught.value.reason is FetchReason.TOO_LARGE


def test_the_walk_lists_readable_files_by_their_path(tmp_path: Path) -> None:
    for name in ("b.md", "a.TXT", "sub/c.pdf", ".hidden.md", ".git/d.md", "e.png", "sub/.f.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    stamps, skipped = list_files(tmp_path)
    assert list(stamps) == ["a.TXT", "b.md", "sub/c.pdf"]
    assert stamps["b.md"].size == 1
    assert skipped == ()


def test_links_out_of_the_folder_and_broken_ones_are_reported_not_followed(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret.md").write_text("secret")
    (inside / "own.md").write_text("own")
    (inside / "out.md").symlink_to(outside / "secret.md")
    (inside / "dir").symlink_to(outside)
    (inside / "again.md").symlink_to(inside / "own.md")
    (inside / "broken.md").symlink_to(inside / "nothing.md")
    (inside / "loop.md").symlink_to(inside / "loop.md")
    stamps, skipped = list_files(inside)
    assert list(stamps) == ["again.md", "own.md"]
    assert {skip.path.name for skip in skipped} == {"out.md", "broken.md", "loop.md"}


def test_files_that_are_too_large_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_FILE_BYTES", 2_000_000)
    with (tmp_path / "big.txt").open("wb") as stream:
        os.truncate(stream.fileno(), 2_000_001)
    stamps, skipped = list_files(tmp_path)
    assert stamps == {}
    assert skipped[0].reason == "it is larger than 2 MB"
