"""training/run: makes the bundled model, or fine-tunes a model on a user's questions."""

import argparse
import json
import shutil
import sys
from pathlib import Path

import tokenizers

from . import mixture, start, windows
from .examples import DataError, Example, read
from .windows import WindowSet

# What the bundled model was made with, chosen on the validation sets.
TEACHER = {"epochs": 1.5, "learning_rate": 5e-5, "batch_tokens": 16384}
FROM_THE_START = {"epochs": 5.6, "learning_rate": 6e-4, "batch_tokens": 32768}
FINE_TUNING = {"epochs": 3.0, "learning_rate": 5e-5, "batch_tokens": 4096}


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="training/run", description=__doc__)
    data = parser.add_argument_group("what to train on")
    data.add_argument("--data", type=Path, metavar="DIR", help="the folder of the bundled model's data: makes that model from the start")
    data.add_argument(
        "--train", type=Path, action="append", default=[], metavar="FILE",
        help="a file in SQuAD's form, version 1.1 or 2.0, or of JSON lines: fine-tunes the bundled model, or --start. May be repeated",
    )  # fmt: skip
    data.add_argument(
        "--validation", type=Path, action="append", default=[], metavar="FILE", help="a file to measure with before and after"
    )
    data.add_argument("--limit", type=int, metavar="N", help="at most N questions of each file, to try the whole way out")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="keeps what each stage made; the model comes to be in DIR/checkpoint"
    )
    parser.add_argument("--start", type=Path, metavar="DIR", help="the checkpoint to begin with, of DistilBERT or BERT")
    parser.add_argument("--teacher", type=Path, metavar="DIR", help="the checkpoint that the teacher begins with, of MPNet")
    parser.add_argument("--no-teacher", action="store_true", help="with --data: train on the labels alone, in a third of the time")
    how = parser.add_argument_group("how to train (default with --data, with --train alone)")
    for name, kind, what in (
        ("epochs", float, "passes over the data"),
        ("learning_rate", float, "the highest"),
        ("batch_tokens", int, "tokens of a batch"),
    ):
        values = f"{FROM_THE_START[name]:g}, {FINE_TUNING[name]:g}"
        how.add_argument(f"--{name.replace('_', '-')}", type=kind, metavar="X", help=f"{what} ({values})")
    how.add_argument("--hard", type=float, default=0.1, metavar="X", help="the weight of the labels beside the teacher, 0 to 1 (0.1)")
    how.add_argument("--temperature", type=float, default=2.0, metavar="X", help="of the teacher's and the student's distributions (2)")
    how.add_argument("--seed", type=int, default=1, metavar="N")
    how.add_argument("--device", default="auto", choices=("auto", "cuda", "cpu"))
    options = parser.parse_args(given)
    if not options.data and not options.train:
        parser.error("name what to train on: --data DIR, or --train FILE")
    if options.teacher and options.no_teacher:
        parser.error("--teacher and --no-teacher exclude each other")
    for name in ("limit", "epochs", "learning_rate", "batch_tokens", "temperature"):
        value = getattr(options, name)
        if value is not None and value <= 0:
            parser.error(f"--{name.replace('_', '-')} must be above 0")
    if not 0 <= options.hard <= 1:
        parser.error("--hard must be from 0 to 1")
    for name, value in (FROM_THE_START if options.data else FINE_TUNING).items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    return options


def main() -> int:
    options = arguments()
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        _remember(options)
        _run(options)
    except (DataError, OSError) as e:
        print(f"training: {e}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("training: interrupted; the same command goes on from here", file=sys.stderr)
        return 130
    return 0


def _remember(options: argparse.Namespace) -> None:
    """What a folder keeps belongs to one set of options; others would go on from what does not fit them."""
    kept = {name: str(value) for name, value in sorted(vars(options).items()) if name not in ("out", "device", "validation")}
    file = options.out / "options.json"
    if file.exists():
        before = json.loads(file.read_text(encoding="utf-8"))
        changed = [f"{name} was {before.get(name)} and is {kept[name]}" for name in kept if before.get(name) != kept[name]]
        if changed:
            raise DataError(f"{options.out} was begun with other options ({', '.join(changed)}); name another folder with --out")
    file.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def _run(options: argparse.Namespace) -> None:
    training, validation = _examples(options)
    _say(f"{len(training)} questions to train on, {sum(not e.answers for e in training)} of them without an answer")
    begin, teacher = options.start, options.teacher
    if begin is None:
        begin = start.fetched(start.MINILM, options.out / "start") if options.data else start.BUNDLED
    if options.data and teacher is None and not options.no_teacher:
        teacher = start.fetched(start.MPNET, options.out / "start")
    words = windows.tokenizer(begin)
    file = options.out / "windows.npz"
    if not file.exists():
        windows.build(training, words, keep_without_answer=0.3, seed=options.seed).save(file)
    training_windows = WindowSet.load(file)
    _say(f"{len(training_windows)} windows of {training_windows.lengths.mean():.0f} tokens")
    measured = {name: (found, windows.build(found, words)) for name, found in validation.items()}
    _train(options, begin, teacher, training_windows, words, measured)


def _examples(options: argparse.Namespace) -> tuple[list[Example], dict[str, list[Example]]]:
    training: list[Example] = []
    validation: dict[str, list[Example]] = {}
    if options.data:
        found, validation = mixture.load(options.data, options.limit, options.seed)
        training = mixture.mix(found, mixture.Made(), options.seed)
    for path in options.train:
        training += read(path)[: options.limit]
    for path in options.validation:
        validation[path.name] = read(path)[: options.limit]
    if not training:
        raise DataError("there is no question to train on")
    return training, validation


def _train(
    options: argparse.Namespace, begin: Path, teacher: Path | None, training_windows: WindowSet, words: tokenizers.Tokenizer,
    measured: dict[str, tuple[list[Example], WindowSet]],
) -> None:  # fmt: skip
    # Everything before this works, and is tested, without PyTorch.
    import torch

    from . import networks
    from .stages import Stages

    device = torch.device(("cuda" if torch.cuda.is_available() else "cpu") if options.device == "auto" else options.device)
    _say(f"on {torch.cuda.get_device_name() if device.type == 'cuda' else f'the CPU, {torch.get_num_threads()} threads'}")
    stages = Stages(options.out, device, training_windows, words, measured, _say)

    def settings(values: dict[str, float]) -> dict[str, float]:
        return {**values, "hard": options.hard, "temperature": options.temperature, "seed": options.seed}

    try:
        network = networks.student(begin).to(device)
        if not options.data:
            stages.measure("before", network)
        taught = stages.taught(teacher, settings(TEACHER)) if teacher else None
        own = settings({name: getattr(options, name) for name in FROM_THE_START})
        folder = stages.student(network, taught, own)
    except (networks.CheckpointError, ArithmeticError) as e:
        raise DataError(str(e)) from e
    _copy_tokenizer(begin, folder)
    stages.measure("student", network)
    _say(f"the model is in {folder}")


def _copy_tokenizer(begin: Path, folder: Path) -> None:
    for name in windows.TOKENIZER_FILES:
        if (begin / name).exists():
            shutil.copyfile(begin / name, folder / name)
    if not (folder / "tokenizer.json").exists() and not (folder / "tokenizer_config.json").exists():
        (folder / "tokenizer_config.json").write_text(json.dumps(_TOKENIZER, indent=2) + "\n", encoding="utf-8")


# What vocab.txt alone does not say, for Hugging Face's libraries.
_TOKENIZER = {"do_lower_case": True, "model_max_length": 512, "tokenizer_class": "DistilBertTokenizer"}


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
