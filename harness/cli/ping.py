"""`harness models ping`: one tiny call, told in full."""

from collections.abc import Mapping

from harness.cli.keys import environment, key_for, key_problems
from harness.cli.printing import say
from harness.core.charge import Bill
from harness.core.conversation import Conversation, Message
from harness.engine.calls import Caller
from harness.errors import InputError
from harness.providers import provider_classes
from harness.report.numbers import bill
from harness.store.catalog import model_named
from harness.store.project import ProjectFolder

QUESTION = "Say hello in three words."
MOST_TOKENS = 16


async def ping_model(folder: ProjectFolder, name: str) -> Mapping[str, object]:
    """Call a model once, without another attempt, and return what became of it.

    Raises:
        InputError: there is no such model, or no key for it.
        RunStopped: the endpoint refuses every call.
    """
    full, spec = model_named(name, folder.catalog)
    known = environment(folder)
    problems = key_problems({full: spec}, [full], known)
    if problems:
        raise InputError(problems)
    params = spec.params.model_copy(update={"max_tokens": MOST_TOKENS})
    async with provider_classes()[spec.provider].open(spec, key_for(spec, known)) as provider:
        caller = Caller(name=full, spec=spec, provider=provider, limit=1, most_attempts=1)
        called = await caller.call(Conversation(messages=(Message("user", QUESTION),), params=params))
    completion, usage = called.completion, called.call.usage
    return {
        "model": full,
        "outcome": completion.outcome if completion else "failed",
        "text": completion.text if completion else "",
        "error": called.error,
        "finish_reason": completion.finish_reason if completion else None,
        "seconds": round(called.call.seconds, 3),
        "input_tokens": usage.input_tokens if usage else None,
        "output_tokens": usage.output_tokens if usage else None,
        "cost": bill(Bill.of(called.call.charges())),
    }


def print_ping(answer: Mapping[str, object]) -> None:
    """The answer in a few lines."""
    say(f"{answer['model']}: {answer['outcome']} in {answer['seconds']} s")
    say(str(answer["error"] or answer["text"]))
    tokens = (
        f"{answer['input_tokens']} tokens in, {answer['output_tokens']} out"
        if answer["input_tokens"]
        else "no usage told"
    )
    say(f"{tokens} · {answer['cost']}")
