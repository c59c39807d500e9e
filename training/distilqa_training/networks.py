"""
The student, DistilBERT (Sanh et al., 2019), and the teacher, MPNet (Song et al., 2020), with a question-answering head each.
Their parameters have the names of Hugging Face's checkpoints, so that state dictionaries are checkpoints.
"""

import json
import math
from pathlib import Path

import safetensors.torch
import torch
from torch import Tensor, nn
from torch.nn import functional

# BERT's ids of [PAD], [CLS] and [SEP], which MPNet's vocabulary puts elsewhere; of every other word piece it has id + 4.
_BERT_SPECIAL = {0: 1, 101: 0, 102: 2}


class CheckpointError(Exception):
    """A checkpoint that cannot be used; the message says what is wrong with it."""


class SelfAttention(nn.Module):
    """Multi-head attention over [batch, tokens, width]; `names` are those of the query, key, value and output maps."""

    def __init__(self, width: int, heads: int, dropout: float, names: tuple[str, str, str, str]) -> None:
        super().__init__()
        self.heads, self.dropout, self.names = heads, dropout, names
        for name in names:
            setattr(self, name, nn.Linear(width, width))

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        batch, tokens, width = hidden.shape

        def split(name: str) -> Tensor:
            return getattr(self, name)(hidden).view(batch, tokens, self.heads, width // self.heads).transpose(1, 2)

        query, key, value = map(split, self.names[:3])
        dropout = self.dropout if self.training else 0.0
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask.to(query.dtype), dropout_p=dropout)
        return getattr(self, self.names[3])(mixed.transpose(1, 2).reshape(batch, tokens, width))


class _DistilBertLayer(nn.Module):
    def __init__(self, config: dict) -> None:
        super().__init__()
        width = config["dim"]
        self.attention = SelfAttention(width, config["n_heads"], config["attention_dropout"], ("q_lin", "k_lin", "v_lin", "out_lin"))
        self.sa_layer_norm = nn.LayerNorm(width, eps=1e-12)
        self.ffn = nn.Module()
        self.ffn.lin1, self.ffn.lin2 = nn.Linear(width, config["hidden_dim"]), nn.Linear(config["hidden_dim"], width)
        self.output_layer_norm = nn.LayerNorm(width, eps=1e-12)
        self.dropout = nn.Dropout(config["dropout"])

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        hidden = self.sa_layer_norm(hidden + self.attention(hidden, mask))
        fed = self.dropout(self.ffn.lin2(functional.gelu(self.ffn.lin1(hidden))))
        return self.output_layer_norm(hidden + fed)


class DistilBert(nn.Module):
    """DistilBertForQuestionAnswering: start and end logits, float32, of token ids [batch, tokens]."""

    def __init__(self, config: dict) -> None:
        super().__init__()
        self.config = config
        width = config["dim"]
        body = self.distilbert = nn.Module()
        body.embeddings = nn.Module()
        body.embeddings.word_embeddings = nn.Embedding(config["vocab_size"], width)
        body.embeddings.position_embeddings = nn.Embedding(config["max_position_embeddings"], width)
        body.embeddings.LayerNorm = nn.LayerNorm(width, eps=1e-12)
        body.transformer = nn.Module()
        body.transformer.layer = nn.ModuleList(_DistilBertLayer(config) for _ in range(config["n_layers"]))
        self.qa_outputs = nn.Linear(width, 2)
        nn.init.normal_(self.qa_outputs.weight, std=config.get("initializer_range", 0.02))
        nn.init.zeros_(self.qa_outputs.bias)
        self.dropout = nn.Dropout(config["dropout"])

    def forward(self, ids: Tensor, valid: Tensor) -> Tensor:
        """Logits [batch, tokens, 2] of ids, of which those that are `valid` count."""
        embeddings = self.distilbert.embeddings
        positions = torch.arange(ids.shape[1], device=ids.device)
        hidden = embeddings.word_embeddings(ids) + embeddings.position_embeddings(positions)
        hidden = self.dropout(embeddings.LayerNorm(hidden))
        mask = _padding_mask(valid, hidden.dtype)
        for layer in self.distilbert.transformer.layer:
            hidden = layer(hidden, mask)
        return self.qa_outputs(self.dropout(hidden)).float()


