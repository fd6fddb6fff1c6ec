"""`harness models` as a user runs it: the catalog listed and shown, and a model called once."""

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from harness.cli.app import app
from harness.core.model import ModelSpec
from harness.store.catalog import shipped_catalog
from tests.cli.test_simulate import simulating
from tests.command import KEY, harness, said, serving, write_project

NOWHERE = "http://127.0.0.1:9/v1"
FULL_ROW = """
  mine/full:
    base_url: https://npc.example/v1
    id: npc-7b
    api_key_env: [MINE_KEY, MOCK_API_KEY]
    headers: {X-Token: "${MINE_TOKEN}"}
    proxy: http://writer:${PROXY_PASSWORD}@proxy.example:3128
    stream: true
    timeout: 77
    params: {temperature: 0.8, max_tokens: 222, stop: [END]}
    ranges: {temperature: {above: 0, most: 1}}
    max_tokens_field: max_completion_tokens
    extra_body: {thinking: {type: disabled}}
    cast: names
    price: {currency: CNY, input: 20, output: 80, cached_input: 5, as_of: 2026-11-21, source: our contract}
    rules: {max_messages: 40, alternate: true, greeting: omit, max_input_tokens: 28000, max_output_tokens: 4000}
    context_tokens: 32000
    structured: json_object
    concurrency: 3
    requests_per_minute: 500
    tokens_per_minute: 20000000
    retired: 2999-01-02
    notes: [It sings.]
"""

SHOWN = """
mine/full · ends 2999-01-02
  address              https://npc.example/v1
  id on the wire       npc-7b
  key                  set, in MOCK_API_KEY
  header               X-Token: ${MINE_TOKEN}
  proxy                http://writer:${PROXY_PASSWORD}@proxy.example:3128
  streamed             yes
  given up after       77 s
  announced end        2999-01-02
  context              32,000 tokens
  input                28,000 tokens
  output               4,000 tokens
  requests a minute    500
  tokens a minute      20,000,000
  calls at once        3
  per million tokens   20/80 CNY (input/output)
  cached input         5 CNY
  read                 2026-11-21, our contract
  messages             at most 40
  order                user and assistant in turn, the user first
  greeting             left out
  sent                 temperature 0.8, max_tokens 222, stop ['END']
  temperature          above 0, at most 1
  output limit         sent as max_completion_tokens
  who speaks           told by a name on each message
  extra fields         {"thinking": {"type": "disabled"}}
  a judge's answer     JSON of any shape
  - It sings.
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a row that fills every field."""
    write_project(tmp_path, NOWHERE)
    with (tmp_path / "harness.yaml").open("a", encoding="utf-8") as file:
        file.write(FULL_ROW.lstrip("\n"))
    return tmp_path


def test_the_catalog_is_listed_in_a_hundred_columns_with_prices_keys_and_ends(project: Path) -> None:
    listed = harness(project, "models", "list", COMETAPI_KEY="sk-comet").stdout
    lines = {line.split()[0]: re.split(r"\s{2,}", line.strip()) for line in listed.splitlines() if "/" in line}

    assert lines.keys() >= {*shipped_catalog(), "mock/mock", "mine/full"}
    assert max(map(len, listed.splitlines())) <= 100
    assert lines["cometapi/hunyuan-role"][1:] == ["0.44576/0.89152 USD", "set", "or hunyuan-role"]
    assert lines["hunyuan/hunyuan-role"][1:] == ["4/8 CNY", "no HUNYUAN_API_KEY", "retired"]
    assert lines["anthropic/claude-sonnet-5"][1] == "2/10 USD"
    assert lines["ollama/local"][1:] == ["0", "none needed"]
    assert lines["mine/full"][1:] == ["20/80 CNY", "set", "ends 2999-01-02"]
    assert KEY not in listed
    assert "sk-comet" not in listed


def test_the_catalog_is_listed_as_json_with_all_fields_and_the_aliases(project: Path) -> None:
    listed = json.loads(harness(project, "models", "list", "--json").stdout)

    assert listed["aliases"] == {"hunyuan-role": "cometapi/hunyuan-role"}
    assert listed["models"].keys() >= shipped_catalog().keys()
    assert listed["models"]["mine/full"].keys() == ModelSpec.model_fields.keys()


