"""`harness models`: the catalog."""

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from harness.cli.options import Json, ProjectOption

if TYPE_CHECKING:
    from harness.core.model import ModelSpec, Price

app = typer.Typer(no_args_is_help=True, help="List and show the models that can be named.", rich_markup_mode=None)

Detail = tuple[str, object]
"""A label and what stands beside it; None leaves the line out."""

GREETINGS = {
    "assistant": "sent as the first message",
    "in_system": "told in the system message",
    "omit": "left out",
}
SEEDS = {"any": "base + epoch", "positive_10000": "base + epoch, 1 to 10,000", "none": "not sent"}
HISTORIES = {
    "refuse": "refused before the run where that is foreseen, else ended as failed",
    "keep_system_drop_oldest": "sent without its oldest turns",
}
CASTS = {
    "prompt": None,
    "names": "told by a name on each message",
    "meta": "told in a `meta` object, in the system message's place",
}
FORMS = {
    "json_schema": "a JSON schema",
    "tool": "the parameters of a tool",
    "json_object": "JSON of any shape",
    "none": "by the prompt alone",
}


@app.command("list")
def list_(json_output: Json = False, project: ProjectOption = ".") -> None:
    """List the catalog: the shipped models and the project's own.

    Example: harness models list
    """
    from harness.cli.folder import find_project
    from harness.cli.keys import environment
    from harness.cli.printing import print_json, print_table
    from harness.store.catalog import ALIASES

    folder = find_project(project)
    if json_output:
        rows = {name: spec.model_dump(mode="json") for name, spec in folder.catalog.items()}
        print_json({"models": rows, "aliases": dict(ALIASES)})
        return
    known = environment(folder)
    cells = [(name, _cost(spec.price), _key(spec, known), _remark(name, spec)) for name, spec in folder.catalog.items()]
    print_table(("model", "in/out per million", "key", "remark"), cells)


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="MODEL", help="A model or an alias.")],
    json_output: Json = False,
    project: ProjectOption = ".",
) -> None:
    """Show everything the catalog knows of one model.

    Example: harness models show hunyuan-role
    """
    from harness.cli.folder import find_project
    from harness.cli.keys import environment
    from harness.cli.printing import print_json, say
    from harness.store.catalog import model_named

    folder = find_project(project)
    full, spec = model_named(name, folder.catalog)
    known = environment(folder)
    if json_output:
        print_json({"name": full, **spec.model_dump(mode="json"), "key_from": _key_variable(spec, known)})
        return
    remark = _remark(full, spec)
    say(f"{full} · {remark}" if remark else full)
    for title, details in (
        ("Endpoint", _endpoint(spec, known)),
        ("Limits", _limits(spec)),
        ("Price", _price(spec.price)),
        ("Message rules", _rules(spec)),
        ("Parameters", _parameters(spec)),
    ):
        say(f"\n{title}")
        for label, content in details:
            if content is not None:
                say(f"  {label:<20} {content}")
    if spec.notes:
        say("\nQuirks")
        for note in spec.notes:
            say(f"  - {note}")


@app.command()
def ping(
    name: Annotated[str, typer.Argument(metavar="MODEL", help="A model or an alias.")],
    json_output: Json = False,
    project: ProjectOption = ".",
) -> None:
    """Make one tiny call and say what came back and what it cost.

    Example: harness models ping hunyuan-role
    """
    import asyncio

    from harness.cli.folder import find_project
    from harness.cli.ping import ping_model, print_ping
    from harness.cli.printing import print_json
    from harness.core.conversation import GOOD

    pong = asyncio.run(ping_model(find_project(project), name))
    if json_output:
        print_json(pong.object())
    else:
        print_ping(pong)
    raise typer.Exit(0 if pong.outcome in GOOD else 3)


def _cost(price: "Price | None") -> str:
    if price is None:
        return "unknown"
    if not price.input and not price.output:
        return "0"
    from harness.core.charge import per_million

    return f"{per_million(price.input, price):f}/{per_million(price.output, price):f} {price.currency}"


