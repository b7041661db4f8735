"""Words in code: whatever a reader sees is a text of texts.csv, in three languages; literal words are found in the syntax of the modules that draw."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

FILES = ("shell", "head", "cards", "comparison", "brief")
DRAWING = [
    *(ROOT / "atlas" / f"{name}.py" for name in FILES),
    *(path for folder in ("atlas/ui", "atlas/figures", "pages") for path in sorted((ROOT / folder).rglob("*.py"))),
]
VALUE = "\0"  # stands for what an f-string fills in
NO_WORDS = re.compile(r"<[^<>]*>?|[^<>]*=\"[^<>]*>|%\{[^}]*\}|:material/\w+:|\\u[0-9a-f]{4}")  # markup, placeholders of Plotly, icons
WORD = re.compile(r"[^\W\d_]{2,}")
# Two words with a space between (what is filled in counts as one), a word that is put beside something, a word with a capital letter.
PROSE = re.compile(r"[^\W\d_]{2,}[,.:;)]* [\w(\0]|[\w)\0][,.:;]* [^\W\d_]{2,}|^ \(?[^\W\d_]{2,}|[^\W\d_]{2,}[:,]? $|\b[A-Z][a-z]+")
SHOWN_KEYWORDS = {"label", "help", "placeholder", "caption", "page_title"}  # of the calls of Streamlit
SHOWN_KEYS = {"name", "text", "title", "hovertemplate", "ticktext", "hovertext"}  # of the dicts of a figure
# Calls whose literals no reader sees: names of what is kept, SQL, what goes to the log or to an editor of the data.
UNSEEN_CALLS = {"read", "once", "kept", "compile", "sub", "astype", "form", "exception"}
UNSEEN_KEYWORDS = {"columns", "key"}
# What is left: literals that look like words and are none, by module and beginning.
EXCEPTIONS = {
    ("atlas/brief.py", '"Source Sans 3"'): "fonts",
    ("atlas/brief.py", "@page {"): "the style sheet",
    ("atlas/brief.py", "default-src"): "what the file may load",
    ("atlas/brief.py", "document.querySelectorAll"): "the script that draws",
    ("atlas/brief.py", "class="): "part of a tag",
    ("atlas/figures/framing.py", "Plex"): "fonts",
    ("atlas/head.py", "Cache-Control"): "a header",
    ("atlas/head.py", "public, max-age"): "the value of a header",
    ("atlas/ui/browser.py", "button {"): "the style of a button",
    ("atlas/ui/browser.py", "async function"): "the script of a button",
    ("atlas/ui/browser.py", "const before"): "the script that prepares a page for print",
    ("atlas/ui/figure_card.py", "Download plot"): "keys of Plotly's dictionary",
    ("atlas/ui/figure_card.py", "… · … …, CC BY 4.0"): "the name of the licence, which is the same in every language",
    ("atlas/ui/sources.py", "source_id, "): "columns of a view",
    ("pages/chip_supply.py", "system semiconductors"): "a code of the data",
    ("pages/consortia.py", "NVIDIA"): "a maker, cut from the name of a chip",
}  # fmt: skip


def unseen(tree: ast.AST) -> set[int]:
    """Literals that no reader sees, by identity: docstrings, errors, __all__, and the arguments of the calls above."""
    roots: list[ast.AST] = []
    for node in ast.walk(tree):
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_listing = isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "__all__" for target in node.targets)
        if is_docstring or is_listing or isinstance(node, ast.Raise | ast.Assert):
            roots.append(node)
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            of = getattr(getattr(node.func, "value", None), "attr", "")
            if name in UNSEEN_CALLS or of == "headers":
                roots += [argument for argument in node.args if not isinstance(argument, ast.Lambda)]
            roots += [keyword.value for keyword in node.keywords if keyword.arg in UNSEEN_KEYWORDS]
    return {id(node) for root in roots for node in ast.walk(root)}


def pieces(node: ast.AST) -> Iterator[ast.AST]:
    """The literals that an expression puts together: itself, the two sides of a sum, both ends of a choice, the members of a list."""
    if isinstance(node, ast.BinOp):
        yield from pieces(node.left)
        yield from pieces(node.right)
    elif isinstance(node, ast.IfExp):
        yield from pieces(node.body)
        yield from pieces(node.orelse)
    elif isinstance(node, ast.List | ast.Tuple):
        for element in node.elts:
            yield from pieces(element)
    elif isinstance(node, ast.Constant | ast.JoinedStr):
        yield node


def shown(tree: ast.AST) -> set[int]:
    """Literals that surely reach the reader, by identity: said by a call of Streamlit, or a text in the dict of a figure."""
    roots: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "st":
            roots += node.args[:1]
            roots += [keyword.value for keyword in node.keywords if keyword.arg in SHOWN_KEYWORDS]
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("note", "Chart"):
            roots += node.args
        elif isinstance(node, ast.Dict):
            roots += [
                value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant) and key.value in SHOWN_KEYS
            ]
    return {id(piece) for root in roots for piece in pieces(root)}


def text_of(node: ast.AST) -> str:
    """The text of a literal, markup and icons taken out; empty where it is none."""
    if isinstance(node, ast.JoinedStr):
        text = "".join(part.value if isinstance(part, ast.Constant) else VALUE for part in node.values)
    else:
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
    return NO_WORDS.sub("", text)


def words_in(code: str) -> list[tuple[int, str]]:
    """Line and text of every literal of a module that holds words for a reader."""
    tree = ast.parse(code)
    hidden, said = unseen(tree), shown(tree)
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}  # judged with the whole
    found = []
    for node in ast.walk(tree):
        if id(node) in hidden or id(node) in inside:
            continue
        text = text_of(node)
        if PROSE.search(text) or (id(node) in said and WORD.search(text)):
            found.append((node.lineno, text.replace(VALUE, "…").strip()))
    return found


def found_in(path: Path) -> list[tuple[str, int, str]]:
    return [(path.relative_to(ROOT).as_posix(), line, text) for line, text in words_in(path.read_text(encoding="utf-8"))]


def test_every_word_that_a_reader_sees_is_a_text():
    assert [
        f"{module} line {line}: {text!r} is to be a text of data/texts.csv"
        for path in DRAWING
        for module, line, text in found_in(path)
        if not any(module == where and text.startswith(beginning) for where, beginning in EXCEPTIONS)
    ] == []


def test_no_exception_is_left_over():
    found = [(module, text) for path in DRAWING for module, _, text in found_in(path)]
    assert [
        (where, beginning)
        for where, beginning in EXCEPTIONS
        if not any(module == where and text.startswith(beginning) for module, text in found)
    ] == []


@pytest.mark.parametrize(
    "line",
    [
        'st.caption("nothing to show")',
        'st.button("close", key="close")',
        'st.selectbox(words("control.tab"), options, placeholder="choose")',
        'st.markdown(f"**{name}** since {year}")',
        'label = f"{value} chips"',
        'hover = words.number(value) + " MW"',
        'message = "Unknown" if value is None else value',
        'trace = {"type": "bar", "name": "others"}',
        'trace = {"hovertemplate": "<b>%{x}</b>, share: %{y}<extra></extra>"}',
        'figure = {"layout": {"xaxis": {"title": "year"}}}',
        'label = note("today", x=1, y=0)',
        'sentence = ", ".join(["first of all", *names])',
        'page.once("cells", lambda: st.caption("nothing to show"))',
    ],
)
def test_a_word_put_into_a_page_is_found(line):
    code = (ROOT / "pages" / "common.py").read_text(encoding="utf-8")
    number = code.count("\n") + 3
    found = {(at, text) for at, text in words_in(f"{code}\n\n{line}\n")} - set(words_in(code))
    assert [at for at, _ in found] == [number]


@pytest.mark.parametrize(
    "line",
    [
        'st.title(words("profile.none"))',
        'st.info(words("empty.card"), icon=":material/search_off:")',
        'page.read("sources", columns="source_id, publisher")',
        'page.once("key figures", make)',
        'raise ValueError("no such tab")',
        'trace = {"type": "scatter", "mode": "lines+markers", "name": plain(label)}',
        'trace = {"hovertemplate": "<b>%{customdata[0]}</b><br>" + plain(unit) + "<extra></extra>"}',
        'key = f"card.{name}.title"',
    ],
)
def test_what_no_reader_sees_is_no_finding(line):
    assert words_in(line) == []
