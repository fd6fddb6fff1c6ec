"""What a project's `harness.yaml` says, and what loading a selection of a project gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from harness.core.charge import ExchangeRate
from harness.core.model import Catalog, ModelName
from harness.core.persona import Persona
from harness.core.rubric import Rubric
from harness.core.run import JudgeSpec
from harness.core.scenario import CheckChoice, Scenario
from harness.core.taxonomy import FailureType, Severity
from harness.core.value import Line, Name, Value

EMBEDDED_MODEL = "local/smollm2"
"""The model that ships with the package."""


class Defaults(Value):
    """What a run uses when neither the command line nor the suite says."""

    model: ModelName = EMBEDDED_MODEL
    prompt: Name = "plain"
    judge: str | None = None
    """A name of `judges`, or a model."""
    epochs: Annotated[int, Field(ge=1, le=1000)] = 1


class Suite(Value):
    """A named selection of scenarios, prompts and epochs."""

    scenarios: Annotated[tuple[Line, ...], Field(min_length=1)]
    """Scenario or persona ids, `tag:…`, or patterns such as `bram-oakenfist/*` and `*`."""
    prompts: tuple[Name, ...] = ()
    models: tuple[ModelName, ...] = ()
    judge: str | None = None
    epochs: Annotated[int, Field(ge=1, le=1000)] | None = None
    checks: CheckChoice = CheckChoice()


class ProjectFile(Value):
    """`harness.yaml`."""

    defaults: Defaults = Defaults()
    store: Line = "sqlite:///.harness/harness.db"
    """Where runs are kept: a SQLAlchemy URL; relative paths start at the project."""
    models: Mapping[ModelName, Mapping[str, object]] = Field(default_factory=dict)
    """Rows added to the catalog, or fields of its rows that differ here."""
    judges: Mapping[Name, JudgeSpec] = Field(default_factory=dict)
    suites: Mapping[Name, Suite] = Field(default_factory=dict)
    checks: CheckChoice = CheckChoice()
    severities: Mapping[FailureType, Severity] = Field(default_factory=dict)
    exchange: ExchangeRate | None = None
    """For a cost limit in another currency than a model's price."""
    max_incomplete: Annotated[float, Field(ge=0, le=1)] = 0.10
    """The share of failed turns above which a run is incomplete; unscored ratings count once a judge is trusted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One selection of a project, loaded and valid."""

    file: ProjectFile
    catalog: Catalog
    personas: Mapping[str, Persona]
    scenarios: Mapping[str, Scenario]
    prompts: Mapping[str, str]
    systems: Mapping[str, Mapping[str, str]]
    """The rendered system message by prompt and persona."""
    rubrics: Mapping[str, Rubric]