def test_a_row_is_shown_whole_and_in_parts(project: Path) -> None:
    shown = harness(project, "models", "show", "mine/full").stdout
    titles = [line for line in shown.splitlines() if line and not line.startswith(" ")]

    assert titles[1:] == ["Endpoint", "Limits", "Price", "Message rules", "Parameters", "Quirks"]
    assert set(SHOWN.splitlines()) <= set(shown.splitlines())
    assert KEY not in shown


@pytest.mark.parametrize("name", shipped_catalog())
def test_every_shipped_row_can_be_shown(name: str) -> None:
    shown = CliRunner().invoke(app, ["models", "show", name])
    assert shown.exit_code == 0, shown.output
    spec = shipped_catalog()[name]
    assert all(note in shown.output for note in spec.notes)
    assert "{" not in shown.output.partition("Parameters")[0]


def test_an_alias_is_shown_as_the_row_it_stands_for_and_json_is_all_of_it(project: Path) -> None:
    row = json.loads(harness(project, "models", "show", "hunyuan-role", "--json", COMETAPI_KEY="sk-comet").stdout)

    assert row.keys() == {"name", "key_from", *ModelSpec.model_fields}
    assert (row["name"], row["key_from"]) == ("cometapi/hunyuan-role", "COMETAPI_KEY")
    assert (row["price"]["input"], row["price"]["output"]) == ("0.44576", "0.89152")
    assert (row["price"]["list_input"], row["price"]["list_output"]) == ("0.5572", "1.1144")
    assert row["api_key_env"] == ["COMETAPI_API_KEY", "COMETAPI_KEY", "COMET_API_KEY"]
    unknown = harness(project, "models", "show", "hunyuan-rolle")
    assert (unknown.returncode, "did you mean 'hunyuan-role'" in unknown.stderr) == (2, True)


def test_a_ping_is_one_call_told_with_its_cost(tmp_path: Path) -> None:
    with serving(lambda body: said("Hello there, friend.", tokens=(1000, 4))) as endpoint:
        write_project(tmp_path, endpoint.url)
        done = harness(tmp_path, "models", "ping", "mock/mock", "--json")
        assert json.loads(done.stdout)["text"] == "Hello there, friend."
        told = harness(tmp_path, "models", "ping", "mock/mock").stdout
        assert re.search(r"^mock/mock: answered in \d+\.\d\d s\nHello there, friend\.$", told, re.MULTILINE)
        assert "finish reason: stop · 1000 tokens in, 4 out · $0.001" in told
        endpoint.answer = lambda body: "<html>elsewhere</html>"
        failed = harness(tmp_path, "models", "ping", "mock/mock")
    assert (failed.returncode, "something other than JSON" in failed.stdout) == (3, True), failed.stdout
    assert len(endpoint.requests) == 3
    assert not (tmp_path / ".harness").exists()


def with_row(folder: Path, row: str) -> Path:
    """The small project, with a shipped row changed."""
    write_project(folder, NOWHERE)
    with (folder / "harness.yaml").open("a", encoding="utf-8") as file:
        file.write(f"  {row}\n")
    return folder


