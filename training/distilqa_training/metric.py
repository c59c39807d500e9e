"""Exact match and F1 as SQuAD's evaluation script defines them (Rajpurkar et al., 2016; version 2.0, 2018)."""

import collections
import re
import string

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = set(string.punctuation)


def normalized(text: str) -> str:
    """Lower case, without punctuation and articles, one space between words."""
    kept = "".join(letter for letter in text.lower() if letter not in _PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", kept).split())


def exact(prediction: str, truth: str) -> float:
    return float(normalized(prediction) == normalized(truth))


def f1(prediction: str, truth: str) -> float:
    """The F1 of words; where one of the two has none, 1 if both have none."""
    predicted, true = normalized(prediction).split(), normalized(truth).split()
    if not predicted or not true:
        return float(predicted == true)
    common = sum((collections.Counter(predicted) & collections.Counter(true)).values())
    return 2 * common / (len(predicted) + len(true))


def scores(prediction: str, truths: list[str]) -> tuple[float, float]:
    """The best exact match and the best F1 over the true answers; no true answer means that there is none."""
    truths = [truth for truth in truths if normalized(truth)] or [""]
    return max(exact(prediction, truth) for truth in truths), max(f1(prediction, truth) for truth in truths)


def best_threshold(no_answer: list[float], answered: list[float], abstained: list[float]) -> tuple[float, float]:
    """
    The threshold over no-answer scores above which to abstain that gives the highest mean score, and that mean.

    no_answer: for each question how much speaks for "no answer"; answered and abstained: its score either way.
    """
    order = sorted(range(len(no_answer)), key=lambda i: no_answer[i])
    total = sum(abstained)
    best, threshold = total, float("-inf")
    for i in order:
        total += answered[i] - abstained[i]
        if total > best:
            best, threshold = total, no_answer[i]
    return threshold, best / max(1, len(no_answer))
