"""Every page in a language that does not exist: English with accents, in brackets, two fifths longer. What is cut, too wide or not a text of texts.csv shows itself."""

import csv
import math
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.dates import get_month_names

from atlas import store
from pages import PAGES
from tests.browser.views import views
from tests.conftest import TEXTS, curated
from tests.server import serving

ACCENTED = str.maketrans("AaCcEeGgIiKkLlNnOoRrSsTtUuYyZz", "ÀàÇçÉéĜĝÎîĶķĻļÑñÖöŔŕŠšŢţÛûÝýŽž")
KEPT = re.compile(r"\{[^}]*\}|`[^`]*`|\]\([^)]*\)|https?://\S+")  # placeholders, code, addresses of links
OPEN, CLOSE = "‹", "›"
LONGER = 0.4
SHORT = 2  # letters: a unit such as MW or k is as long in every language
WIDTHS_PX = (1440, 390)
FINDINGS = (Path(__file__).parent / "findings.js").read_text(encoding="utf-8")
BETWEEN = re.compile(rf"[{OPEN}{CLOSE},;:()|→·–\n]|\.(?:\s|$)")  # stands between the things that a text lists
ADDRESS = re.compile(r"https?://\S+")
WORD = re.compile(r"[^\W\d_]{2,}")
PLAIN = re.compile(f"[{''.join(map(chr, ACCENTED))}]")  # a letter that would have an accent in a text of texts.csv
# Texts of Streamlit itself, which no setting translates.
OF_STREAMLIT = {"Choose an option"}
OF_THE_LANGUAGE = {run.strip(".") for width in ("wide", "abbreviated") for run in get_month_names(width, locale="fr").values()}
# What does not fit yet, by kind, beginning of the view with its width, and beginning of the text: an entry that is no longer found must go.
KNOWN = (
    ("outside", "overview-contest 390", "‹ñöţ çhöšéñ"),
    ("overlapping", "overview-money 390", "1,8 Md | 4,9 Md"),
    ("overlapping", "overview-money 390", "152 M | 648 M"),
    ("outside", "consortia-contest 390", "‹ñöţ çhöšéñ"),
    ("overlapping", "consortia-points 390", "‹Ŕöûñd 1: ‹ÑÎÀ béñçhmàŕķ"),
    ("overlapping", "consortia-countries 390", "1,8 Md | 4,9 Md"),
    ("overlapping", "consortia-countries 390", "152 M | 648 M"),
    *(
        ("overlapping", "chip-supply-supply 390", name)
        for name in ("Shin-Etsu Chemical", "Morita Chemical", "Hanwha Semitech", "Amkor Technology")
    ),
    ("overlapping", "self-reliance-sensitivity 390", "1 ‹döwñ"),
    ("overlapping", "self-reliance-sensitivity 390", "6 ‹döwñ"),
    ("overlapping", "what-if-countries 390", "Huawei Ascend 910C"),
    ("overlapping", "what-if-countries 390", "NVIDIA H200 SXM"),
    ("cut", "data-sql 390", "‹Pŕöĝŕàmméš wîţh ţhé ļàŕĝéšţ bûdĝéţš"),
    ("cut", "profile-skt-titan-2025-facts 390", "‹Éàŕļîéŕ šţàţé"),
)


def pseudo(text: str) -> str:
    """A text as the language that does not exist writes it; line by line, so that headings and lists stay what they are."""
    return "\\n".join(_line(line) for line in text.split("\\n"))


def _line(line: str) -> str:
    marks, body = re.match(r"((?:[-#>] ?|\d+\. )*)(.*)", line, re.S).groups()
    bare = KEPT.sub("", body)
    letters = sum(letter.isalpha() for letter in bare)
    kept = [found.group() for found in KEPT.finditer(body)] + [""]
    accented = "".join(part.translate(ACCENTED) + keep for part, keep in zip(KEPT.split(body), kept, strict=True))
    if letters <= SHORT:
        return marks + accented
    padding = ("öbé " * len(bare))[: math.ceil(LONGER * len(bare))].rstrip()
    return f"{marks}{OPEN}{accented} {padding}{CLOSE}"


