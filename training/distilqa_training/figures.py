"""What a network answers, and how good that is."""

from collections import defaultdict
from collections.abc import Sequence

import numpy
import tokenizers

from . import metric
from .examples import Example
from .windows import WindowSet, tokenized

MAX_ANSWER = 15


def answers(examples: Sequence[Example], windows: WindowSet, logits: numpy.ndarray, words: tokenizers.Tokenizer) -> list[tuple[str, float]]:
    """
    For each example the best span's text, and by how much it beats [CLS], its window's "no answer". logits: [tokens, 2].
    """
    contexts = tokenized([example.context for example in examples], words)
    best: list[tuple[str, float]] = [("", float("-inf"))] * len(examples)
    for window in range(len(windows)):
        number, begin = int(windows.example[window]), int(windows.offsets[window])
        context, end = int(windows.context[window]), int(windows.lengths[window]) - 1
        if end <= context:
            continue
        scores = logits[begin : begin + end].astype(numpy.float64) - logits[begin]
        starts, ends = scores[context:, 0], scores[context:, 1]
        sums = numpy.full((len(starts), MAX_ANSWER), -numpy.inf)
        for length in range(min(MAX_ANSWER, len(starts))):
            sums[: len(starts) - length, length] = starts[: len(starts) - length] + ends[length:]
        start, length = divmod(int(sums.argmax()), MAX_ANSWER)
        if sums[start, length] > best[number][1]:
            tokens, first = contexts[number], int(windows.first[window]) + start
            text = examples[number].context[tokens.starts[first] : tokens.ends[first + length]]
            best[number] = (text, float(sums[start, length]))
    return best


def figures(examples: Sequence[Example], given: list[tuple[str, float]]) -> dict[str, float]:
    """
    Exact match and F1 in percent: of the questions with an answer, always answering; and where some have none, of all of them, with
    the threshold of abstaining that is best for F1, as SQuAD 2.0 reports it.
    """
    scored = defaultdict(list)
    for example, (text, margin) in zip(examples, given):
        truths = [answer.text for answer in example.answers]
        exact, f1 = metric.scores(text, truths)
        scored["no_answer"].append(-margin)
        scored["f1"].append(f1)
        scored["abstained"].append(float(not truths))
        if truths:
            scored["answerable_exact"].append(exact)
            scored["answerable_f1"].append(f1)
    result = {"questions": len(examples)}
    if scored["answerable_f1"]:
        result |= {
            "exact": 100 * float(numpy.mean(scored["answerable_exact"])),
            "f1": 100 * float(numpy.mean(scored["answerable_f1"])),
        }
    if len(scored["answerable_f1"]) < len(examples):
        threshold, best = metric.best_threshold(scored["no_answer"], scored["f1"], scored["abstained"])
        at_zero = [a if n > 0 else f for n, f, a in zip(scored["no_answer"], scored["f1"], scored["abstained"])]
        result |= {
            "best_f1": 100 * best,
            # No number where it is best never to answer.
            "best_f1_threshold": threshold if numpy.isfinite(threshold) else None,
            "f1_at_zero": 100 * float(numpy.mean(at_zero)),
        }
    return result
