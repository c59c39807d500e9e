import tempfile
import unittest
from pathlib import Path

import numpy

from distilqa_training import figures, windows
from distilqa_training.examples import Answer, DataError, Example

WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    "who",
    "built",
    "the",
    "mill",
    "ada",
    "qu",
    "##ill",
    "in",
    "1",
    "##9",
    "?",
    ".",
    "cafe",
]


def vocabulary(test: unittest.TestCase) -> Path:
    folder = tempfile.TemporaryDirectory()
    test.addCleanup(folder.cleanup)
    (Path(folder.name) / "vocab.txt").write_text("\n".join(WORDS) + "\n", encoding="utf-8")
    return Path(folder.name)


class WindowsTest(unittest.TestCase):
    def test_windows_cover_the_context_and_share_the_overlap(self) -> None:
        found = windows.cover(context_tokens=500, question_tokens=10, max_length=384, overlap=128)
        self.assertEqual([(w.first, w.count) for w in found], [(0, 371), (243, 257)])

    def test_the_overlap_is_at_most_half_of_the_room_so_that_every_window_gets_on(self) -> None:
        found = windows.cover(context_tokens=100, question_tokens=4, max_length=17, overlap=128)
        self.assertEqual([w.first for w in found], list(range(0, 95, 5)))
        self.assertEqual(found[-1].first + found[-1].count, 100)

    def test_a_long_question_leaves_room_as_if_it_were_cut(self) -> None:
        self.assertEqual(windows.cover(1000, 500)[0].count, 384 - 64 - 3)
        self.assertEqual(windows.cover(0, 5), [])

    def test_labels_are_the_tokens_of_the_answer_in_code_points(self) -> None:
        words = windows.tokenizer(vocabulary(self))
        context = "\N{GRINNING FACE} Ada Quill built the mill."
        made = windows.build([Example(context, "Who built the mill?", (Answer("Ada Quill", 2),))], words)
        self.assertEqual(made.ids.tolist()[:7], [2, 5, 6, 7, 8, 15, 3])
        start, end = made.labels[0]
        self.assertEqual([WORDS[i] for i in made.ids[start : end + 1]], ["ada", "qu", "##ill"])

    def test_an_answer_within_a_word_is_labelled_by_the_pieces_it_touches(self) -> None:
        words = windows.tokenizer(vocabulary(self))
        made = windows.build([Example("in 19.", "who?", (Answer("9", 4),))], words)
        start, end = made.labels[0]
        self.assertEqual([WORDS[i] for i in made.ids[start : end + 1]], ["##9"])

    def test_windows_without_the_whole_answer_are_labelled_as_no_answer_or_left_out(self) -> None:
        words = windows.tokenizer(vocabulary(self))
        context = "ada " + "the mill " * 300
        example = Example(context, "who?", (Answer("ada", 0),))
        kept = windows.build([example], words, keep_without_answer=1)
        self.assertEqual(kept.labels.tolist(), [[4, 4], [0, 0]])
        self.assertEqual(len(windows.build([example], words, keep_without_answer=0)), 1)
        unanswerable = windows.build([Example(context, "who?", ())], words, keep_without_answer=0)
        self.assertEqual(unanswerable.labels.tolist(), [[0, 0], [0, 0]])

    def test_a_set_of_windows_is_read_as_it_was_written(self) -> None:
        words = windows.tokenizer(vocabulary(self))
        made = windows.build([Example("ada built the mill", "who?", ())] * 3, words)
        file = vocabulary(self) / "windows.npz"
        made.save(file)
        for name, value in vars(windows.WindowSet.load(file)).items():
            numpy.testing.assert_array_equal(value, getattr(made, name))

    def test_the_tokenizer_is_that_of_the_configuration(self) -> None:
        folder = vocabulary(self)
        self.assertEqual(windows.tokenizer(folder).encode("CAFÉ", add_special_tokens=False).tokens, ["cafe"])
        (folder / "tokenizer_config.json").write_text('{"do_lower_case": false}', encoding="utf-8")
        self.assertEqual(windows.tokenizer(folder).encode("CAFÉ", add_special_tokens=False).tokens, ["[UNK]"])
        (folder / "vocab.txt").unlink()
        with self.assertRaisesRegex(DataError, "the tokenizer cannot be read"):
            windows.tokenizer(folder)


class FiguresTest(unittest.TestCase):
    def test_the_best_span_is_one_that_starts_before_it_ends_and_is_not_too_long(self) -> None:
        words = windows.tokenizer(vocabulary(self))
        examples = [Example("Ada Quill built the mill", "who?", (Answer("Quill", 4),))]
        made = windows.build(examples, words)
        logits = numpy.zeros((len(made.ids), 2))
        # [CLS] who ? [SEP] ada qu ##ill built the mill [SEP]
        logits[5, 0], logits[6, 1] = 4, 3
        logits[9, 0], logits[4, 1] = 5, 5  # Together they beat both, but that end is before that start.
        logits[0] = 1
        ((text, margin),) = figures.answers(examples, made, logits, words)
        self.assertEqual((text, margin), ("Quill", 7 - 2))
        self.assertEqual(figures.figures(examples, [(text, margin)]), {"questions": 1, "exact": 100.0, "f1": 100.0})

    def test_the_better_of_two_windows_answers(self) -> None:
        words = windows.tokenizer(vocabulary(self))
        examples = [Example("ada " + "the mill " * 300 + "1", "who?", (Answer("ada", 0),))]
        made = windows.build(examples, words)
        logits = numpy.zeros((len(made.ids), 2))
        logits[made.offsets[1] - 2] = 2
        logits[len(made.ids) - 2] = 5
        self.assertEqual(figures.answers(examples, made, logits, words), [("1", 10.0)])

    def test_questions_without_an_answer_are_measured_with_the_best_threshold(self) -> None:
        examples = [Example("c", "q", (Answer("c", 0),)), Example("c", "q", ())]
        found = figures.figures(examples, [("c", 2.0), ("c", 1.0)])
        self.assertEqual(found["best_f1"], 100)
        self.assertEqual(found["best_f1_threshold"], -2.0)
        self.assertEqual(found["f1_at_zero"], 50)
        self.assertIsNone(figures.figures([examples[1]], [("c", 1.0)])["best_f1_threshold"])
