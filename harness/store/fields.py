"""Which fields a file type knows at a place, for "did you mean"."""

from typing import Any, get_args

from pydantic import BaseModel

from harness.core.value import FromPath


def fields_at(kind: type[BaseModel], location: tuple[str | int, ...]) -> tuple[str, ...]:
    """The field names of the model that a location inside a model leads to; none when it leads elsewhere."""
    current: Any = kind
    for part in location:
        model = _model_in(current)
        if model is not None and isinstance(part, str):
            names = {known.alias or name: known for name, known in model.model_fields.items()}
            if part in names:
                current = names[part].annotation
    model = _model_in(current)
    if model is None:
        return ()
    unwritten = {"id"} if issubclass(model, FromPath) else set()
    return tuple(known.alias or name for name, known in model.model_fields.items() if name not in unwritten)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The first model inside an annotation: itself, or an item of the tuple, mapping or union that it is."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for inner in get_args(annotation) if (model := _model_in(inner))), None)
