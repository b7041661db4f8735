"""axe-core in Chromium: every page, both themes, three languages: nothing serious or critical that is ours. What Streamlit draws is listed, and fails once it is gone."""

from collections import defaultdict
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe

from atlas.selection import LANGUAGES
from pages import PAGES
from tests.browser.conftest import Reader

THEMES = ("light", "dark")
PHONE = {"width": 390, "height": 844}
ON_A_PHONE = ("", "chip-supply", "compare", "data")  # paths: figures and tables, a matrix, a comparison, tabs of tables
GRAVE = ("serious", "critical")
PLACES = [(theme, lang, module.PATH, "wide") for theme in THEMES for lang in LANGUAGES for module in PAGES] + [
    (theme, "en", path, "phone") for theme in THEMES for path in ON_A_PHONE
]


@dataclass(frozen=True)
class Known:
    """A finding in what Streamlit draws by itself: the rule of axe, what the element stands in, and why it stays."""

    rule: str
    inside: str
    reason: str


KNOWN = (
    Known(
        "color-contrast",
        '[data-testid="stWidgetLabel"][disabled]',
        "The label of a control that cannot be used yet: WCAG 1.4.3 asks no contrast of it.",
    ),
)

FINDINGS = """
known => axe.run(document, {resultTypes: ["violations"]}).then(results => results.violations.flatMap(violation => violation.nodes.map(node => {
  const element = document.querySelector(node.target[0]);
  return {
    rule: violation.id,
    impact: violation.impact,
    html: node.html.slice(0, 160),
    why: (node.failureSummary ?? "").split("\\n").at(-1).trim(),
    known: known.findIndex(one => one.rule === violation.id && element?.closest(one.inside)),
  };
})))
"""


@pytest.fixture(scope="module")
def findings(chromium, server):
    """What axe finds, by theme, language, path and width: a browser page per theme and width, which goes through all of them."""
    found = {}
    axe = Axe().axe_script
    known = [{"rule": one.rule, "inside": one.inside} for one in KNOWN]
    readers = {}
    for place in PLACES:
        theme, lang, path, width = place
        if (theme, width) not in readers:
            readers[theme, width] = Reader(chromium, server, color_scheme=theme, **({"viewport": PHONE} if width == "phone" else {}))
        one = readers[theme, width]
        one.open(f"/{path}?lang={lang}")
        one.page.evaluate(axe)
        found[place] = [finding for finding in one.page.evaluate(FINDINGS, known) if finding["impact"] in GRAVE]
    for one in readers.values():
        one.context.close()
        assert one.outside == []
    return found


@pytest.mark.parametrize("place", PLACES, ids=lambda place: "-".join(part or "overview" for part in place))
def test_axe_finds_nothing_grave(findings, place):
    assert [{**finding, "known": None} for finding in findings[place] if finding["known"] < 0] == []


def test_what_is_known_of_streamlit_still_occurs(findings):
    counts = defaultdict(int)
    for finding in (finding for found in findings.values() for finding in found if finding["known"] >= 0):
        counts[finding["known"]] += 1
    assert [KNOWN[index].inside for index in range(len(KNOWN)) if not counts[index]] == []
