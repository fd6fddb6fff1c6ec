"""`harness models ping`: one tiny call, told in full."""

from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter

from harness.cli.keys import access_to, environment, key_problems
from harness.cli.printing import say
from harness.core.charge import Bill, Charge
from harness.core.conversation import GOOD, Cast, Conversation, Message
from harness.core.model import ModelSpec, Params
from harness.core.transcript import Call
from harness.engine.calls import Called, Caller
from harness.engine.limits import Limits, Throttle
from harness.errors import InputError, Problem, RunStopped, did_you_mean
from harness.providers import provider_classes
from harness.report.numbers import bill
from harness.store.catalog import model_named
from harness.store.project import ProjectFolder

CAST = Cast(character="Bram", user="Traveller")
MESSAGES = (Message("system", "You are Bram, an innkeeper."), Message("user", "Say hello in three words."))
MOST_TOKENS = 16


class Unnoted:
    """Flights of a call that nobody resumes."""

    def depart(self, ceiling: Charge | None) -> None:
        """Not noted."""

    def land(self, ceiling: Charge | None) -> None:
        """Not noted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pong:
    """What became of the call."""

    model: str
    spec: ModelSpec
    called: Called
    seconds: float

    @property
    def outcome(self) -> str:
        """As in a transcript."""
        return self.called.completion.outcome if self.called.completion else "failed"

    def object(self) -> Mapping[str, object]:
        """Everything, as one JSON object."""
        completion, usage = self.called.completion, self.called.call.usage
        return {
            "model": self.model,
            "outcome": self.outcome,
            "text": completion.text if completion else "",
            "error": self.called.error,
            "finish_reason": completion.finish_reason if completion else None,
            "seconds": round(self.seconds, 3),
            "first_token_seconds": completion.first_token_seconds if completion else None,
            "input_tokens": usage.input_tokens if usage else None,
            "output_tokens": usage.output_tokens if usage else None,
            "cost": bill(Bill.of(self.called.call.charges())),
            "retired": self.spec.retired,
            "notes": list(self.spec.notes),
        }


async def ping_model(folder: ProjectFolder, name: str) -> Pong:
    """Call a model once, without another attempt, and return what became of it.

    Raises:
        InputError: there is no such model, no key for it, or a parameter that it does not take.
    """
    full, spec = model_named(name, folder.catalog)
    known = environment(folder)
    problems = [*key_problems({full: spec}, [full], known), *_row_problems(full, spec)]
    if problems:
        raise InputError(problems)
    if spec.retired is not None:
        say(f"Warning: {full}: its provider announced its end for {spec.retired}", err=True)
    asked = Conversation(messages=MESSAGES, params=_tiny(spec), cast=CAST)
    async with provider_classes()[spec.provider].open(spec, access_to(spec, known)) as provider:
        throttle = Throttle(Limits(concurrency=1))
        caller = Caller(name=full, spec=spec, provider=provider, throttle=throttle, flights=Unnoted(), most_attempts=1)
        started = perf_counter()
        try:
            called = await caller.call(asked)
        except RunStopped as stopped:
            said = str(stopped.__cause__ or stopped)
            called = Called(completion=None, error=said, call=Call(seconds=0.0, attempts=1, answered=False))
        return Pong(model=full, spec=spec, called=called, seconds=perf_counter() - started)


def _row_problems(name: str, spec: ModelSpec) -> list[Problem]:
    """What a run would refuse about the row itself."""
    problems = [
        Problem(f"models.{name}.params.{field}: out of range, the provider takes {bounds}", "change it in harness.yaml")
        for field, bounds in spec.params_out_of_range()
    ]
    known = tuple(provider_classes())
    if spec.provider not in known:
        what = f"models.{name}.provider: no provider {spec.provider!r}"
        problems.append(Problem(what, did_you_mean(spec.provider, known)))
    return problems


def _tiny(spec: ModelSpec) -> Params:
    """The row's parameters, with an answer of a few tokens."""
    most = min(MOST_TOKENS, spec.params.max_tokens or MOST_TOKENS, spec.rules.max_output_tokens or MOST_TOKENS)
    return spec.params.model_copy(update={"max_tokens": most, "seed": None})


def print_ping(pong: Pong) -> None:
    """What came back, in a few lines; if that is no reply, what is known of the model as well."""
    told = pong.object()
    first = told["first_token_seconds"]
    when = f", the first text after {first:.2f} s" if isinstance(first, float) else ""
    say(f"{pong.model}: {pong.outcome} in {pong.seconds:.2f} s{when}")
    say(str(told["error"] or told["text"] or "no text came"))
    tokens = (
        f"{told['input_tokens']} tokens in, {told['output_tokens']} out"
        if told["input_tokens"] is not None
        else "no usage told"
    )
    say(f"finish reason: {told['finish_reason'] or 'none'} · {tokens} · {told['cost']}")
    if pong.outcome in GOOD:
        return
    if pong.outcome == "empty" and told["finish_reason"] in ("length", "max_tokens"):
        say(f"Its {MOST_TOKENS} tokens were used up before a word was said: a model that thinks first needs more.")
    if pong.spec.notes:
        say(f"\nWhat the catalog knows of {pong.model}:")
        for note in pong.spec.notes:
            say(f"  - {note}")
