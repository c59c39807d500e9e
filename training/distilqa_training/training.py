"""Training a network on windows: batches of like length, mixed precision, averaged weights, resumed where it stopped."""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy
import torch
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm

from .windows import WindowSet


@dataclass(frozen=True)
class Settings:
    """
    batch_tokens: tokens of a batch, padding included. warm_up: the share of the steps in which the learning rate rises.
    average: the decay of the mean of the weights that is kept besides them, per step. hard: how much the labels count beside
    the teacher's distributions, where there is a teacher. temperature: of both distributions that are compared.
    """

    epochs: float
    learning_rate: float
    batch_tokens: int
    warm_up: float = 0.06
    weight_decay: float = 0.01
    average: float = 0.999
    hard: float = 0.3
    temperature: float = 1.0
    seed: int = 1


class DeviceWindows:
    """Windows kept on the device where the network is, from which batches are gathered there."""

    def __init__(self, windows: WindowSet, device: torch.device) -> None:
        self.lengths = windows.lengths
        self.device = device
        self._ids = torch.from_numpy(windows.ids).to(device)
        self._offsets = torch.from_numpy(windows.offsets).to(device)
        self._context = torch.from_numpy(windows.context).to(device)
        self._labels = torch.from_numpy(windows.labels).to(device).long()

    def gather(self, chosen: numpy.ndarray) -> "Batch":
        longest = int(self.lengths[chosen].max())
        index = torch.from_numpy(chosen).to(self.device)
        begin, length = self._offsets[index], self._offsets[index + 1] - self._offsets[index]
        # Kernels are fast where rows are whole vectors.
        places = torch.arange((longest + 7) // 8 * 8, device=self.device)
        valid = places[None] < length[:, None]
        flat = torch.where(valid, begin[:, None] + places[None], 0)
        ids = torch.where(valid, self._ids[flat], 0).long()
        context = (places[None] >= self._context[index][:, None]) & (places[None] < length[:, None] - 1)
        return Batch(ids, valid, context | (places == 0)[None], self._labels[index], flat)


@dataclass(frozen=True)
class Batch:
    """
    ids [windows, tokens]; valid: what is no padding; allowed: where an answer may start or end, [CLS] and the context; labels
    [windows, 2]; flat: the place of each token in the set's ids.
    """

    ids: Tensor
    valid: Tensor
    allowed: Tensor
    labels: Tensor
    flat: Tensor


def batches(lengths: numpy.ndarray, batch_tokens: int, random: numpy.random.Generator) -> list[numpy.ndarray]:
    """All windows once, in batches of like length that hold at most batch_tokens, in a random order."""
    order = random.permutation(len(lengths))
    result = []
    pool = 64 * max(1, batch_tokens // 128)
    for begin in range(0, len(order), pool):
        part = order[begin : begin + pool]
        part = part[numpy.argsort(lengths[part], kind="stable")]
        first = 0
        while first < len(part):
            last = first + 1
            while last < len(part) and (last + 1 - first) * int(lengths[part[last]]) <= batch_tokens:
                last += 1
            result.append(part[first:last])
            first = last
    random.shuffle(result)
    return result


def precision(device: torch.device):
    return torch.autocast("cuda", torch.bfloat16) if device.type == "cuda" else contextlib.nullcontext()


def loss(logits: Tensor, batch: Batch, taught: Tensor | None, settings: Settings) -> Tensor:
    """
    The mean over start and end of the cross entropy with the labels and, with a teacher, the Kullback-Leibler divergence from its
    distribution (Hinton et al., 2015), both over the allowed positions. logits and taught: [windows, tokens, 2].
    """
    outside = ~batch.allowed[..., None]
    logits = logits.masked_fill(outside, -1e4).transpose(1, 2)
    labelled = functional.cross_entropy(logits.flatten(0, 1), batch.labels.flatten())
    if taught is None:
        return labelled
    heat = settings.temperature
    teacher = functional.log_softmax(taught.masked_fill(outside, -1e4).transpose(1, 2) / heat, -1)
    student = functional.log_softmax(logits / heat, -1)
    divergence = functional.kl_div(student, teacher, log_target=True, reduction="sum") / (2 * len(logits)) * heat * heat
    return settings.hard * labelled + (1 - settings.hard) * divergence


def _optimizer(network: nn.Module, settings: Settings, device: torch.device) -> torch.optim.AdamW:
    trained = [(name, p) for name, p in network.named_parameters() if p.requires_grad]
    return torch.optim.AdamW(
        [
            {"params": [p for _, p in trained if p.ndim > 1], "weight_decay": settings.weight_decay},
            {"params": [p for _, p in trained if p.ndim == 1], "weight_decay": 0.0},
        ],
        lr=settings.learning_rate,
        betas=(0.9, 0.98),
        fused=device.type == "cuda",
    )


def _rate(step: int, steps: int, settings: Settings) -> float:
    rising = max(1.0, settings.warm_up * steps)
    return min((step + 1) / rising, max(0.0, (steps - step) / (steps - rising))) if steps > rising else 1.0


class _State:
    """A network in training: its optimizer, the mean of its weights, and how many steps were made. Kept in a file."""

    def __init__(self, network: nn.Module, settings: Settings, file: Path) -> None:
        self.network, self.settings, self.file = network, settings, file
        self.device = next(network.parameters()).device
        self.optimizer = _optimizer(network, settings, self.device)
        self.mean = {key: value.detach().clone() for key, value in network.state_dict().items()}
        self.steps = 0
        self._floating = [key for key, value in self.mean.items() if value.is_floating_point()]
        if file.exists():
            kept = torch.load(file, map_location=self.device, weights_only=True)
            network.load_state_dict(kept["network"])
            self.optimizer.load_state_dict(kept["optimizer"])
            self.mean, self.steps = kept["mean"], kept["step"]

    def step(self, batch: Batch, taught: Tensor | None, steps: int) -> Tensor:
        """Makes one step of so many; the loss before it."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.settings.learning_rate * _rate(self.steps, steps, self.settings)
        with precision(self.device):
            logits = self.network(batch.ids, batch.valid)
        value = loss(logits, batch, taught[batch.flat].float() if taught is not None else None, self.settings)
        value.backward()
        nn.utils.clip_grad_norm_([p for p in self.network.parameters() if p.requires_grad], 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.steps += 1
        # Early on, the mean follows faster: nothing of the beginning should stay in it.
        decay = min(self.settings.average, self.steps / (self.steps + 9))
        own = self.network.state_dict()
        torch._foreach_lerp_([self.mean[key] for key in self._floating], [own[key] for key in self._floating], 1 - decay)
        return value.detach()

    def keep(self) -> None:
        partial = self.file.with_suffix(".partial")
        kept = {"network": self.network.state_dict(), "optimizer": self.optimizer.state_dict(), "mean": self.mean, "step": self.steps}
        torch.save(kept, partial)
        partial.replace(self.file)

    def is_finite(self) -> bool:
        return all(torch.isfinite(self.mean[key]).all() for key in self._floating)


def train(
    name: str, network: nn.Module, windows: WindowSet, taught: Tensor | None, settings: Settings, state: Path, save_every: float = 120
) -> dict[str, Tensor]:
    """
    Trains the network on the windows, with the teacher's logits [tokens of all windows, 2] where there are some, and gives the
    mean of its weights. The state is kept in a file, from which an interrupted training goes on.
    """
    torch.manual_seed(settings.seed)
    made = _State(network, settings, state)
    gathered = DeviceWindows(windows, made.device)
    plan = list(_plan(windows.lengths, settings))
    network.train()
    saved = time.monotonic()
    running = None
    with tqdm(total=len(plan), initial=made.steps, desc=name, unit="step", mininterval=1, smoothing=0.05) as bar:
        for step in range(made.steps, len(plan)):
            value = made.step(gathered.gather(plan[step]), taught, len(plan))
            running = value if running is None else running.lerp(value, 0.02)
            bar.update()
            if step % 50 == 0:
                bar.set_postfix(loss=f"{running.item():.3f}")
            if time.monotonic() - saved > save_every:
                made.keep()
                saved = time.monotonic()
    if not made.is_finite():
        raise ArithmeticError(f"{name}: the training diverged; lower the learning rate")
    made.keep()
    network.load_state_dict(made.mean)
    return made.mean


def _plan(lengths: numpy.ndarray, settings: Settings) -> Iterator[numpy.ndarray]:
    """The batches of all epochs; the last one may be a part of one."""
    random = numpy.random.default_rng(settings.seed)
    left = settings.epochs
    while left > 0:
        epoch = batches(lengths, settings.batch_tokens, random)
        yield from epoch[: round(len(epoch) * min(1.0, left))]
        left -= 1


@torch.no_grad()
def logits(name: str, network: nn.Module, windows: WindowSet, batch_tokens: int) -> Tensor:
    """The network's logits of all windows' tokens, laid end to end: [tokens, 2], float16, where the network is."""
    device = next(network.parameters()).device
    gathered = DeviceWindows(windows, device)
    result = torch.zeros((len(windows.ids), 2), dtype=torch.float16, device=device)
    network.eval()
    plan = batches(windows.lengths, batch_tokens, numpy.random.default_rng(0))
    for chosen in tqdm(plan, desc=name, unit="batch", mininterval=1):
        batch = gathered.gather(chosen)
        with precision(device):
            given = network(batch.ids, batch.valid)
        result[batch.flat[batch.valid]] = given[batch.valid].clamp(-6e4, 6e4).half()
    return result
