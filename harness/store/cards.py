"""The cards of judges, in `rubrics/cards/`: one YAML file for each measurement, kept in git."""

from collections.abc import Iterator
from pathlib import Path

from harness.core.card import Card
from harness.errors import StoreError
from harness.store.starter import starter_folder
from harness.store.yaml import parse_value, read_yaml, written_yaml

FOLDER = "rubrics/cards"


def read_cards(root: Path) -> Iterator[Card]:
    """The cards of a project and the shipped ones, the newest measurement first.

    Raises:
        InputError: a file is no card.
    """
    files = [file for folder in dict.fromkeys((root, starter_folder())) for file in (folder / FOLDER).glob("*.yaml")]
    cards = [parse_value(read_yaml(file, f"{FOLDER}/{file.name}"), Card) for file in sorted(files)]
    yield from sorted(cards, key=lambda card: card.measured, reverse=True)


def write_card(path: Path, card: Card) -> None:
    """Write a card; an earlier file stays whole until the new one is.

    Raises:
        StoreError: the disk is full, or the folder cannot be written.
    """
    text = written_yaml(card.model_dump(mode="json", exclude_defaults=True))
    half = path.with_name(f".{path.name}.part")
    try:
        half.write_text(text, encoding="utf-8")
        half.replace(path)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise StoreError(f"{path}: cannot be written: {error.strerror}") from None
