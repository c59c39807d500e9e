"""A contender of the benchmarks that lives in Python: OpenVINO or transformers.

The measuring program starts it and asks it in lines of JSON, as it does its Java contenders (Command.java and Reply.java):

  peer.py packages                                     prints the versions of the packages that are here, and ends
  peer.py convert FOLDER PRECISION                     makes OpenVINO's own file of plain.onnx: float32, or int8 by NNCF
  peer.py network CONTENDER MODEL FOLDER               the network alone, for batches of any shape
  peer.py fixed-shapes CONTENDER MODEL FOLDER          the network alone, for few shapes that are run again and again
  peer.py questions CONTENDER MODEL FOLDER             whole questions
  peer.py first-answer CONTENDER MODEL FOLDER QUESTION CONTEXT   answers one question, and ends

CONTENDER is a name and options, such as openvino,precision=bfloat16,threads=2. MODEL is the checkpoint's folder. FOLDER has what
the measuring program made of it: plain.onnx, questions.json, calibration.json, tokenizer.json, and what convert made.
"""

import importlib.metadata
import json
import os
import sys
import time

BATCH_SIZE = 8
MAX_SEQUENCE_LENGTH = 384
DOC_STRIDE = 128
MAX_ANSWER_LENGTH = 15
PACKAGES = ("openvino", "nncf", "torch", "transformers", "tokenizers", "numpy")


class PeerError(Exception):
    """What is wrong, for a person."""


def versions():
    found = {}
    for package in PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            pass
    return found


def processors():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


class Contender:
    def __init__(self, text):
        self.text = text
        self.name, *options = text.split(",")
        self.options = dict(option.split("=", 1) for option in options)

    def choice(self, option, choices):
        value = self.options.get(option, choices[0])
        if value not in choices:
            raise PeerError(f'option {option} is "{value}"; it must be one of {", ".join(choices)}')
        return value

    def threads(self):
        value = self.options.get("threads", str(processors()))
        if not value.isdigit() or not 1 <= int(value) <= 1024:
            raise PeerError(f'option threads is "{value}"; it must be a whole number from 1 to 1024')
        return int(value)

    def require_known(self, known):
        for option in self.options:
            if option not in known:
                raise PeerError(f'{self.name} has no option "{option}"; it has {", ".join(known)}')


def padded(numpy, windows):
    """Token ids, attention mask and token types of windows, padded to the longest."""
    length = max(len(window["ids"]) for window in windows)
    ids = numpy.zeros((len(windows), length), numpy.int64)
    mask = numpy.zeros_like(ids)
    types = numpy.zeros_like(ids)
    for row, window in enumerate(windows):
        count = len(window["ids"])
        ids[row, :count] = window["ids"]
        mask[row, :count] = 1
        types[row, window["secondSegment"] : count] = 1
    return ids, mask, types


def whole(tokens):
    """A batch of sequences that have one segment each."""
    return [{"ids": ids, "secondSegment": len(ids)} for ids in tokens]


