import random
import unittest

from distilqa_training import documents, mixture
from distilqa_training.examples import Answer, Example


def example(context: str, question: str, answer: str) -> Example:
    return Example(context, question, (Answer(answer, context.index(answer)),))


MILL = example("Ada Quill built the mill of Dunmore. It ground corn. Tom Reed sold it in 1912 to a baker. It stands there still, in spite of all the storms that it has seen since, and grinds.", "Who built the mill of Dunmore?", "Ada Quill")  # fmt: skip
BRIDGE = example("The bridge of Dunmore is of stone. Ben Orr built it in 1850.", "When was the bridge of Dunmore built?", "1850")
SHIP = example("A ship brings mail to Sule on Fridays.", "What does the ship bring to Sule?", "mail")
COPY = example("Some say Ada Quill built the mill of Dunmore.", "Who built it?", "Ada Quill")


class MixtureTest(unittest.TestCase):
    def test_the_context_most_like_a_question_is_found_unless_it_holds_the_answer(self) -> None:
        found = mixture.Neighbours([MILL, BRIDGE, SHIP, COPY])
        self.assertEqual(found.similar(MILL), BRIDGE.context)
        self.assertEqual(mixture.Neighbours([MILL, COPY]).similar(MILL), None)

    def test_without_its_sentence_a_context_does_not_hold_the_answer(self) -> None:
        made = mixture._without_sentence(MILL)
        self.assertEqual(made.answers, ())
        self.assertNotIn("Ada Quill", made.context)
        self.assertIn("Tom Reed", made.context)
        self.assertIsNone(mixture._without_sentence(SHIP))

    def test_a_swapped_name_or_number_is_not_of_the_context(self) -> None:
        made = mixture._swapped(MILL, SHIP, random.Random(1))
        self.assertEqual((made.context, made.answers), (MILL.context, ()))
        self.assertEqual(made.question, "Who built the mill of Sule?")

    def test_a_joined_context_has_the_answer_at_its_new_place(self) -> None:
        neighbours = mixture.Neighbours([MILL, BRIDGE, SHIP])
        for seed in range(50):
            made = mixture._joined(MILL, neighbours, random.Random(seed))
            for answer in made.answers:
                self.assertEqual(made.context[answer.start : answer.end], "Ada Quill")
            self.assertIn(MILL.context, made.context)

    def test_a_mixture_is_the_same_for_the_same_seed_and_has_all_that_was_read(self) -> None:
        read = {"a": [MILL, BRIDGE, SHIP, COPY] * 5}
        once, again = mixture.mix(read, mixture.Made(), 1), mixture.mix(read, mixture.Made(), 1)
        self.assertEqual(once, again)
        self.assertNotEqual(once, mixture.mix(read, mixture.Made(), 2))
        self.assertLess(len(read["a"]), len(once))
        for one in (MILL, BRIDGE, SHIP, COPY):
            self.assertGreaterEqual(once.count(one), 5)


class DocumentsTest(unittest.TestCase):
    def test_an_answer_stands_where_it_is_said_to_stand(self) -> None:
        some = list(documents.examples(3000, seed=5, around=["Prose before a table. " * 20]))
        for made in some:
            for answer in made.answers:
                self.assertEqual(made.context[answer.start : answer.end], answer.text)
                self.assertTrue(answer.text.strip())
        unanswerable = sum(not made.answers for made in some) / len(some)
        self.assertGreater(unanswerable, 0.05)
        self.assertLess(unanswerable, 0.3)

    def test_the_same_seed_makes_the_same_documents(self) -> None:
        self.assertEqual(list(documents.examples(50, 1, [])), list(documents.examples(50, 1, [])))
        self.assertNotEqual(list(documents.examples(50, 1, [])), list(documents.examples(50, 2, [])))

    def test_no_question_keeps_a_placeholder(self) -> None:
        for made in documents.examples(3000, seed=6, around=[]):
            self.assertNotRegex(made.question + made.context, r"\{[a-z]*\}")
