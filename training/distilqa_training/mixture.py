"""The questions that the bundled model is trained on: which files, how much of each, and what is made from them besides."""

import hashlib
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy

from . import documents
from .examples import Answer, DataError, Example, read


class Source(NamedTuple):
    """A file of the data folder; at most `per_context` of a context's questions, and this share of those."""

    file: str
    per_context: int = 1000
    share: float = 1.0


SOURCES = (
    Source("squad_train_paragraphs.jsonl.xz"),
    Source("squad_train_sentences.jsonl.xz"),
    Source("squad_train_unanswerable.jsonl.xz"),
    Source("squadshifts_wiki.jsonl.xz"),
    Source("squadshifts_reddit.jsonl.xz"),
    Source("squadshifts_amazon.jsonl.xz"),
    Source("nq_qed.jsonl.xz"),
    Source("nq_oracle.jsonl.xz"),
    # Sentences with some 36 questions each; more than ten teach little else.
    Source("qamr.jsonl.xz", per_context=10),
    Source("fairytaleqa.jsonl.xz"),
    Source("quoref_subset.jsonl.xz"),
    Source("narrativeqa_subset.jsonl.xz"),
    Source("tatqa_spans.jsonl.xz"),
    # Comparisons that the text supports weakly; years that the passage does not name.
    Source("hotpotqa_subset.jsonl.xz", share=0.5),
    Source("timeqa_human.jsonl.xz", share=0.5),
)
VALIDATION = ("squadshifts_wiki", "qamr", "nq", "fairytaleqa")


@dataclass(frozen=True)
class Made:
    """How many questions are made of each kind, as shares of the questions read."""

    similar: float = 0.16
    other: float = 0.06
    without_sentence: float = 0.10
    swapped: float = 0.08
    joined: float = 0.20
    documents: float = 0.16


def held_out(context: str) -> bool:
    """Whether a context of SQuAD's training set is kept for measuring questions without an answer: one of twenty."""
    return hashlib.sha256(context.encode()).digest()[0] % 20 == 0


def load(folder: Path, limit: int | None, seed: int) -> tuple[dict[str, list[Example]], dict[str, list[Example]]]:
    """Training examples and validation examples, by the names of their files; at most `limit` of each."""
    if not folder.is_dir():
        raise DataError(f"{folder}: there is no such folder")
    random_order = random.Random(seed)
    training: dict[str, list[Example]] = {}
    abstaining: list[Example] = []
    unanswerable_contexts: set[str] = set()
    for source in SOURCES:
        found = read(folder / source.file)
        if source.file == "squad_train_unanswerable.jsonl.xz":
            unanswerable_contexts = {example.context for example in found}
        training[source.file.split(".")[0]] = _sampled(found, source, random_order)
    for name in ("squad_train_paragraphs", "squad_train_unanswerable"):
        held = [example for example in training[name] if example.context in unanswerable_contexts and held_out(example.context)]
        abstaining += held
        kept = {id(example) for example in held}
        training[name] = [example for example in training[name] if id(example) not in kept]
    validation = {name: read(folder / "validation" / f"{name}.jsonl.xz") for name in VALIDATION}
    validation["abstaining"] = abstaining
    validation["documents"] = list(documents.examples(600, seed=977, around=[]))
    if limit is not None:
        training = {name: random_order.sample(found, min(limit, len(found))) for name, found in training.items()}
        validation = {name: random_order.sample(found, min(limit, len(found))) for name, found in validation.items()}
    return training, validation


def _sampled(found: list[Example], source: Source, r: random.Random) -> list[Example]:
    order = list(range(len(found)))
    r.shuffle(order)
    taken: Counter[str] = Counter()
    chosen = []
    for i in order:
        if taken[found[i].context] < source.per_context and r.random() < source.share:
            taken[found[i].context] += 1
            chosen.append(found[i])
    return chosen


