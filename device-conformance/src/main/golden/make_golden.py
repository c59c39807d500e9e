#!/usr/bin/env python3
"""Makes the conformance kit's checkpoints and golden logits.

  make_golden.py TINY_DISTILBERT RESOURCES

TINY_DISTILBERT is the golden checkpoint of the project (config.json, model.safetensors, cases.json), whose logits come
from a float64 reference that was checked against another runtime. Its token table is cut down to the tokens that the cases
use, and their ids renumbered, so that the kit stays small; nothing else changes. The script's own float64 reference must
agree with those logits to 1e-6 before it may add anything: a sequence of one token, checkpoints whose dimensions are no
powers of two, one for each further activation, and one of BERT. Needs numpy.
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


DISTILBERT = dict(
    encoder="distilbert.", layer="transformer.layer.{}.", layers="n_layers", heads="n_heads", dim="dim",
    hidden="hidden_dim", activation="activation",
    query="attention.q_lin", key="attention.k_lin", value="attention.v_lin", out="attention.out_lin",
    attended="sa_layer_norm", first="ffn.lin1", second="ffn.lin2", result="output_layer_norm",
)
BERT = dict(
    encoder="bert.", layer="encoder.layer.{}.", layers="num_hidden_layers", heads="num_attention_heads",
    dim="hidden_size", hidden="intermediate_size", activation="hidden_act",
    query="attention.self.query", key="attention.self.key", value="attention.self.value", out="attention.output.dense",
    attended="attention.output.LayerNorm", first="intermediate.dense", second="output.dense", result="output.LayerNorm",
)
ACTIVATIONS = {
    "gelu": lambda x: x * 0.5 * (1 + erf(x / math.sqrt(2))),
    "gelu_new": lambda x: x * 0.5 * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
    "relu": lambda x: np.maximum(x, 0),
    "silu": lambda x: x / (1 + np.exp(-x)),
}


def names(c):
    return BERT if c["model_type"] == "bert" else DISTILBERT


def logits(c, w, ids, second_segment_length=0):
    """The network in float64, one sequence at a time; the last tokens are the second segment."""
    n = names(c)
    w = {k: v.astype(np.float64) for k, v in w.items()}
    heads, size = c[n["heads"]], c[n["dim"]] // c[n["heads"]]
    activation = ACTIVATIONS[c[n["activation"]]]

    def norm(x, p):
        centred = x - x.mean(-1, keepdims=True)
        variance = (centred**2).mean(-1, keepdims=True)
        return centred / np.sqrt(variance + c.get("layer_norm_eps", 1e-12)) * w[p + ".weight"] + w[p + ".bias"]

    def linear(x, p):
        return x @ w[p + ".weight"].T + w[p + ".bias"]

    e = n["encoder"] + "embeddings."
    x = w[e + "word_embeddings.weight"][ids] + w[e + "position_embeddings.weight"][: len(ids)]
    if n is BERT:
        types = [int(i >= len(ids) - second_segment_length) for i in range(len(ids))]
        x = x + w[e + "token_type_embeddings.weight"][types]
    x = norm(x, e + "LayerNorm")
    for i in range(c[n["layers"]]):
        p = n["encoder"] + n["layer"].format(i)
        q, k, v = (
            linear(x, p + n[m]).reshape(len(ids), heads, size).transpose(1, 0, 2) for m in ("query", "key", "value")
        )
        s = q @ k.transpose(0, 2, 1) / math.sqrt(size)
        s = np.exp(s - s.max(-1, keepdims=True))
        s /= s.sum(-1, keepdims=True)
        x = norm(linear((s @ v).transpose(1, 0, 2).reshape(len(ids), -1), p + n["out"]) + x, p + n["attended"])
        x = norm(linear(activation(linear(x, p + n["first"])), p + n["second"]) + x, p + n["result"])
    out = linear(x, "qa_outputs")
    return out[:, 0], out[:, 1]


def random_weights(c, rng, head=0.3):
    def r(*shape, k):
        return (rng.standard_normal(shape) * k).astype(np.float32)

    n = names(c)
    d, h = c[n["dim"]], c[n["hidden"]]
    e = n["encoder"] + "embeddings."
    w = {
        e + "word_embeddings.weight": r(c["vocab_size"], d, k=0.5),
        e + "position_embeddings.weight": r(c["max_position_embeddings"], d, k=0.2),
        e + "LayerNorm.weight": 1 + r(d, k=0.1),
        e + "LayerNorm.bias": r(d, k=0.1),
    }
    for i in range(c[n["layers"]]):
        p = n["encoder"] + n["layer"].format(i)
        maps = [(n[m], d, d) for m in ("query", "key", "value", "out")] + [(n["first"], h, d), (n["second"], d, h)]
        for m, rows, columns in maps:
            w[p + m + ".weight"] = r(rows, columns, k=1.2 / math.sqrt(columns))
            w[p + m + ".bias"] = r(rows, k=0.1)
        for m in ("attended", "result"):
            w[p + n[m] + ".weight"] = 1 + r(d, k=0.1)
            w[p + n[m] + ".bias"] = r(d, k=0.1)
    w["qa_outputs.weight"], w["qa_outputs.bias"] = r(2, d, k=head), r(2, k=0.1)
    if n is BERT:
        w[e + "token_type_embeddings.weight"] = r(c["type_vocab_size"], d, k=0.5)
        # The task does not use it, and neither may a device.
        w["bert.pooler.dense.weight"] = np.full((d, d), np.nan, np.float32)
    return w


def case(c, w, name, ids, second_segment_length=0):
    start, end = logits(c, w, ids, second_segment_length)
    segment = {"second_segment_length": second_segment_length} if second_segment_length else {}
    return {
        "name": name,
        "input_ids": [int(i) for i in ids],
        **segment,
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

    # Dimensions that every device takes.
    rng = np.random.default_rng(12)
    c = dict(c, dim=64, n_heads=2, hidden_dim=96, n_layers=2, vocab_size=97, max_position_embeddings=64)
    for folder, activation in (("gelu-tanh", "gelu_new"), ("silu", "silu")):
        c = dict(c, activation=activation)
        w = random_weights(c, rng, head=0.2)
        cases = [case(c, w, f"{n} tokens", rng.integers(0, 97, n)) for n in (1, 2, 33, 64)]
        other, _ = logits(dict(c, activation="gelu"), w, cases[-1]["input_ids"])
        assert np.abs(other - cases[-1]["start_logits"]).max() > 5e-4, "a device with another activation would pass"
        save(f"{resources}/{folder}", c, w, cases)
    c = {
        "architectures": ["BertForQuestionAnswering"], "model_type": "bert", "vocab_size": 97, "type_vocab_size": 2,
        "max_position_embeddings": 64, "num_hidden_layers": 2, "num_attention_heads": 2, "hidden_size": 64,
        "intermediate_size": 96, "hidden_act": "gelu", "layer_norm_eps": 1e-3,
    }
    w = random_weights(c, rng, head=0.2)
    cases = [
        case(c, w, f"{n} tokens, {second} of them of the second type", rng.integers(0, 97, n), second)
        for n, second in ((1, 0), (13, 7), (32, 20), (33, 33), (40, 0), (64, 30))
    ]
    ids, second = cases[-1]["input_ids"], cases[-1]["second_segment_length"]
    for other in (logits(c, w, ids), logits(dict(c, layer_norm_eps=1e-12), w, ids, second)):
        assert np.abs(other[0] - cases[-1]["start_logits"]).max() > 5e-4, "a device that left this out would pass"
    save(f"{resources}/bert", c, w, cases)
    print(f"reference against golden logits: {worst:.1e}; {len(used)} tokens kept")


main()
