import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path

from distilqa_training import __main__ as program
from distilqa_training.examples import DataError


class OptionsTest(unittest.TestCase):
    def refused(self, *given: str) -> str:
        err = io.StringIO()
        with contextlib.redirect_stderr(err), self.assertRaises(SystemExit):
            program.arguments(["--out", "out", *given])
        return err.getvalue()

    def test_what_is_wrong_is_said(self) -> None:
        self.assertIn("name what to train on", self.refused())
        self.assertIn("exclude each other", self.refused("--data", "d", "--teacher", "t", "--no-teacher"))
        self.assertIn("--batch-tokens must be above 0", self.refused("--train", "t", "--batch-tokens", "0"))
        self.assertIn("--hard must be from 0 to 1", self.refused("--train", "t", "--hard", "1.5"))

    def test_the_defaults_are_those_of_what_is_done(self) -> None:
        self.assertEqual(program.arguments(["--out", "o", "--train", "t"]).learning_rate, 5e-5)
        self.assertEqual(program.arguments(["--out", "o", "--data", "d"]).learning_rate, 6e-4)
        self.assertEqual(program.arguments(["--out", "o", "--data", "d", "--epochs", "2"]).epochs, 2)

    def test_a_folder_goes_on_with_the_options_that_it_was_begun_with(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            program._remember(program.arguments(["--out", folder, "--train", "t"]))
            program._remember(program.arguments(["--out", folder, "--train", "t", "--device", "cpu"]))
            with self.assertRaisesRegex(DataError, "seed was 1 and is 2"):
                program._remember(program.arguments(["--out", folder, "--train", "t", "--seed", "2"]))
            kept = json.loads((Path(folder) / "options.json").read_text(encoding="utf-8"))
            self.assertEqual(kept["seed"], "1")