def test_the_language_keeps_placeholders_and_marks_and_is_longer():
    assert pseudo("{n} sites") == "‹{n} šîţéš öbé›"
    assert pseudo("- **one** `two`\\n- [three](https://example.org)").startswith("- ‹**öñé** `two`")
    assert pseudo("MW") == "MW"
    for key, row in TEXTS.items():
        names = {name for _, name, _, _ in string.Formatter().parse(row["en"]) if name}
        assert {name for _, name, _, _ in string.Formatter().parse(pseudo(row["en"])) if name} == names, key
        assert pseudo(row["en"]).count("\\n") == row["en"].count("\\n"), key


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """The curated data, whose French is the language that does not exist."""
    folder = curated(tmp_path_factory.mktemp("pseudo") / "data")
    with (folder / "texts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["key", "en", "fr", "ko"], lineterminator="\n")
        writer.writeheader()
        writer.writerows({"key": key, "en": row["en"], "fr": pseudo(row["en"]), "ko": row["ko"]} for key, row in TEXTS.items())
    return folder


@pytest.fixture(scope="module")
def server(data):
    with serving(data.parent, ATLAS_DATA_DIR=str(data)) as address:
        yield address


def runs(text: str) -> Iterator[str]:
    """The parts of a text that hold a word without accents: words in a row, numbers and accented words left out."""
    for part in BETWEEN.split(text):
        run: list[str] = []
        for word in [*part.split(), ""]:
            letters = "".join(WORD.findall(word))
            if letters and letters.isascii() and PLAIN.search(letters):
                run.append(word.strip(".'\"“”’*•…"))
            elif run:
                yield " ".join(run)
                run = []


class Spoken:
    """What the data says: its cells, and their parts between commas and brackets."""

    def __init__(self, folder: Path):
        cells = {path.stem for path in folder.rglob("*.csv")}  # tables, too, are known by their name
        for path in folder.rglob("*.csv"):
            if path.name != "texts.csv":
                with path.open(encoding="utf-8", newline="") as file:
                    cells.update(cell for row in csv.reader(file) for cell in row if cell)
        self._parts = {run for cell in cells for run in runs(cell)} | {part.strip() for cell in cells for part in BETWEEN.split(cell)}
        self._whole = "\n".join(cells)

    def holds(self, run: str) -> bool:
        """Whether some words come from the data: a part of a cell, or words in a row within one (a single word only where it looks like a name); or two such after each other."""
        words = run.split()
        return self._says(run) or any(self._says(" ".join(words[:at])) and self._says(" ".join(words[at:])) for at in range(1, len(words)))

    def _says(self, run: str) -> bool:
        is_name = " " in run or not run[1:].islower()
        return run in self._parts or (is_name and run in self._whole)


@pytest.fixture(scope="module")
def spoken(data) -> Spoken:
    return Spoken(data)


def test_a_word_of_the_code_is_told_from_the_data(spoken):
    assert spoken.holds("SK hynix")
    assert not spoken.holds("Choose an option")
    assert not spoken.holds("nothing")
    assert list(runs("‹Šîţéš› in 2026, SK hynix: 50")) == ["in", "SK hynix"]


def found(one, spoken: Spoken, version: str, name: str) -> Iterator[tuple[str, str, str]]:
    """(kind, view and width, text) of everything that is wrong with a page as it stands."""
    state = one.page.evaluate(FINDINGS)
    assert state["seen"], name
    if state["tooWide"]:
        yield "too wide", name, f"{state['tooWide']} px"
    for kind in ("cut", "outside", "overlapping"):
        yield from ((kind, name, " ".join(text.split())) for text in state[kind])
    for text in state["seen"]:
        text = ADDRESS.sub("", text).replace("\u200b", "").replace(version, "")
        if text not in OF_STREAMLIT:
            yield from (("literal", name, run) for run in runs(text) if run not in OF_THE_LANGUAGE and not spoken.holds(run))


# Charts are drawn anew a moment after the window has another width.
FITTED = """() => [...document.querySelectorAll('[data-testid="stPlotlyChart"]')].every(place => {
  const drawn = place.querySelector(".main-svg");
  return drawn && Math.abs(drawn.getBoundingClientRect().width - place.getBoundingClientRect().width) <= 1;
})"""


@pytest.mark.parametrize("module", PAGES, ids=lambda module: module.NAME)
def test_a_longer_language_fits_and_every_word_is_a_text(reader, data, spoken, module):
    reading, version = reader(), store.data_version(data)
    wrong = []
    for view in views(module.NAME):
        reading.open(view.address(lang="fr"))
        for width in WIDTHS_PX:
            reading.page.set_viewport_size({"width": width, "height": 900})
            reading.settle()
            reading.page.wait_for_function(FITTED)
            wrong += found(reading, spoken, version, f"{view.name} {width}")
        reading.page.set_viewport_size({"width": WIDTHS_PX[0], "height": 900})
    known = [entry for entry in KNOWN if entry[1].startswith(module.NAME)]
    new = [entry for entry in wrong if not any(is_like(entry, one) for one in known)]
    gone = [one for one in known if not any(is_like(entry, one) for entry in wrong)]
    assert not new, "\n".join(": ".join(entry) for entry in new)
    assert not gone, gone


def is_like(entry: tuple[str, str, str], known: tuple[str, str, str]) -> bool:
    return entry[0] == known[0] and entry[1].startswith(known[1]) and entry[2].startswith(known[2])