def folder_json(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return json.load(file)


# ---------------------------------------------------------------- OpenVINO


def quantised_file(folder):
    return os.path.join(folder, "openvino-int8.xml")


def converted_file(folder):
    return os.path.join(folder, "openvino-float32.xml")


def convert(folder, precision):
    import openvino

    if precision == "float32":
        # Without this, weights are kept as float16.
        openvino.save_model(
            openvino.Core().read_model(os.path.join(folder, "plain.onnx")), converted_file(folder), compress_to_fp16=False
        )
        return
    import nncf
    import numpy

    model = openvino.Core().read_model(converted_file(folder))
    names = {name for port in model.inputs for name in port.get_names()}

    def inputs(window):
        ids, mask, types = padded(numpy, [window])
        every = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
        return {name: value for name, value in every.items() if name in names}

    windows = folder_json(folder, "calibration.json")
    quantised = nncf.quantize(
        model,
        nncf.Dataset(windows, inputs),
        model_type=nncf.ModelType.TRANSFORMER,
        subset_size=len(windows),
    )
    openvino.save_model(quantised, quantised_file(folder), compress_to_fp16=False)


class OpenVino:
    """The network on OpenVINO's device for processors: compiled once for all shapes, or for each shape that is asked for."""

    HINTS = {"float32": "f32", "bfloat16": "bf16"}
    FIRST_SHAPE = (1, 16)

    def __init__(self, contender, folder, fixed_shapes):
        import numpy
        import openvino

        self.numpy = numpy
        self.openvino = openvino
        contender.require_known(("precision", "threads"))
        precision = contender.choice("precision", ("float32", "bfloat16", "int8"))
        self.config = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_NUM_THREADS": contender.threads(),
            "NUM_STREAMS": 1,
        }
        self.core = openvino.Core()
        if precision == "bfloat16" and "BF16" not in self.core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
            raise PeerError("OpenVINO does not compute in bfloat16 on this processor")
        # What int8 leaves is computed in what OpenVINO itself chooses for the processor.
        if precision in self.HINTS:
            self.config["INFERENCE_PRECISION_HINT"] = self.HINTS[precision]
        file = quantised_file(folder) if precision == "int8" else converted_file(folder)
        self.network = self.core.read_model(file)
        self.names = [port.get_any_name() for port in self.network.inputs]
        self.fixed_shapes = fixed_shapes
        self.requests = {}
        compiled = self.request_for(self.FIRST_SHAPE).get_compiled_model()
        self.description = f"OpenVINO {openvino.__version__}, {precision}, {contender.threads()} threads"
        self.settings = {
            "version": openvino.__version__,
            "device": self.core.get_property("CPU", "FULL_DEVICE_NAME"),
            "inputs": "padded to the longest sequence of the batch, with attention mask",
            "shapes": "compiled for each" if fixed_shapes else "any",
        }
        if precision == "int8":
            self.settings["quantised by"] = f"NNCF {importlib.metadata.version('nncf')}, model type transformer"
        for key in ("INFERENCE_PRECISION_HINT", *self.config):
            self.settings[key] = setting(compiled.get_property(key))

    def request_for(self, shape):
        key = tuple(shape) if self.fixed_shapes else None
        if key not in self.requests:
            network = self.network
            if self.fixed_shapes:
                network = network.clone()
                network.reshape({name: list(shape) for name in self.names})
            self.requests[key] = self.core.compile_model(network, "CPU", self.config).create_infer_request()
        return self.requests[key]

    def run(self, windows):
        """The start and end logits, each [batch, sequence]."""
        batch = padded(self.numpy, windows)
        request = self.request_for(batch[0].shape)
        for name, values in zip(("input_ids", "attention_mask", "token_type_ids"), batch):
            if name in self.names:
                request.set_tensor(name, self.openvino.Tensor(values))
        request.infer()
        return request.get_tensor("start_logits").data, request.get_tensor("end_logits").data


def setting(value):
    """A property of OpenVINO as text: its types have a name, its enumerations are written with their class."""
    return value.to_string() if hasattr(value, "to_string") else str(value).split(".")[-1]


# ---------------------------------------------------------------- transformers


class Transformers:
    """The network on PyTorch, as transformers loads it."""

    def __init__(self, contender, directory):
        import numpy
        import torch
        import transformers

        self.numpy = numpy
        self.torch = torch
        contender.require_known(("precision", "threads"))
        precision = contender.choice("precision", ("float32", "bfloat16"))
        torch.set_num_threads(contender.threads())
        self.model = transformers.AutoModelForQuestionAnswering.from_pretrained(
            directory, dtype=getattr(torch, precision), attn_implementation="sdpa"
        ).eval()
        self.takes_types = self.model.config.model_type == "bert"
        self.description = (
            f"transformers {transformers.__version__} on PyTorch {torch.__version__}, {precision},"
            f" {contender.threads()} threads"
        )
        self.settings = {
            "version": transformers.__version__,
            "torch": torch.__version__,
            "threads": str(torch.get_num_threads()),
            "attention": "scaled_dot_product_attention",
            "inputs": "padded to the longest sequence of the batch, with attention mask",
            "mode": "inference_mode",
        }

    def run(self, windows):
        """The start and end logits, each [batch, sequence]."""
        ids, mask, types = (self.torch.from_numpy(values) for values in padded(self.numpy, windows))
        inputs = {"input_ids": ids, "attention_mask": mask}
        if self.takes_types:
            inputs["token_type_ids"] = types
        with self.torch.inference_mode():
            output = self.model(**inputs)
        return output.start_logits.float().numpy(), output.end_logits.float().numpy()


# ---------------------------------------------------------------- from text to text