class _MpnetLayer(nn.Module):
    def __init__(self, config: dict) -> None:
        super().__init__()
        width, epsilon = config["hidden_size"], config["layer_norm_eps"]
        self.attention = nn.Module()
        self.attention.attn = SelfAttention(
            width, config["num_attention_heads"], config["attention_probs_dropout_prob"], ("q", "k", "v", "o")
        )
        self.attention.LayerNorm = nn.LayerNorm(width, eps=epsilon)
        self.intermediate, self.output = nn.Module(), nn.Module()
        self.intermediate.dense = nn.Linear(width, config["intermediate_size"])
        self.output.dense = nn.Linear(config["intermediate_size"], width)
        self.output.LayerNorm = nn.LayerNorm(width, eps=epsilon)
        self.dropout = nn.Dropout(config["hidden_dropout_prob"])

    def forward(self, hidden: Tensor, mask: Tensor) -> Tensor:
        hidden = self.attention.LayerNorm(hidden + self.dropout(self.attention.attn(hidden, mask)))
        fed = self.output.dense(functional.gelu(self.intermediate.dense(hidden)))
        return self.output.LayerNorm(hidden + self.dropout(fed))


class Mpnet(nn.Module):
    """MPNet with a question-answering head. Takes BERT's ids, as the student does, and gives logits position by position."""

    def __init__(self, config: dict) -> None:
        super().__init__()
        self.config = config
        width = config["hidden_size"]
        body = self.mpnet = nn.Module()
        body.embeddings, body.encoder = nn.Module(), nn.Module()
        body.embeddings.word_embeddings = nn.Embedding(config["vocab_size"], width)
        body.embeddings.position_embeddings = nn.Embedding(config["max_position_embeddings"], width)
        body.embeddings.LayerNorm = nn.LayerNorm(width, eps=config["layer_norm_eps"])
        body.encoder.layer = nn.ModuleList(_MpnetLayer(config) for _ in range(config["num_hidden_layers"]))
        body.encoder.relative_attention_bias = nn.Embedding(config["relative_attention_num_buckets"], config["num_attention_heads"])
        # Fine-tuned as it is: a gradient through the attention mask rules the fast attention kernels out.
        body.encoder.relative_attention_bias.weight.requires_grad_(False)
        self.qa_outputs = nn.Linear(width, 2)
        nn.init.normal_(self.qa_outputs.weight, std=0.02)
        nn.init.zeros_(self.qa_outputs.bias)
        self.dropout = nn.Dropout(config["hidden_dropout_prob"])
        ids = torch.arange(config["vocab_size"]) + 4
        for bert, mpnet in _BERT_SPECIAL.items():
            ids[bert] = mpnet
        self.register_buffer("ids_of_bert", ids, persistent=False)

    def forward(self, ids: Tensor, valid: Tensor) -> Tensor:
        embeddings, encoder = self.mpnet.embeddings, self.mpnet.encoder
        # Positions are counted from the padding's id on, as in RoBERTa.
        positions = torch.arange(ids.shape[1], device=ids.device) + 2
        hidden = embeddings.word_embeddings(self.ids_of_bert[ids]) + embeddings.position_embeddings(positions)
        hidden = self.dropout(embeddings.LayerNorm(hidden))
        buckets = _relative_buckets(ids.shape[1], self.config["relative_attention_num_buckets"], ids.device)
        bias = encoder.relative_attention_bias.weight[buckets].permute(2, 0, 1)
        mask = (_padding_mask(valid, torch.float32) + bias[None]).to(torch.bfloat16 if hidden.is_cuda else hidden.dtype)
        for layer in encoder.layer:
            hidden = layer(hidden, mask)
        return self.qa_outputs(hidden).float()


def _padding_mask(valid: Tensor, dtype: torch.dtype) -> Tensor:
    return torch.zeros_like(valid, dtype=dtype).masked_fill_(~valid, -1e4)[:, None, None, :]


def _relative_buckets(tokens: int, buckets: int, device: torch.device) -> Tensor:
    """
    T5's buckets of the distance from query to key (Raffel et al., 2020, section 2.1): one for each direction and small distance,
    from a quarter of the buckets on logarithmic, up to a distance of 128.
    """
    half, exact = buckets // 2, buckets // 4
    place = torch.arange(tokens, device=device)
    distance = place[None, :] - place[:, None]
    far = exact + (torch.log(distance.abs().clamp(min=1) / exact) / math.log(128 / exact) * (half - exact)).long()
    bucket = torch.where(distance.abs() < exact, distance.abs(), far.clamp(max=half - 1))
    return bucket + half * (distance > 0)


def _read(folder: Path) -> tuple[dict, dict[str, Tensor]]:
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        weights = safetensors.torch.load_file(folder / "model.safetensors")
    except (OSError, ValueError, safetensors.SafetensorError) as e:
        raise CheckpointError(f"{folder}: config.json and model.safetensors cannot be read: {e}") from e
    return config, {name: weight.float() for name, weight in weights.items()}