def ping(folder: Path, name: str, *options: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return harness(folder, "models", "ping", name, *options, **variables)


def test_a_ping_keeps_to_what_the_row_says_of_the_endpoint(tmp_path: Path) -> None:
    with serving(lambda body: said("Hi", "length")) as endpoint:
        with_row(tmp_path, f"minimax/M2-her: {{base_url: '{endpoint.url}', rules: {{max_output_tokens: 9}}}}")
        done = ping(tmp_path, "minimax/M2-her", MINIMAX_API_KEY="sk-m")
        (body,) = endpoint.requests
        assert (done.returncode, "truncated" in done.stdout) == (0, True), done.stdout
        assert body["max_completion_tokens"] == 9
        assert [each["name"] for each in body["messages"]] == ["Bram", "Traveller"]
        with_row(tmp_path, f"zhipu/charglm-4: {{base_url: '{endpoint.url}'}}")
        assert ping(tmp_path, "zhipu/charglm-4", ZHIPU_API_KEY="sk-z").returncode == 0
    assert endpoint.requests[-1]["meta"]["bot_name"] == "Bram"
    assert [each["role"] for each in endpoint.requests[-1]["messages"]] == ["user"]


def test_a_ping_with_a_parameter_that_the_provider_refuses_makes_no_call(tmp_path: Path) -> None:
    with serving() as endpoint:
        with_row(tmp_path, f"minimax/M2-her: {{base_url: '{endpoint.url}', params: {{temperature: 0}}}}")
        done = ping(tmp_path, "minimax/M2-her", MINIMAX_API_KEY="sk-m")
    assert (done.returncode, endpoint.requests) == (2, [])
    assert "models.minimax/M2-her.params.temperature" in done.stderr
    assert "above 0, at most 1" in done.stderr


def test_a_thinker_that_used_up_the_ping_is_explained(tmp_path: Path) -> None:
    with serving(lambda body: said("", "length")) as endpoint:
        with_row(tmp_path, f"openai/gpt-5-mini: {{base_url: '{endpoint.url}'}}")
        done = ping(tmp_path, "openai/gpt-5-mini", OPENAI_API_KEY="sk-o")
    assert (done.returncode, "used up before a word was said" in done.stdout) == (3, True), done.stdout


def test_an_endpoint_that_is_gone_is_told_with_what_to_use_in_its_place(tmp_path: Path) -> None:
    with_row(tmp_path, f"cometapi/hunyuan-role: {{base_url: '{NOWHERE}'}}")
    done = ping(tmp_path, "hunyuan-role", COMETAPI_KEY="sk-comet")
    assert done.returncode == 3
    assert "cometapi/hunyuan-role: failed" in done.stdout
    assert "the connection to http://127.0.0.1:9/v1 failed" in done.stdout
    assert "set TOKENHUB_API_KEY, and use tokenhub/hunyuan-role-latest" in done.stdout
    assert "Warning" not in done.stderr
    assert "sk-comet" not in done.stdout + done.stderr

    with_row(tmp_path, f"hunyuan/hunyuan-role: {{base_url: '{NOWHERE}'}}")
    done = ping(tmp_path, "hunyuan/hunyuan-role", HUNYUAN_API_KEY="sk-h")
    assert done.returncode == 3
    assert "Warning: hunyuan/hunyuan-role: its provider announced its end for 2026-09-30" in done.stderr
    assert "Use tokenhub/hunyuan-role-latest instead" in done.stdout


@contextmanager
def simulated(folder: Path, profile: str, row: str, *options: str) -> Iterator[Path]:
    """A project whose row is served by the simulator."""
    with simulating(folder, "--profile", profile, *options) as (_, url):
        yield with_row(folder, row.replace("URL", f"'{url}'"))


def test_a_streamed_ping_tells_the_time_to_the_first_text(tmp_path: Path) -> None:
    with simulated(tmp_path, "tokenhub", "tokenhub/hy-role: {base_url: URL, stream: true}") as folder:
        done = ping(folder, "tokenhub/hy-role", TOKENHUB_API_KEY="sk-t")
        told = json.loads(ping(folder, "tokenhub/hy-role", "--json", TOKENHUB_API_KEY="sk-t").stdout)
    assert done.returncode == 0, done.stdout
    assert re.search(r"in \d+\.\d\d s, the first text after \d+\.\d\d s", done.stdout)
    assert 0 < told["first_token_seconds"] <= told["seconds"]
    assert "¥0.00" in str(told["cost"])
    assert told["retired"] is None


@pytest.mark.parametrize(
    ("profile", "name", "fault", "told"),
    [
        ("cometapi", "cometapi/hunyuan-role", "invalid-key", "HTTP 401"),
        ("cometapi", "cometapi/hunyuan-role", "overloaded-page", "something other than JSON"),
        ("tokenhub", "tokenhub/hy-role", "no-balance", "HTTP 402: endpoint is inactive"),
        ("tokenhub", "tokenhub/hy-role", "filtered", "filtered"),
        ("minimax", "minimax/M2-her", "no-balance", "answered with an error"),
        ("openai", "openai/gpt-4.1-mini", "rate-limit", "HTTP 429"),
    ],
)
def test_what_the_endpoint_said_is_told_with_what_is_known_of_the_model(
    tmp_path: Path, profile: str, name: str, fault: str, told: str
) -> None:
    row = f"{name}: {{base_url: URL, api_key_env: [MOCK_API_KEY]}}"
    with simulated(tmp_path, profile, row, "--fault", f"{fault}:1") as folder:
        done = ping(folder, name)
    assert done.returncode == 3, done.stderr
    assert told in done.stdout
    assert f"What the catalog knows of {name}:\n  - " in done.stdout
    assert KEY not in done.stdout