class Pipeline:
    """The question-answering pipeline of transformers with its defaults: sequences of 384 tokens that share 128."""

    def __init__(self, contender, directory):
        import transformers

        network = self.network = Transformers(contender, directory)

        if not hasattr(transformers, "QuestionAnsweringPipeline"):
            raise PeerError(f"transformers {transformers.__version__} has no question-answering pipeline; 4.57 has it")
        tokenizer = transformers.AutoTokenizer.from_pretrained(directory, use_fast=True)
        if not tokenizer.is_fast:
            raise PeerError(f"{directory} has no fast tokenizer")
        self.pipeline = transformers.QuestionAnsweringPipeline(model=network.model, tokenizer=tokenizer, device="cpu")
        self.torch = network.torch
        self.description = "question-answering pipeline of " + network.description
        self.settings = {
            **network.settings,
            "batch_size": str(BATCH_SIZE),
            "longer contexts": f"windows that share {DOC_STRIDE} tokens",
        }

    def answer(self, question):
        with self.torch.inference_mode():
            return self.pipeline(question=question["question"], context=question["context"])["answer"]

    def answer_all(self, questions):
        with self.torch.inference_mode():
            answers = self.pipeline(
                question=[question["question"] for question in questions],
                context=[question["context"] for question in questions],
                batch_size=BATCH_SIZE,
            )
        return [answer["answer"] for answer in (answers if isinstance(answers, list) else [answers])]


class SpanReader:
    """OpenVINO behind the tokenizer that transformers' fast tokenizers are, windows in batches sorted by length."""

    def __init__(self, contender, folder):
        import numpy
        import tokenizers

        self.numpy = numpy
        self.network = OpenVino(contender, folder, False)
        self.tokenizer = tokenizers.Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(MAX_SEQUENCE_LENGTH, stride=DOC_STRIDE, strategy="only_second")
        self.description = f"{self.network.description}, behind tokenizers {tokenizers.__version__}"
        self.settings = {
            **self.network.settings,
            "tokenizers": tokenizers.__version__,
            "batch size": str(BATCH_SIZE),
            "longer contexts": f"windows that share {DOC_STRIDE} tokens",
        }

    def answer(self, question):
        return self.answer_all([question])[0]

    def answer_all(self, questions):
        encodings = self.tokenizer.encode_batch([(question["question"], question["context"]) for question in questions])
        windows = [
            {"question": number, "encoding": encoding, "ids": encoding.ids, "secondSegment": second_segment(encoding)}
            for number, first in enumerate(encodings)
            for encoding in (first, *first.overflowing)
        ]
        best = [(-float("inf"), 0, 0)] * len(questions)
        for batch in batches_by_length(windows):
            starts, ends = self.network.run(batch)
            for row, window in enumerate(batch):
                found = self.best_span(window["encoding"], starts[row], ends[row])
                best[window["question"]] = max(best[window["question"]], found)
        return [question["context"][begin:end] for question, (_, begin, end) in zip(questions, best)]

    def best_span(self, encoding, starts, ends):
        """The greatest sum of a start and an end logit of the context, no more than fifteen tokens apart; where it lies."""
        first = encoding.sequence_ids.index(1) if 1 in encoding.sequence_ids else len(encoding.ids) - 1
        last = len(encoding.ids) - 1
        if first >= last:
            return -float("inf"), 0, 0
        scores = starts[first:last, None] + ends[None, first:last]
        scores = self.numpy.where(self.allowed(last - first), scores, -self.numpy.inf)
        begin, end = self.numpy.unravel_index(self.numpy.argmax(scores), scores.shape)
        offsets = encoding.offsets
        return float(scores[begin, end]), offsets[first + begin][0], offsets[first + end][1]

    def allowed(self, size):
        distance = self.numpy.arange(size)[None, :] - self.numpy.arange(size)[:, None]
        return (distance >= 0) & (distance < MAX_ANSWER_LENGTH)


def second_segment(encoding):
    return encoding.type_ids.index(1) if 1 in encoding.type_ids else len(encoding.ids)


def batches_by_length(windows):
    ordered = sorted(windows, key=lambda window: len(window["ids"]))
    return [ordered[begin : begin + BATCH_SIZE] for begin in range(0, len(ordered), BATCH_SIZE)]


# ---------------------------------------------------------------- the protocol


