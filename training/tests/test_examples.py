import json
import lzma
import tempfile
import unittest
from pathlib import Path

from distilqa_training.examples import Answer, DataError, Example, read


class ExamplesTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def squad(self, *asked: dict, context: str = "Ada Quill built the mill.") -> Path:
        path = self.folder / f"asked-{asked[0]['id']}.json"
        document = {"version": "v2.0", "data": [{"title": "t", "paragraphs": [{"context": context, "qas": list(asked)}]}]}
        path.write_text(json.dumps(document), encoding="utf-8")
        return path

    def test_squad_1_and_2_are_read(self) -> None:
        path = self.squad(
            {"id": "1", "question": "Who built it?", "answers": [{"text": "Ada Quill", "answer_start": 0}]},
            {"id": "2", "question": "Who sold it?", "answers": [], "is_impossible": True},
        )
        self.assertEqual(
            read(path),
            [
                Example("Ada Quill built the mill.", "Who built it?", (Answer("Ada Quill", 0),)),
                Example("Ada Quill built the mill.", "Who sold it?", ()),
            ],
        )

    def test_places_count_code_points_so_that_an_emoji_is_one(self) -> None:
        context = "\N{GRINNING FACE}\N{GRINNING FACE} Ada Quill"
        asked = {"id": "1", "question": "Who?", "answers": [{"text": "Ada Quill", "answer_start": 3}]}
        self.assertEqual(read(self.squad(asked, context=context))[0].answers, (Answer("Ada Quill", 3),))
        in_utf16 = {"id": "1", "question": "Who?", "answers": [{"text": "Ada Quill", "answer_start": 5}]}
        with self.assertRaisesRegex(DataError, "question 1: the context has 'a Quill' at 5.*code points"):
            read(self.squad(in_utf16, context=context))

    def test_json_lines_are_read_plain_and_compressed(self) -> None:
        line = json.dumps({"context": "Ça va.", "question": "Q?", "answers": [{"text": "va", "answer_start": 3}]}) + "\n"
        plain, packed = self.folder / "a.jsonl", self.folder / "a.jsonl.xz"
        plain.write_text(line, encoding="utf-8")
        packed.write_bytes(lzma.compress(line.encode()))
        self.assertEqual(read(plain), [Example("Ça va.", "Q?", (Answer("va", 3),))])
        self.assertEqual(read(packed), read(plain))

    def test_what_is_wrong_is_said_with_its_place(self) -> None:
        lines = self.folder / "a.jsonl"
        lines.write_text('{"context": "x", "question": "Q?", "answers": []}\n{"context": "x"}\n', encoding="utf-8")
        with self.assertRaisesRegex(DataError, "a.jsonl, line 2: .*question"):
            read(lines)
        truncated = self.folder / "b.jsonl.xz"
        truncated.write_bytes(lzma.compress(b"{}\n" * 1000)[:20])
        for path, message in (
            (truncated, "cannot be read"),
            (self.folder / "none.json", "no such file"),
            (self.squad({"id": "7", "question": "Q?", "answers": []}), "question 7: no answers, and is_impossible is not set"),
            (self.squad({"id": "8", "question": " ", "answers": [], "is_impossible": True}), "question 8: .*blank"),
        ):
            with self.subTest(path=path.name), self.assertRaisesRegex(DataError, message):
                read(path)
        (self.folder / "list.json").write_text("[1]", encoding="utf-8")
        with self.assertRaisesRegex(DataError, "list.json: not a file of SQuAD"):
            read(self.folder / "list.json")
