import random
import unittest

from distilqa_training import documents, facts, mixture
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
        places = set()
        for seed in range(50):
            made = mixture._joined(MILL, neighbours, random.Random(seed))
            ((text, start),) = made.answers
            self.assertEqual(made.context[start : start + len(text)], "Ada Quill")
            self.assertIn(MILL.context, made.context)
            places.add((start > 0, made.context.endswith(MILL.context)))
        # Alone, first, last and in the midst of others.
        self.assertEqual(places, {(False, True), (False, False), (True, True), (True, False)})

    def test_a_mixture_is_the_same_for_the_same_seed_and_has_all_that_was_read(self) -> None:
        read = {"a": [MILL, BRIDGE, SHIP, COPY] * 5}
        once, again = mixture.mix(read, mixture.Made(), 1), mixture.mix(read, mixture.Made(), 1)
        self.assertEqual(once, again)
        self.assertNotEqual(once, mixture.mix(read, mixture.Made(), 2))
        for one in (MILL, BRIDGE, SHIP, COPY):
            self.assertGreaterEqual(once.count(one), 5)

    def test_a_mixture_has_as_many_of_each_kind_as_their_shares_say(self) -> None:
        read = {"a": [MILL, BRIDGE, SHIP] * 10}
        none = dict.fromkeys(("similar", "other", "without_sentence", "swapped", "joined", "documents"), 0.0)

        def made(kind: str) -> list[Example]:
            mixed = mixture.mix(read, mixture.Made(**{**none, kind: 0.5}), 1)
            for one in read["a"]:
                mixed.remove(one)
            return mixed

        contexts = {MILL.context, BRIDGE.context, SHIP.context}
        similar = made("similar")
        self.assertEqual(len(similar), 15)
        self.assertTrue(all(not one.answers and one.context in contexts for one in similar))
        for kind in ("other", "without_sentence", "swapped"):
            with self.subTest(kind=kind):
                self.assertTrue(made(kind))
                self.assertTrue(all(not one.answers for one in made(kind)))
        self.assertTrue(all(one.context not in contexts for one in made("without_sentence")))
        self.assertTrue(all(one.context in contexts for one in made("swapped")))
        joined = made("joined")
        self.assertEqual(len(joined), 15)
        self.assertTrue(all(one.answers for one in joined))
        self.assertEqual(len(made("documents")), 15)
        self.assertFalse(contexts & {one.context for one in made("documents")})


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

    def test_every_layout_states_every_fact_of_every_record(self) -> None:
        r = random.Random(3)
        for layout in set(documents.LAYOUTS):
            for kind in facts.KINDS:
                with self.subTest(layout=layout.__name__, kind=kind.nouns[0]):
                    first = facts.record(r, kind, 4)
                    records = [first, facts.record(r, kind, 0, like=first)]
                    page = documents.Page()
                    layout(r, records, page)
                    places = [page.place(fact) for record in records for fact in record.facts]
                    self.assertEqual(len({answer.start for answer in places}), 8)
                    for record in records:
                        self.assertIn(record.name.lower().replace("_", " "), page.text.lower().replace("_", " "))
                        for fact in record.facts:
                            answer = page.place(fact)
                            self.assertEqual(page.text[answer.start : answer.end], fact.value)

    def test_the_same_seed_makes_the_same_documents(self) -> None:
        self.assertEqual(list(documents.examples(50, 1, [])), list(documents.examples(50, 1, [])))
        self.assertNotEqual(list(documents.examples(50, 1, [])), list(documents.examples(50, 2, [])))

    def test_no_question_keeps_a_placeholder(self) -> None:
        for made in documents.examples(3000, seed=6, around=[]):
            self.assertNotRegex(made.question + made.context, r"\{[a-z]*\}")
