import tempfile
import unittest
from pathlib import Path

import numpy

try:
    import torch

    from distilqa_training import networks, training
except ImportError:
    torch = None

from distilqa_training.windows import WindowSet

CONFIG = {
    "activation": "gelu", "attention_dropout": 0.1, "dim": 16, "dropout": 0.1, "hidden_dim": 32, "initializer_range": 0.02,
    "max_position_embeddings": 64, "model_type": "distilbert", "n_heads": 2, "n_layers": 2, "vocab_size": 30,
}  # fmt: skip
MPNET = {
    "attention_probs_dropout_prob": 0.1, "hidden_act": "gelu", "hidden_dropout_prob": 0.1, "hidden_size": 16, "intermediate_size": 32,
    "layer_norm_eps": 1e-5, "max_position_embeddings": 66, "model_type": "mpnet", "num_attention_heads": 2, "num_hidden_layers": 2,
    "relative_attention_num_buckets": 32, "vocab_size": 200,
}  # fmt: skip


def some_windows(count: int = 40, seed: int = 0) -> WindowSet:
    """Windows of random tokens, where the answer is what stands at token 7."""
    random = numpy.random.default_rng(seed)
    ids, labels, lengths = [], [], []
    for _ in range(count):
        window = random.integers(8, 30, random.integers(9, 30))
        place = int(random.integers(3, len(window) - 1))
        window[0], window[2], window[-1], window[place] = 2, 3, 3, 7
        ids.append(window)
        labels.append((place, place))
        lengths.append(len(window))
    return WindowSet(
        ids=numpy.concatenate(ids).astype(numpy.int32),
        offsets=numpy.concatenate([[0], numpy.cumsum(lengths)]).astype(numpy.int64),
        context=numpy.full(count, 3, dtype=numpy.int32),
        labels=numpy.array(labels, dtype=numpy.int32),
        example=numpy.arange(count, dtype=numpy.int32),
        first=numpy.zeros(count, dtype=numpy.int32),
    )


