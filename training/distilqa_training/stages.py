"""The stages that need PyTorch: the teacher, the student, and what each of them scores. A folder keeps what each made."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import tokenizers
import torch
from torch import Tensor, nn

from . import figures, networks, training
from .examples import Example
from .windows import WindowSet


class Stages:
    """
    out: the folder. windows: what is trained on. measured: what is measured with, by name. say: tells a person how it goes.
    """

    def __init__(
        self, out: Path, device: torch.device, windows: WindowSet, words: tokenizers.Tokenizer,
        measured: dict[str, tuple[list[Example], WindowSet]], say: Callable[[str], None],
    ) -> None:  # fmt: skip
        self.out, self.device, self.windows, self.words, self.measured, self.say = out, device, windows, words, measured, say
        self._report: dict[str, dict[str, dict[str, float]]] = {}

    def measure(self, name: str, network: nn.Module) -> None:
        """Adds a network's figures to figures.json."""
        self._report[name] = {}
        for part, (found, its_windows) in self.measured.items():
            logits = training.logits(f"{name} on {part}", network, its_windows, 16384).cpu().numpy()
            scored = figures.figures(found, figures.answers(found, its_windows, logits, self.words))
            self._report[name][part] = scored
            self.say(f"{name} on {part}: " + ", ".join(f"{key} {_short(value)}" for key, value in scored.items()))
        (self.out / "figures.json").write_text(json.dumps(self._report, indent=2) + "\n", encoding="utf-8")

    def taught(self, begin: Path, settings: dict[str, float]) -> Tensor:
        """The logits of a teacher that was trained on the windows, or those that are kept."""
        file = self.out / "teacher-logits.pt"
        if not file.exists():
            network = networks.teacher(begin).to(self.device)
            training.train("teacher", network, self.windows, None, training.Settings(**settings), self.out / "teacher.pt")
            self.measure("teacher", network)
            partial = file.with_suffix(".partial")
            torch.save(training.logits("the teacher reads", network, self.windows, 65536).cpu(), partial)
            partial.replace(file)
        return torch.load(file, map_location=self.device, weights_only=True)

    def student(self, network: "networks.DistilBert", taught: Tensor | None, settings: dict[str, float]) -> Path:
        """Trains the network and writes it, without a tokenizer; the checkpoint's folder."""
        chosen = training.Settings(**settings)
        mean = training.train("student", network, self.windows, taught, chosen, self.out / "student.pt")
        folder = self.out / "checkpoint"
        networks.save(network, mean, folder)
        (self.out / "settings.json").write_text(json.dumps(dataclasses.asdict(chosen), indent=2) + "\n", encoding="utf-8")
        return folder


def _short(value: float | None) -> str:
    return "none" if value is None else f"{value:.2f}".removesuffix(".00")
