"""Examples cut into the windows of tokens that the network reads: [CLS] question [SEP] context [SEP]."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy
import tokenizers

from .examples import Answer, DataError, Example

MAX_LENGTH = 384
OVERLAP = 128
MAX_QUESTION = 64
SPECIAL_TOKENS = 3


TOKENIZER_FILES = ("vocab.txt", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json")


def tokenizer(folder: Path) -> tokenizers.Tokenizer:
    """The tokenizer of a checkpoint: its tokenizer.json, or BERT's WordPiece over its vocab.txt."""
    try:
        if (folder / "tokenizer.json").exists():
            made = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
            made.no_truncation()
            made.no_padding()
        else:
            file = folder / "tokenizer_config.json"
            config = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
            made = tokenizers.Tokenizer(tokenizers.models.WordPiece.from_file(str(folder / "vocab.txt"), unk_token="[UNK]"))
            made.normalizer = tokenizers.normalizers.BertNormalizer(
                lowercase=config.get("do_lower_case", True),
                strip_accents=config.get("strip_accents"),
                handle_chinese_chars=config.get("tokenize_chinese_chars", True),
            )
            made.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    except Exception as e:  # The library raises plain Exception, whatever was wrong.
        raise DataError(f"{folder}: the tokenizer cannot be read: {e}") from e
    if made.token_to_id("[CLS]") is None or made.token_to_id("[SEP]") is None:
        raise DataError(f"{folder}: the tokenizer has no [CLS] or no [SEP]")
    return made


class Tokens(NamedTuple):
    """A text's token ids, and where each token starts and ends in it, in code points."""

    ids: numpy.ndarray
    starts: numpy.ndarray
    ends: numpy.ndarray

    def span(self, answer: Answer) -> tuple[int, int] | None:
        """The first and last token that an answer touches; None where it touches none."""
        touched = numpy.flatnonzero((self.starts < answer.end) & (self.ends > answer.start))
        return (int(touched[0]), int(touched[-1])) if len(touched) else None


@dataclass(frozen=True)
class Window:
    """A stretch of a context's tokens, first to first + count."""

    first: int
    count: int

    def holds(self, span: tuple[int, int]) -> bool:
        return self.first <= span[0] and span[1] < self.first + self.count


def cover(context_tokens: int, question_tokens: int, max_length: int = MAX_LENGTH, overlap: int = OVERLAP) -> list[Window]:
    """The windows over a context: as long as fits, neighbours sharing `overlap` tokens, at most half of the room."""
    room = max_length - min(question_tokens, MAX_QUESTION) - SPECIAL_TOKENS
    step = room - min(overlap, room // 2)
    windows = []
    for first in range(0, context_tokens, step):
        windows.append(Window(first, min(room, context_tokens - first)))
        if first + room >= context_tokens:
            break
    return windows


@dataclass
class WindowSet:
    """
    Windows laid end to end. ids: all their tokens. offsets: where each begins in ids, and the end. context: where the
    context begins in each. labels: start and end of the answer in each, 0 0 for none. example: which example each is of.
    first: the number of its first context token in the whole context.
    """

    ids: numpy.ndarray
    offsets: numpy.ndarray
    context: numpy.ndarray
    labels: numpy.ndarray
    example: numpy.ndarray
    first: numpy.ndarray

    def __len__(self) -> int:
        return len(self.context)

    @property
    def lengths(self) -> numpy.ndarray:
        return numpy.diff(self.offsets)

    def save(self, path: Path) -> None:
        partial = path.with_suffix(".partial.npz")
        numpy.savez(partial, **vars(self))
        partial.replace(path)

    @staticmethod
    def load(path: Path) -> "WindowSet":
        with numpy.load(path) as arrays:
            return WindowSet(**{name: arrays[name] for name in arrays.files})


def tokenized(texts: Sequence[str], words: tokenizers.Tokenizer, batch: int = 2000) -> list[Tokens]:
    """The tokens of texts; a text that is there twice is tokenized once."""
    distinct = list(dict.fromkeys(texts))
    found: dict[str, Tokens] = {}
    for begin in range(0, len(distinct), batch):
        part = distinct[begin : begin + batch]
        for text, encoding in zip(part, words.encode_batch(part, add_special_tokens=False)):
            offsets = numpy.array(encoding.offsets, dtype=numpy.int32).reshape(-1, 2)
            found[text] = Tokens(numpy.array(encoding.ids, dtype=numpy.int32), offsets[:, 0], offsets[:, 1])
    return [found[text] for text in texts]


def build(examples: Sequence[Example], words: tokenizers.Tokenizer, keep_without_answer: float = 1.0, seed: int = 1) -> WindowSet:
    """
    The windows of examples, labelled by the first answer of each. Of an answerable example's windows that do not hold its
    whole answer, a share of keep_without_answer is kept, labelled as "no answer".
    """
    class_token, separator = words.token_to_id("[CLS]"), words.token_to_id("[SEP]")
    random = numpy.random.default_rng(seed)
    questions = tokenized([example.question for example in examples], words)
    contexts = tokenized([example.context for example in examples], words)
    ids, lengths, context_starts, labels, example_numbers, firsts = [], [], [], [], [], []
    for number, example in enumerate(examples):
        question, context = questions[number].ids[:MAX_QUESTION], contexts[number]
        span = context.span(example.answers[0]) if example.answers else None
        before = len(question) + 2
        for window in cover(len(context.ids), len(question)):
            label = (0, 0)
            if span and window.holds(span):
                label = (span[0] - window.first + before, span[1] - window.first + before)
            elif span and random.random() >= keep_without_answer:
                continue
            part = context.ids[window.first : window.first + window.count]
            ids.append(numpy.concatenate([[class_token], question, [separator], part, [separator]]))
            lengths.append(len(ids[-1]))
            context_starts.append(before)
            labels.append(label)
            example_numbers.append(number)
            firsts.append(window.first)
    return WindowSet(
        ids=numpy.concatenate(ids).astype(numpy.int32) if ids else numpy.zeros(0, numpy.int32),
        offsets=numpy.concatenate([[0], numpy.cumsum(lengths)]).astype(numpy.int64),
        context=numpy.array(context_starts, dtype=numpy.int32),
        labels=numpy.array(labels, dtype=numpy.int32).reshape(-1, 2),
        example=numpy.array(example_numbers, dtype=numpy.int32),
        first=numpy.array(firsts, dtype=numpy.int32),
    )