class Network:
    """Token ids in, logits out."""

    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        self.questions = None

    def ready(self):
        return self.program.description, self.program.settings

    def reply(self, command):
        name = command["command"]
        if name == "run":
            return times(self.runs(command))
        if name == "logits":
            windows = whole(command["tokens"])
            start, end = self.program.run(windows)
            return {"reply": "logits", "start": rows(start, windows), "end": rows(end, windows)}
        if name == "answer" and command["mode"] == "NETWORK":
            return times([self.read(command["from"], command["to"])])
        raise PeerError(f"the network alone cannot do {json.dumps(command)}")

    def runs(self, command):
        windows = whole(command["tokens"])
        durations = []
        begin = now = time.perf_counter_ns()
        while len(durations) < command["minimumRuns"] or now - begin < command["seconds"] * 1e9:
            self.program.run(windows)
            end = time.perf_counter_ns()
            durations.append(end - now)
            now = end
        return durations

    def read(self, first, last):
        """How long the windows of some questions take, tokenised beforehand."""
        if self.questions is None:
            self.questions = folder_json(self.folder, "questions.json")
        windows = [window for question in self.questions[first:last] for window in question["windows"]]
        begin = time.perf_counter_ns()
        for batch in batches_by_length(windows):
            self.program.run(batch)
        return time.perf_counter_ns() - begin


class Questions:
    """Text in, text out."""

    def __init__(self, answerer, folder):
        self.answerer = answerer
        self.network = Network(answerer.network, folder)
        self.questions = folder_json(folder, "questions.json")

    def ready(self):
        return self.answerer.description, self.answerer.settings

    def reply(self, command):
        if command["command"] != "answer":
            raise PeerError(f"whole questions cannot do {json.dumps(command)}")
        if command["mode"] == "NETWORK":
            return self.network.reply(command)
        part = self.questions[command["from"] : command["to"]]
        if command["mode"] == "SINGLE":
            return times([self.clock(lambda: self.answerer.answer(question)) for question in part])
        if command["mode"] == "SORTED_BATCHES":
            return times([self.clock(lambda: self.answerer.answer_all(sorted(part, key=characters)))])
        return times([self.clock(lambda: self.answerer.answer_all(part))])

    @staticmethod
    def clock(action):
        begin = time.perf_counter_ns()
        action()
        return time.perf_counter_ns() - begin


def characters(question):
    return len(question["question"]) + len(question["context"])


def times(nanoseconds):
    return {"reply": "times", "nanoseconds": nanoseconds}


def rows(logits, windows):
    return [[float(value) for value in logits[row][: len(window["ids"])]] for row, window in enumerate(windows)]


def peak_of_memory():
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) << 10
    except OSError:
        pass
    return -1


def serve(replies, make):
    def send(reply):
        replies.write(json.dumps(reply) + "\n")
        replies.flush()

    try:
        begin = time.perf_counter_ns()
        subject = make()
        description, settings = subject.ready()
        send({
            "reply": "ready",
            "loadNanoseconds": time.perf_counter_ns() - begin,
            "description": description,
            "settings": settings,
        })
        for line in sys.stdin:
            command = json.loads(line)
            if command["command"] == "memory":
                send({"reply": "memory", "peakBytes": peak_of_memory()})
            else:
                send(subject.reply(command))
    except Exception as failure:
        if not isinstance(failure, PeerError):
            import traceback

            traceback.print_exc()
        send({"reply": "failure", "message": str(failure) if isinstance(failure, PeerError) else repr(failure)})
        sys.exit(1)


def main():
    # What a library prints must not mix with the replies.
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    role, arguments = sys.argv[1], sys.argv[2:]
    if role == "packages":
        json.dump(versions(), replies)
        replies.write("\n")
        replies.close()
    elif role == "convert":
        convert(*arguments)
    elif role in ("network", "fixed-shapes"):
        serve(replies, lambda: Network(network(*arguments, role == "fixed-shapes"), arguments[2]))
    elif role == "questions":
        serve(replies, lambda: Questions(answerer(*arguments), arguments[2]))
    elif role == "first-answer":
        contender, directory, folder, question, context = arguments
        answer = answerer(contender, directory, folder).answer({"question": question, "context": context})
        replies.write("answer: " + " ".join(answer.split()) + "\n")
        replies.close()
    else:
        raise PeerError(f"there is no role {role}")


def network(text, directory, folder, fixed_shapes):
    contender = Contender(text)
    if contender.name == "openvino":
        return OpenVino(contender, folder, fixed_shapes)
    return Transformers(contender, directory)


def answerer(text, directory, folder):
    contender = Contender(text)
    if contender.name == "openvino":
        return SpanReader(contender, folder)
    return Pipeline(contender, directory)


main()
