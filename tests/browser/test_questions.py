"""Ten questions of a new user: each is answered from the Overview in three actions at most. What must be seen is computed from the data."""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

import pytest

from atlas import brief, cards, exposure
from atlas.selection import EVIDENCE
from pages.data.tables import DEFAULT
from tests.browser.conftest import Reader
from tests.conftest import words

WORDS = words()
COUNTRIES = ("KOR", "USA", "CHN")  # those chosen when nobody has chosen
CONTEST = "kor-sovereign-fm"
MOST_ACTIONS = 3


# An action is one click, one choice in a box, or one typed search with Enter. Everything is found by its role and its name in texts.csv.


@dataclass(frozen=True)
class Click:
    """On what has a role and the name of a text; `card` where every card has one of that name."""

    role: str
    key: str
    card: str = ""

    def do(self, reader: Reader) -> None:
        place = reader.page.locator(f".st-key-card-{self.card}") if self.card else reader.page
        place.get_by_role(self.role, name=WORDS(self.key), exact=True).first.click()


@dataclass(frozen=True)
class Choose:
    """One value in a box, whose name is a text."""

    key: str
    value_key: str

    def do(self, reader: Reader) -> None:
        reader.page.get_by_role("combobox", name=WORDS(self.key)).click()
        reader.page.get_by_role("option", name=WORDS(self.value_key), exact=True).click()


@dataclass(frozen=True)
class Search:
    """Words typed into the search of the menu, and Enter."""

    typed: str

    def do(self, reader: Reader) -> None:
        reader.page.get_by_role("combobox", name=WORDS("control.search")).fill(self.typed)
        reader.page.get_by_role("option").first.wait_for()
        reader.page.keyboard.press("Enter")
        reader.page.wait_for_url("**/profile**")


@dataclass(frozen=True)
class Download:
    """A file by its ending, which is a name in every language."""

    ending: str

    def do(self, reader: Reader) -> str:
        with reader.page.expect_download() as download:
            reader.page.get_by_role("link", name=self.ending).click()
        return download.value.path().read_text(encoding="utf-8")


def menu(page: str) -> Click:
    return Click("link", f"page.{page}")


def tab(key: str) -> Click:
    return Click("radio", f"tab.{key}")


@dataclass(frozen=True)
class Question:
    asked: str
    actions: tuple
    answers: Callable = field(repr=False)  # database -> texts that must be seen


def partners_of_lg(database) -> list[str]:
    members = database.read("members", where={"lead": ["LG AI Research"], "programme_id": [CONTEST]})
    return list(members[members["until"].isna()]["member"])


def most_planned_per_person(database) -> list[str]:
    """The first countries of the ranking, one below the other."""
    compute = database.read("compute_by_country", where={"status": ["planned"]}, evidence=EVIDENCE)
    most = compute[compute["sites_with_h100e"] > 0].sort_values("h100e_per_million", ascending=False)["iso3"].head(3)
    return [" ".join(map(WORDS.country, most))]


def makers_of_hbm(database) -> list[str]:
    shares = database.read("company_shares", where={"segment_id": ["hbm"]}, evidence=EVIDENCE)
    shares = shares[shares["share_pct"].notna()]
    return list(shares[shares["period_end"] == shares["period_end"].max()]["company"])


def models_on_a_foreign_base(database) -> list[str]:
    origins = database.read("model_origins", where={"iso3": ["KOR"]}, evidence=EVIDENCE)
    abroad = origins[origins["origin"].notna() & ~origins["origin"].isin(("own", "disputed", "KOR"))]
    return list(abroad["models"])


def gpus_of_titan(database) -> list[str]:
    (titan,) = database.read("site_compute", where={"site_id": ["skt-titan-2025"]}).to_dict("records")
    return [titan["name"], f" {titan['chip_count']:.0f} ", titan["chip_names"]]