def mix(training: dict[str, list[Example]], made: Made, seed: int) -> list[Example]:
    """All training examples, with those made from them, in a random order."""
    r = random.Random(seed)
    read_examples = [example for found in training.values() for example in found]
    total = len(read_examples)
    answerable = {name: [e for e in found if e.answers] for name, found in training.items()}
    sizes = {name: len(found) / max(1, sum(map(len, answerable.values()))) for name, found in answerable.items()}
    result = list(read_examples)
    for name, found in answerable.items():
        if len(found) < 2:
            continue
        neighbours = Neighbours(found)

        def some(share: float) -> list[Example]:
            return r.sample(found, min(len(found), round(share * total * sizes[name])))

        result += filter(None, (_beside(e, neighbours.similar(e)) for e in some(made.similar)))
        result += filter(None, (_beside(e, neighbours.any(e, r)) for e in some(made.other)))
        result += filter(None, map(_without_sentence, some(made.without_sentence)))
        result += filter(None, (_swapped(e, r.choice(found), r) for e in some(made.swapped)))
        result += [_joined(e, neighbours, r) for e in some(made.joined)]
    around = list({e.context for e in read_examples})
    around.sort()
    result += documents.examples(round(made.documents * total), seed, around)
    r.shuffle(result)
    return result


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


class Neighbours:
    """The contexts of a file by what words they share with a question (TF-IDF, cosine without the question's length)."""

    def __init__(self, found: Iterable[Example]) -> None:
        self._contexts = list(dict.fromkeys(example.context for example in found))
        self._folded = [context.casefold() for context in self._contexts]
        postings: defaultdict[str, list[int]] = defaultdict(list)
        sizes = []
        for number, context in enumerate(self._contexts):
            words = set(_words(context))
            sizes.append(len(words))
            for word in words:
                postings[word].append(number)
        self._postings = {word: numpy.array(numbers) for word, numbers in postings.items()}
        self._norms = numpy.sqrt(numpy.array(sizes) + 20.0)

    def _without_answer(self, number: int, example: Example) -> bool:
        context = self._folded[number]
        return self._contexts[number] != example.context and not any(a.text.casefold() in context for a in example.answers)

    def similar(self, example: Example) -> str | None:
        """The context that is most like the question and does not hold its answer, of the eight most like it."""
        best = self.ranked(example.question, 8)
        return next((self._contexts[n] for n in best if self._without_answer(n, example)), None)

    def ranked(self, question: str, count: int) -> list[int]:
        scores = numpy.zeros(len(self._contexts))
        for word in set(_words(question)):
            numbers = self._postings.get(word)
            if numbers is not None:
                scores[numbers] += numpy.log(len(self._contexts) / len(numbers)) + 0.01
        scores /= self._norms
        return [int(n) for n in numpy.argsort(-scores, kind="stable")[:count]]

    def any(self, example: Example, r: random.Random) -> str | None:
        number = r.randrange(len(self._contexts))
        return self._contexts[number] if self._without_answer(number, example) else None


def _beside(example: Example, context: str | None) -> Example | None:
    """The question asked of a context that does not answer it."""
    return Example(context, example.question, ()) if context else None


def _without_sentence(example: Example) -> Example | None:
    """The context without the sentences that hold an answer; None where too little is left."""
    sentences = re.split(r"(?<=[.!?])\s+(?=\S)", example.context)
    texts = [answer.text.casefold() for answer in example.answers]
    left = [s for s in sentences if not any(text in s.casefold() for text in texts)]
    context = " ".join(left)
    # An answer that runs over a sentence's end is in no sentence: its context is as it was.
    if len(left) < 2 or len(left) == len(sentences) or len(context) < 120:
        return None
    return Example(context, example.question, ())


_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-zA-Z]{2,}(?: [A-Z][a-zA-Z]+)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b")


def _swapped(example: Example, other: Example, r: random.Random) -> Example | None:
    """The question with a name or number of another one in place of its own, so that the context does not answer it."""
    for pattern in r.sample((_NAME, _NUMBER), 2):
        mine, theirs = pattern.findall(example.question), pattern.findall(other.question + " " + other.context)
        theirs = [text for text in theirs if text not in example.question and text not in example.context]
        if mine and theirs:
            return Example(example.context, example.question.replace(r.choice(mine), r.choice(theirs)), ())
    return None


def _joined(example: Example, neighbours: Neighbours, r: random.Random) -> Example:
    """The context among others, as a window of a longer text would have it."""
    others = []
    for _ in range(r.choice((1, 1, 2, 3))):
        other = neighbours.similar(example) if r.random() < 0.4 else neighbours.any(example, r)
        if other and other not in others:
            others.append(other)
    place = r.randint(0, len(others))
    separator = r.choice(("\n", "\n\n", " "))
    before = "".join(other.strip() + separator for other in others[:place])
    after = "".join(separator + other.strip() for other in others[place:])
    answers = tuple(Answer(a.text, a.start + len(before)) for a in example.answers)
    return Example(before + example.context + after, example.question, answers)
