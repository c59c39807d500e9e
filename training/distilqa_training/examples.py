"""Questions with their contexts and answers, read from files. Places count Unicode code points, as Python's strings do."""

import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


class DataError(Exception):
    """A file of examples that cannot be used; the message says which place in it and why."""


class Answer(NamedTuple):
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True)
class Example:
    """A question asked of a context. Without answers, the context does not answer it."""

    context: str
    question: str
    answers: tuple[Answer, ...]


def read(path: Path) -> list[Example]:
    """Reads a file of SQuAD (.json, version 1.1 or 2.0) or of one object a line (.jsonl, .jsonl.xz)."""
    name = path.name
    try:
        if name.endswith(".jsonl.xz"):
            with lzma.open(path, "rt", encoding="utf-8") as lines:
                return list(_json_lines(name, lines))
        with open(path, encoding="utf-8") as file:
            return list(_json_lines(name, file) if name.endswith(".jsonl") else _squad(name, json.load(file)))
    except FileNotFoundError:
        raise DataError(f"{path}: there is no such file") from None
    except (OSError, EOFError, UnicodeDecodeError, lzma.LZMAError, json.JSONDecodeError) as e:
        raise DataError(f"{path}: cannot be read: {e}") from e


def _json_lines(name: str, lines) -> Iterator[Example]:
    for number, line in enumerate(lines, 1):
        where = f"{name}, line {number}"
        record = json.loads(line)
        try:
            yield _example(where, record["context"], record["question"], record["answers"])
        except (KeyError, TypeError) as e:
            raise DataError(f"{where}: not an object with context, question and answers: {e!r}") from e


def _squad(name: str, document) -> Iterator[Example]:
    try:
        for article in document["data"]:
            for paragraph in article["paragraphs"]:
                for asked in paragraph["qas"]:
                    where = f"{name}, question {asked.get('id', asked['question'])}"
                    answers = [] if asked.get("is_impossible") else asked["answers"]
                    if not answers and not asked.get("is_impossible"):
                        raise DataError(f"{where}: no answers, and is_impossible is not set")
                    yield _example(where, paragraph["context"], asked["question"], answers)
    except (KeyError, TypeError, AttributeError) as e:
        raise DataError(f"{name}: not a file of SQuAD version 1.1 or 2.0: {e!r}") from e


def _example(where: str, context: str, question: str, answers) -> Example:
    if not context.strip() or not question.strip():
        raise DataError(f"{where}: the context or the question is blank")
    found = tuple(Answer(answer["text"], answer["answer_start"]) for answer in answers)
    for answer in found:
        if not answer.text.strip() or context[answer.start : answer.end] != answer.text:
            raise DataError(
                f"{where}: the context has {context[answer.start : answer.end]!r} at {answer.start}, not the answer"
                f" {answer.text!r}; answer_start counts code points"
            )
    return Example(context, question, found)