def student(folder: Path) -> DistilBert:
    """A student that begins as a checkpoint of DistilBERT for question answering, of DistilBERT, or of BERT."""
    config, weights = _read(folder)
    kind = config.get("model_type")
    if kind == "bert":
        config, weights = _from_bert(config, weights)
    elif kind != "distilbert":
        raise CheckpointError(f"{folder}: model_type is {kind}; a student begins as distilbert or bert")
    network = DistilBert({"attention_dropout": 0.1, "dropout": 0.1, **config})
    _assign(network, weights, folder)
    return network


def teacher(folder: Path) -> Mpnet:
    config, weights = _read(folder)
    if config.get("model_type") != "mpnet":
        raise CheckpointError(f"{folder}: model_type is {config.get('model_type')}; the teacher is mpnet")
    network = Mpnet(config)
    _assign(network, {name if name.startswith(("mpnet.", "qa_")) else f"mpnet.{name}": w for name, w in weights.items()}, folder)
    return network


def _assign(network: nn.Module, weights: dict[str, Tensor], folder: Path) -> None:
    own = network.state_dict()
    missing = [name for name in own if name not in weights and not name.startswith("qa_outputs.")]
    if missing:
        raise CheckpointError(f"{folder}: {len(missing)} tensors are missing, {missing[0]} the first of them")
    for name, value in own.items():
        if name in weights and weights[name].shape != value.shape:
            raise CheckpointError(f"{folder}: {name} has the shape {tuple(weights[name].shape)}, not {tuple(value.shape)}")
    network.load_state_dict({name: weights.get(name, value) for name, value in own.items()})


def _from_bert(config: dict, weights: dict[str, Tensor]) -> tuple[dict, dict[str, Tensor]]:
    """BERT's encoder by DistilBERT's names. Every token gets the embedding of type 0; the pooler goes."""
    if config.get("hidden_act") != "gelu":
        raise CheckpointError(f"hidden_act is {config.get('hidden_act')}; DistilBERT here has gelu")
    weights = {name.removeprefix("bert."): weight for name, weight in weights.items()}
    named = {
        "embeddings.word_embeddings.weight": weights["embeddings.word_embeddings.weight"],
        "embeddings.position_embeddings.weight": weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0],
        "embeddings.LayerNorm.weight": weights["embeddings.LayerNorm.weight"],
        "embeddings.LayerNorm.bias": weights["embeddings.LayerNorm.bias"],
    }
    parts = {
        "attention.self.query": "attention.q_lin", "attention.self.key": "attention.k_lin",
        "attention.self.value": "attention.v_lin", "attention.output.dense": "attention.out_lin",
        "attention.output.LayerNorm": "sa_layer_norm", "intermediate.dense": "ffn.lin1", "output.dense": "ffn.lin2",
        "output.LayerNorm": "output_layer_norm",
    }  # fmt: skip
    for layer in range(config["num_hidden_layers"]):
        for bert, distil in parts.items():
            for kind in ("weight", "bias"):
                named[f"transformer.layer.{layer}.{distil}.{kind}"] = weights[f"encoder.layer.{layer}.{bert}.{kind}"]
    distil_config = {
        "activation": "gelu", "architectures": ["DistilBertForQuestionAnswering"], "attention_dropout": 0.1,
        "dim": config["hidden_size"], "dropout": 0.1, "hidden_dim": config["intermediate_size"], "initializer_range": 0.02,
        "max_position_embeddings": config["max_position_embeddings"], "model_type": "distilbert",
        "n_heads": config["num_attention_heads"], "n_layers": config["num_hidden_layers"],
        "pad_token_id": config.get("pad_token_id", 0), "qa_dropout": 0.1, "sinusoidal_pos_embds": False,
        "tie_weights_": True, "vocab_size": config["vocab_size"],
    }  # fmt: skip
    return distil_config, {f"distilbert.{name}": weight for name, weight in named.items()}


def save(network: DistilBert | Mpnet, weights: dict[str, Tensor], folder: Path, dtype: torch.dtype = torch.float16) -> None:
    """Writes weights, a state dictionary of the network, as a checkpoint of Hugging Face's layout, without its tokenizer."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {name: weight.detach().to("cpu", dtype).contiguous() for name, weight in weights.items()}
    bad = next((name for name, tensor in tensors.items() if not torch.isfinite(tensor).all()), None)
    if bad:
        raise CheckpointError(f"{bad} has a weight that is not a finite number of type {dtype}")
    (folder / "config.json").write_text(json.dumps(network.config, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    safetensors.torch.save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
