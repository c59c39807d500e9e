import unittest

from distilqa_training import metric


class MetricTest(unittest.TestCase):
    def test_case_punctuation_and_articles_do_not_count(self) -> None:
        self.assertEqual(metric.scores("The Mill,", ["mill"]), (1.0, 1.0))
        self.assertEqual(metric.normalized("an  Apple a-day"), "apple aday")

    def test_f1_counts_a_repeated_word_as_often_as_both_have_it(self) -> None:
        self.assertAlmostEqual(metric.f1("red red mill", "red mill"), 2 * 2 / (3 + 2))
        self.assertEqual(metric.f1("red", "blue"), 0)

    def test_the_best_of_the_true_answers_counts(self) -> None:
        exact, f1 = metric.scores("Ada Quill", ["Quill", "Ada Quill of Dunmore"])
        self.assertEqual(exact, 0)
        self.assertAlmostEqual(f1, 2 * 2 / (2 + 4))

    def test_without_a_true_answer_only_silence_is_right(self) -> None:
        self.assertEqual(metric.scores("", []), (1.0, 1.0))
        self.assertEqual(metric.scores("mill", []), (0.0, 0.0))

    def test_the_best_threshold_separates_what_has_an_answer_from_what_has_none(self) -> None:
        threshold, best = metric.best_threshold([-3, -2, 1, 2], [1, 1, 0, 0], [0, 0, 1, 1])
        self.assertEqual((threshold, best), (-2, 1.0))

    def test_the_best_threshold_is_minus_infinity_where_silence_is_best(self) -> None:
        self.assertEqual(metric.best_threshold([0.0, 1.0], [0, 0], [1, 1]), (float("-inf"), 1.0))
