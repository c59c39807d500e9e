#!/usr/bin/env python3
"""Makes the conformance kit's checkpoints and golden logits.

  make_golden.py TINY_DISTILBERT RESOURCES

TINY_DISTILBERT is the golden checkpoint of the project (config.json, model.safetensors, cases.json), whose logits come
from a float64 reference that was checked against another runtime. Its token table is cut down to the tokens that the cases
use, and their ids renumbered, so that the kit stays small; nothing else changes. The script's own float64 reference must
agree with those logits to 1e-6 before it may add anything: a sequence of one token, and a second checkpoint whose
dimensions are no powers of two. Needs numpy.
"""
import json, math, os, struct, sys
import numpy as np

try:
    from scipy.special import erf
except ImportError:
    erf = np.vectorize(math.erf, otypes=[np.float64])


def read_safetensors(path):
    data = open(path, "rb").read()
    (n,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + n])
    return {
        k: np.frombuffer(data, "<f4", offset=8 + n + v["data_offsets"][0], count=int(np.prod(v["shape"]))).reshape(v["shape"])
        for k, v in header.items()
        if k != "__metadata__"
    }


def write_safetensors(path, weights):
    header, offset = {}, 0
    for k, a in weights.items():
        header[k] = {"dtype": "F32", "shape": list(a.shape), "data_offsets": [offset, offset + a.nbytes]}
        offset += a.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text)
        for a in weights.values():
            f.write(np.ascontiguousarray(a, "<f4").tobytes())


def logits(c, w, ids):
    """The network in float64, one sequence at a time."""
    w = {k: v.astype(np.float64) for k, v in w.items()}
    heads, size = c["n_heads"], c["dim"] // c["n_heads"]

    def norm(x, p):
        centred = x - x.mean(-1, keepdims=True)
        return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12) * w[p + ".weight"] + w[p + ".bias"]

    def linear(x, p):
        return x @ w[p + ".weight"].T + w[p + ".bias"]

    def activation(x):
        return np.maximum(x, 0) if c["activation"] == "relu" else x * 0.5 * (1 + erf(x / math.sqrt(2)))

    e = "distilbert.embeddings."
    x = norm(w[e + "word_embeddings.weight"][ids] + w[e + "position_embeddings.weight"][: len(ids)], e + "LayerNorm")
    for i in range(c["n_layers"]):
        p = f"distilbert.transformer.layer.{i}."
        q, k, v = (
            linear(x, p + f"attention.{n}_lin").reshape(len(ids), heads, size).transpose(1, 0, 2) for n in "qkv"
        )
        s = q @ k.transpose(0, 2, 1) / math.sqrt(size)
        s = np.exp(s - s.max(-1, keepdims=True))
        s /= s.sum(-1, keepdims=True)
        x = norm(linear((s @ v).transpose(1, 0, 2).reshape(len(ids), -1), p + "attention.out_lin") + x, p + "sa_layer_norm")
        x = norm(linear(activation(linear(x, p + "ffn.lin1")), p + "ffn.lin2") + x, p + "output_layer_norm")
    out = linear(x, "qa_outputs")
    return out[:, 0], out[:, 1]


def random_weights(c, rng):
    def r(*shape, k):
        return (rng.standard_normal(shape) * k).astype(np.float32)

    d, h = c["dim"], c["hidden_dim"]
    e = "distilbert.embeddings."
    w = {
        e + "word_embeddings.weight": r(c["vocab_size"], d, k=0.5),
        e + "position_embeddings.weight": r(c["max_position_embeddings"], d, k=0.2),
        e + "LayerNorm.weight": 1 + r(d, k=0.1),
        e + "LayerNorm.bias": r(d, k=0.1),
    }
    for i in range(c["n_layers"]):
        p = f"distilbert.transformer.layer.{i}."
        maps = [(f"attention.{n}_lin", d, d) for n in ("q", "k", "v", "out")] + [("ffn.lin1", h, d), ("ffn.lin2", d, h)]
        for n, rows, columns in maps:
            w[p + n + ".weight"] = r(rows, columns, k=1.2 / math.sqrt(columns))
            w[p + n + ".bias"] = r(rows, k=0.1)
        for n in ("sa_layer_norm", "output_layer_norm"):
            w[p + n + ".weight"] = 1 + r(d, k=0.1)
            w[p + n + ".bias"] = r(d, k=0.1)
    w["qa_outputs.weight"], w["qa_outputs.bias"] = r(2, d, k=0.3), r(2, k=0.1)
    return w


def case(c, w, name, ids):
    start, end = logits(c, w, ids)
    return {
        "name": name,
        "input_ids": [int(i) for i in ids],
        "start_logits": [round(float(v), 7) for v in start],
        "end_logits": [round(float(v), 7) for v in end],
    }


def save(folder, c, w, cases):
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/config.json", "w") as f:
        json.dump(c, f, indent=2)
        f.write("\n")
    write_safetensors(f"{folder}/model.safetensors", w)
    with open(f"{folder}/cases.json", "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(k) for k in cases) + "\n]\n")


def main():
    source, resources = sys.argv[1:]
    c = json.load(open(f"{source}/config.json"))
    w = read_safetensors(f"{source}/model.safetensors")
    sequences = []
    for k in json.load(open(f"{source}/cases.json"))["cases"]:
        for ids, mask, start, end in zip(k["input_ids"], k["attention_mask"], k["start_logits"], k["end_logits"]):
            n = sum(mask)
            sequences.append((f"{n} tokens of \"{k['name']}\"", ids[:n], start, end))
    used = sorted({i for _, ids, _, _ in sequences for i in ids})
    number = {i: n for n, i in enumerate(used)}
    table = "distilbert.embeddings.word_embeddings.weight"
    w[table] = w[table][used]
    c["vocab_size"] = len(used)
    cases, worst = [], 0.0
    for name, ids, start, end in sequences:
        ids = [number[i] for i in ids]
        s, e = logits(c, w, ids)
        worst = max(worst, np.abs(s - start).max(), np.abs(e - end).max())
        cases.append({"name": name, "input_ids": ids, "start_logits": start, "end_logits": end})
    assert worst < 1e-6, f"the reference is off by {worst}"
    cases.append(case(c, w, "1 token", [number[101]]))
    save(f"{resources}/tiny", c, w, cases)

    c = dict(c, dim=60, n_heads=5, hidden_dim=100, n_layers=3, vocab_size=257, max_position_embeddings=97)
    rng = np.random.default_rng(11)
    for activation in ("gelu", "relu"):
        c = dict(c, activation=activation)
        w = random_weights(c, rng)
        cases = [case(c, w, f"{n} tokens", rng.integers(0, 257, n)) for n in (1, 2, 13, 32, 33, 97)]
        save(f"{resources}/odd-{activation}", c, w, cases)
    print(f"reference against golden logits: {worst:.1e}; {len(used)} tokens kept")


main()