def _key_variable(spec: "ModelSpec", known: Mapping[str, str]) -> str | None:
    """The variable that the key would be taken from."""
    return next((name for name in spec.api_key_env if known.get(name, "").strip()), None)


def _key(spec: "ModelSpec", known: Mapping[str, str]) -> str:
    """For a narrow column: whether there is a key, and if not, which variable to set."""
    if not spec.api_key_env:
        return "none needed"
    return "set" if _key_variable(spec, known) else f"no {spec.api_key_env[0]}"


def _remark(name: str, spec: "ModelSpec") -> str:
    """Its alias, and whether its provider has announced its end."""
    from datetime import UTC, datetime

    from harness.store.catalog import ALIASES

    remarks = [f"or {alias}" for alias, full in ALIASES.items() if full == name]
    if spec.retired is not None:
        over = spec.retired <= datetime.now(UTC).date()
        remarks.append("retired" if over else f"ends {spec.retired}")
    return ", ".join(remarks)


def _endpoint(spec: "ModelSpec", known: Mapping[str, str]) -> Iterator[Detail]:
    key = _key_variable(spec, known)
    variables = " or ".join(spec.api_key_env)
    yield "address", spec.base_url or "this machine"
    yield "id on the wire", spec.id
    yield "adapter", spec.provider
    yield "key", f"set, in {key}" if key else f"not set: {variables}" if variables else "none needed"
    for name, content in spec.headers.items():
        yield "header", f"{name}: {content}"
    yield "proxy", spec.proxy
    yield "streamed", "yes" if spec.stream else "no"
    yield "given up after", f"{spec.timeout:g} s"
    yield "announced end", spec.retired


def _limits(spec: "ModelSpec") -> Iterator[Detail]:
    for label, most, unit in (
        ("context", spec.context_tokens, "tokens"),
        ("input", spec.rules.max_input_tokens, "tokens"),
        ("output", spec.rules.max_output_tokens, "tokens"),
        ("requests a minute", spec.requests_per_minute, ""),
        ("tokens a minute", spec.tokens_per_minute, ""),
    ):
        yield label, f"{most:,} {unit}".rstrip() if most is not None else "not known"
    yield "calls at once", spec.concurrency


def _price(price: "Price | None") -> Iterator[Detail]:
    from harness.core.charge import per_million

    if price is None:
        yield "per million tokens", "unknown, which is not free"
        return
    yield "per million tokens", f"{_cost(price)} (input/output)"
    if price.cached_input is not None:
        yield "cached input", f"{per_million(price.cached_input, price):f} {price.currency}"
    if price.list_input is not None and price.list_output is not None:
        listed = (per_million(amount, price) for amount in (price.list_input, price.list_output))
        yield "undiscounted", f"{'/'.join(f'{amount:f}' for amount in listed)} {price.currency}"
    yield "read", f"{price.as_of}, {price.source}"


def _rules(spec: "ModelSpec") -> Iterator[Detail]:
    rules = spec.rules
    yield "messages", f"at most {rules.max_messages}" if rules.max_messages else "any number"
    yield "order", "user and assistant in turn, the user first" if rules.alternate else "any"
    yield "system message", "must come first" if rules.system_first else "anywhere"
    yield "greeting", GREETINGS[rules.greeting]
    yield "seed", SEEDS[rules.seed]
    yield "a chat too long", HISTORIES[rules.history]


def _parameters(spec: "ModelSpec") -> Iterator[Detail]:
    sent = spec.params.model_dump(mode="json", exclude_none=True)
    yield "sent", ", ".join(f"{name} {content}" for name, content in sent.items()) or "none: the provider's defaults"
    yield from spec.ranges.items()
    yield "output limit", f"sent as {spec.max_tokens_field}"
    yield "who speaks", CASTS[spec.cast]
    if spec.extra_body:
        yield "extra fields", json.dumps(spec.extra_body, ensure_ascii=False)
    yield "a judge's answer", FORMS[spec.structured]
