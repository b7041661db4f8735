"""Questions by an assistant: the agent interface and the MCP endpoint that Streamlit serves, driven over HTTP as docs/data.md says."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from pages import PAGES
from tests.conftest import ROOT
from tests.server import serving

INTERACT, MCP = "/_stcore/agent/interact", "/_stcore/agent/mcp"
KOREAN_HBM = "79 in Q3 2025"  # what Counterpoint counts for SK hynix and Samsung together
# The calls that the document shows: address and body.
EXAMPLES = dict(
    re.findall(r"curl -s \S+?(/_stcore/agent/\w+) .*?-d '(\{.*?\})'\n", (ROOT / "docs" / "data.md").read_text(encoding="utf-8"), re.DOTALL)
)


@pytest.fixture(scope="module")
def open_server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("server"), STREAMLIT_SERVER_ENABLE_AGENT_API="true") as address:
        yield address


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("server")) as address:
        yield address


def post(address: str, body: dict | str) -> tuple[int, dict]:
    data = (body if isinstance(body, str) else json.dumps(body)).encode()
    request = urllib.request.Request(address, data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def elements(node: dict) -> Iterator[dict]:
    yield node
    for child in node.get("children", ()):
        yield from elements(child)


def description(page: dict, card: str) -> str:
    """What the page says of the chart of a card to those who do not see it."""
    return next(one["props"]["alt"] for one in elements(page["tree"]) if one.get("key") == f"chart:{card}")


def test_the_interface_is_off_where_nobody_switched_it_on(server):
    status, answer = post(server + INTERACT, {})
    assert (status, answer["error"]["code"]) == (403, "not_available")
    status, answer = post(server + MCP, {"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
    assert (status, "result" in answer, "server.enableAgentApi" in answer["error"]["message"]) == (400, False, True)


def test_the_example_of_the_document_answers_what_koreas_share_of_hbm_is(open_server):
    status, page = post(open_server + INTERACT, EXAMPLES[INTERACT])
    assert status == 200
    korea = re.search(r"South Korea, per cent: ([^.]*)", description(page, "countries")).group(1)
    assert KOREAN_HBM in korea
    assert "21 in Q3 2025" in description(page, "countries")  # Micron


def test_the_example_of_the_document_answers_over_mcp(open_server):
    status, answer = post(open_server + MCP, EXAMPLES[MCP])
    assert status == 200
    page = json.loads(answer["result"]["content"][0]["text"])
    assert KOREAN_HBM in description(page, "countries")


def test_mcp_names_its_tools(open_server):
    status, answer = post(open_server + MCP, {"jsonrpc": "2.0", "id": 1, "method": "tools/list"})
    assert status == 200
    assert {tool["name"] for tool in answer["result"]["tools"]} == {"interact", "get_data"}


def test_the_rows_behind_a_chart_are_one_step_away(open_server):
    session = post(open_server + INTERACT, EXAMPLES[INTERACT])[1]["session_id"]
    _, page = post(open_server + INTERACT, {"session_id": session, "trigger": {"key": "table:countries"}})
    rows = next(one["data"]["preview"]["rows"] for one in elements(page["tree"]) if one.get("key") == "rows:countries")
    assert [row[2] for row in rows if "KOR" in row[0] and row[1] == "2025-Q3"] == [79]


def test_an_answer_for_one_card_is_short_enough_for_an_assistant_to_read(open_server):
    _, page = post(open_server + INTERACT, EXAMPLES[INTERACT])
    assert len(json.dumps(page, ensure_ascii=False)) < 40_000  # characters, some 10,000 tokens


def test_a_choice_by_its_label_leads_on_as_for_a_reader(open_server):
    _, page = post(open_server + INTERACT, {"page": "chip-supply"})
    _, page = post(open_server + INTERACT, {"session_id": page["session_id"], "widget_state": {"choice:segment": "DRAM"}})
    assert page["query_params"] == {"segment": ["dram"]}
    assert description(page, "companies").startswith("DRAM by company")


@pytest.mark.parametrize("module", PAGES, ids=lambda module: module.NAME)
def test_every_page_answers_with_labels_and_descriptions_in_words(open_server, module):
    status, page = post(
        open_server + INTERACT, {"page": module.PATH, "query_params": {"id": ["sk-hynix"]} if module.PATH == "profile" else {}}
    )
    assert (status, page["status"]) == (200, "ready")
    assert {one["url_path"] for one in page["pages"]} == {module.PATH for module in PAGES}
    shown = list(elements(page["tree"]))
    assert [one["key"] for one in shown if "value_schema" in one and not one["props"].get("label")] == []
    assert [one["key"] for one in shown if one["type"].endswith("_chart") and len(one["props"].get("alt") or "") < 80] == []
    assert [one for one in page["actions"] if not one.get("label")] == []