def share_hit(database) -> list[str]:
    suppliers, inputs = database.read("chip_suppliers"), database.read("chipmaker_inputs")
    hit = exposure.chips(suppliers, inputs, exposure.stopped(suppliers, inputs, ["tsmc"], "foundry"))
    sites = database.read("site_chip_compute", where={"confidence": EVIDENCE})
    shares = exposure.countries(sites, hit).set_index(["iso3", "status"])
    return [WORDS.country("KOR"), WORDS.percent(shares.at[("KOR", "operational"), "high_pct"])]


def newest_source_of_dependence(database) -> list[str]:
    frame = cards.dependence_matrix(brief.reading(database, COUNTRIES, "en")).frame
    sources = database.read("source_list", where={"source_id": sorted({source for ids in frame["source_ids"] for source in ids})})
    newest = sources.loc[sources["published_day"].idxmax()]
    return [newest["publisher"], newest["title"]]


def newest_event(database) -> list[str]:
    newest = cards.newest_events(brief.reading(database, COUNTRIES, "en")).iloc[0]
    return [WORDS.date(newest["date"]), newest["title"], newest["publisher"]]


def first_table(database) -> list[str]:
    """The rows of the table that the page Data opens with, as the file begins them."""
    return [f" {code}," for code in database.read(DEFAULT)[database.tables[DEFAULT].column_names[0]]]


def gpus_of_the_teams(database) -> list[str]:
    given = database.read("support_rows", where={"programme_id": [CONTEST], "resource": ["gpu"], "stage": ["delivered"]})
    given = given[given["quantity"].notna() & given["consortium_id"].notna()]
    return [*given["receiver"], *(WORDS.number(quantity, 0) for quantity in given["quantity"])]


QUESTIONS = (
    Question("Who is in LG's consortium?", (Search("LG consortium"),), partners_of_lg),
    Question(
        "Which country has most planned compute per person?",
        (menu("compute"), Click("radio", "scale.per-capita"), Choose("control.state", "status.planned")),
        most_planned_per_person,
    ),
    Question("Who makes HBM?", (tab("overview.hbm"),), makers_of_hbm),
    Question("What hits Korea if TSMC stops?", (menu("what-if"),), share_hit),
    Question(
        "Which national models stand on a foreign base?",
        (menu("models"), tab("models.origins"), Click("button", "panel.table", card="origins")),
        models_on_a_foreign_base,
    ),
    Question("How many GPUs has Titan?", (menu("compute"), tab("compute.growth")), gpus_of_titan),
    Question("What did the state give each team?", (menu("consortia"), tab("consortia.support")), gpus_of_the_teams),
    Question("Where does a number come from?", (Click("button", "panel.sources", card="dependence"),), newest_source_of_dependence),
    Question("What is the newest event?", (), newest_event),
    Question("Where is the data as CSV?", (menu("data"), Download("CSV")), first_table),
)

# All that the page says: its texts, charts, and the cells of tables, which draw themselves on a canvas and repeat them for those who do not see it.
SAID = r"""() => {
  const main = document.querySelector('[data-testid="stMain"]'), parts = [];
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) if (!node.parentElement.closest("style, script")) parts.push(node.textContent);
  return parts.join(" ");
}"""


def said(reader: Reader) -> str:
    return " ".join(unquote(reader.page.evaluate(SAID)).split())


def after(action, reader: Reader) -> str:
    """What is seen after an action: the file that it brought, or the page, once it says something else than before and stands."""
    before = said(reader)
    if file := action.do(reader):
        return " ".join(file.split())
    for _ in range(100):
        reader.settle()
        if said(reader) != before:
            break
        reader.page.wait_for_timeout(100)
    return said(reader)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.asked)
def test_a_new_user_finds_the_answer_in_three_actions(reader, database, question):
    assert len(question.actions) <= MOST_ACTIONS
    one = reader(
        accept_downloads=True, viewport={"width": 1440, "height": 2400}
    )  # so high that a table shows the rows which a reader would scroll to
    one.open("/")
    seen = said(one)
    for action in question.actions:
        seen = after(action, one)
    answers = question.answers(database)
    assert answers
    for _ in range(50):  # a table draws its cells a moment after the page stands
        if all(answer in seen for answer in answers):
            break
        one.page.wait_for_timeout(100)
        seen += said(one)
    assert [answer for answer in answers if answer not in seen] == []