@unittest.skipIf(torch is None, "PyTorch is not installed")
class NetworksTest(unittest.TestCase):
    def setUp(self) -> None:
        torch.manual_seed(0)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_padding_changes_no_logit(self) -> None:
        for network, vocabulary in ((networks.DistilBert(CONFIG), 30), (networks.Mpnet(MPNET), 190)):
            network.eval()
            ids = torch.randint(5, vocabulary, (2, 12))
            alone = network(ids[:, :9], torch.ones(2, 9, dtype=torch.bool))
            valid = torch.arange(12)[None].expand(2, 12) < 9
            self.assertLess((network(ids, valid)[:, :9] - alone).abs().max(), 1e-6)
            # What is no padding changes them.
            self.assertGreater((network(ids, torch.ones_like(valid))[:, :9] - alone).abs().max(), 1e-4)

    def test_a_checkpoint_is_read_as_it_was_written(self) -> None:
        network = networks.DistilBert(CONFIG)
        networks.save(network, network.state_dict(), self.folder, torch.float32)
        again = networks.student(self.folder)
        for name, value in network.state_dict().items():
            torch.testing.assert_close(again.state_dict()[name], value, rtol=0, atol=0)

    def test_bert_becomes_distilbert_with_the_first_token_type_in_its_positions(self) -> None:
        network = networks.DistilBert(CONFIG)
        own = network.state_dict()
        bert = {"embeddings.token_type_embeddings.weight": torch.full((2, 16), 0.5)}
        names = (("distilbert.embeddings.", "embeddings."), ("transformer.layer.", "encoder.layer."), ("distilbert.", ""),
                 ("attention.q_lin", "attention.self.query"), ("attention.k_lin", "attention.self.key"),
                 ("attention.v_lin", "attention.self.value"), ("attention.out_lin", "attention.output.dense"),
                 ("sa_layer_norm", "attention.output.LayerNorm"), ("ffn.lin1", "intermediate.dense"),
                 ("ffn.lin2", "output.dense"), ("output_layer_norm", "output.LayerNorm"))  # fmt: skip
        for name, value in own.items():
            if not name.startswith("qa_outputs"):
                for ours, theirs in names:
                    name = name.replace(ours, theirs)
                bert[name] = value - 0.5 if "position" in name else value
        config = {"model_type": "bert", "hidden_act": "gelu", "hidden_size": 16, "intermediate_size": 32, "num_attention_heads": 2,
                  "num_hidden_layers": 2, "max_position_embeddings": 64, "vocab_size": 30}  # fmt: skip
        import json

        import safetensors.torch

        (self.folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
        safetensors.torch.save_file(bert, self.folder / "model.safetensors")
        made = networks.student(self.folder).state_dict()
        for name, value in own.items():
            if not name.startswith("qa_outputs"):
                torch.testing.assert_close(made[name], value)

    def test_a_missing_tensor_is_named(self) -> None:
        network = networks.DistilBert(CONFIG)
        weights = network.state_dict()
        del weights["distilbert.transformer.layer.1.ffn.lin2.bias"]
        networks.save(network, weights, self.folder)
        with self.assertRaisesRegex(networks.CheckpointError, "1 tensors are missing, distilbert.transformer.layer.1.ffn.lin2.bias"):
            networks.student(self.folder)

    def test_weights_that_float16_cannot_hold_are_refused(self) -> None:
        network = networks.DistilBert(CONFIG)
        weights = {**network.state_dict(), "qa_outputs.bias": torch.tensor([1e9, 0])}
        with self.assertRaisesRegex(networks.CheckpointError, "qa_outputs.bias"):
            networks.save(network, weights, self.folder)


@unittest.skipIf(torch is None, "PyTorch is not installed")
class TrainingTest(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def network(self) -> "networks.DistilBert":
        torch.manual_seed(0)
        return networks.DistilBert({**CONFIG, "dropout": 0.0, "attention_dropout": 0.0})

    def settings(self, **changes) -> "training.Settings":
        return training.Settings(**{"epochs": 3, "learning_rate": 1e-3, "batch_tokens": 200, "average": 0.9, **changes})

    def test_batches_hold_every_window_once_and_no_more_tokens_than_allowed(self) -> None:
        lengths = numpy.random.default_rng(1).integers(5, 384, 1000)
        made = training.batches(lengths, 2000, numpy.random.default_rng(2))
        self.assertEqual(sorted(numpy.concatenate(made).tolist()), list(range(1000)))
        self.assertLessEqual(max(len(batch) * lengths[batch].max() for batch in made), 2000)

    def test_a_network_learns_where_the_answer_is(self) -> None:
        network, windows = self.network(), some_windows(400)
        training.train("test", network, windows, None, self.settings(epochs=15, learning_rate=5e-3), self.folder / "state.pt")
        given = training.logits("test", network, windows, 1000).float().numpy()
        right = 0
        for window in range(len(windows)):
            begin, end = windows.offsets[window], windows.offsets[window + 1]
            right += int(given[begin:end, 0].argmax() == windows.labels[window, 0])
        self.assertGreater(right, 300)

    def test_an_interrupted_training_ends_as_one_that_was_not(self) -> None:
        windows, whole, parts = some_windows(), self.network(), self.network()
        mean = training.train("whole", whole, windows, None, self.settings(), self.folder / "whole.pt")
        plan = len(list(training._plan(windows.lengths, self.settings())))
        # Every step is kept, and the third one from the end is the last to be made.
        left = iter(range(plan - 2))
        gather = training.DeviceWindows.gather

        def stopping(self, chosen):
            if next(left, None) is None:
                raise KeyboardInterrupt
            return gather(self, chosen)

        training.DeviceWindows.gather = stopping
        try:
            with self.assertRaises(KeyboardInterrupt):
                training.train("parts", parts, windows, None, self.settings(), self.folder / "parts.pt", save_every=0)
        finally:
            training.DeviceWindows.gather = gather
        again = training.train("parts", self.network(), windows, None, self.settings(), self.folder / "parts.pt")
        for name in mean:
            torch.testing.assert_close(again[name], mean[name], rtol=1e-5, atol=1e-6)

    def test_the_loss_looks_at_the_context_and_at_no_answer_alone(self) -> None:
        windows = some_windows(4)
        batch = training.DeviceWindows(windows, torch.device("cpu")).gather(numpy.arange(4))
        logits = torch.randn(*batch.ids.shape, 2)
        changed = logits.clone()
        changed[:, 1:3] += 50  # the question and the separator
        for window, length in enumerate(windows.lengths):
            changed[window, length - 1 :] += 50  # the last separator and padding
        for taught in (None, torch.randn_like(logits)):
            before, after = (training.loss(x, batch, taught, self.settings()) for x in (logits, changed))
            torch.testing.assert_close(before, after)
        for place in (0, 4):  # [CLS] and the context
            changed = logits.clone()
            changed[:, place] += 5
            before, after = (training.loss(x, batch, None, self.settings()) for x in (logits, changed))
            self.assertGreater((before - after).abs(), 0.01)

    def test_a_student_that_agrees_with_its_teacher_has_no_divergence(self) -> None:
        windows = some_windows(4)
        batch = training.DeviceWindows(windows, torch.device("cpu")).gather(numpy.arange(4))
        logits = torch.randn(*batch.ids.shape, 2)
        soft = self.settings(hard=0.0, temperature=2.0)
        self.assertLess(training.loss(logits, batch, logits, soft).abs(), 1e-5)
        self.assertGreater(training.loss(logits, batch, torch.randn_like(logits), soft), 0.1)
