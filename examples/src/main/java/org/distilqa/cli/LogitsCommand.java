package org.distilqa.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.distilqa.InvalidRequestException;
import org.distilqa.cli.io.FileException;
import org.distilqa.cli.io.Json;
import org.distilqa.cli.io.TextFile;
import org.distilqa.cli.options.DeviceChoice;
import org.distilqa.cli.options.ModelOptions;
import org.distilqa.device.Device;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.graph.Graph;
import org.distilqa.model.Checkpoint;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints what the network says of token ids, before any decoding. */
@Command(name = "logits", description = "Prints the start and end logits of sequences of token ids, as JSON.")
public final class LogitsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions model;

    @Option(
            names = "--ids-file",
            paramLabel = "IDS.json",
            required = true,
            description =
                    "A JSON file with a list of lists of token ids, such as [[101, 2054, 102]]; for BERT, whose tokens"
                            + " have types, each may be an object, such as {\"input_ids\": [101, 2054, 102], \"token_type_ids\": [0,"
                            + " 0, 1]}.")
    private String idsFile;

    @Mixin
    private DeviceChoice deviceChoice;

    /** The token ids of a sequence, and where its second segment begins. */
    private record Sequence(int[] ids, int secondSegment) {}

    LogitsCommand() {}

    @Override
    public Integer call() {
        List<Sequence> sequences = sequences();
        ObjectNode result = Json.object();
        ArrayNode start = result.putArray("start_logits");
        ArrayNode end = result.putArray("end_logits");
        // What the device refuses is told before a model is downloaded.
        try (Device device = deviceChoice.open();
                Checkpoint checkpoint = model.load();
                Program program = compile(device, checkpoint, sequences)) {
            int batchSize = device.info().batchSize();
            for (int from = 0; from < sequences.size(); from += batchSize) {
                Logits logits =
                        program.run(batch(sequences.subList(from, Math.min(sequences.size(), from + batchSize))));
                for (int i = 0; i < logits.size(); i++) {
                    add(start.addArray(), logits.start(i));
                    add(end.addArray(), logits.end(i));
                }
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(result);
        out.flush();
        return 0;
    }

    private static TokenBatch batch(List<Sequence> sequences) {
        return TokenBatch.of(
                sequences.stream().map(Sequence::ids).toList(),
                sequences.stream().mapToInt(Sequence::secondSegment).toArray());
    }

    private Program compile(Device device, Checkpoint checkpoint, List<Sequence> sequences) {
        requireFit(sequences, checkpoint.graph());
        return device.compile(checkpoint.graph(), checkpoint.parameters());
    }

    private void requireFit(List<Sequence> sequences, Graph graph) {
        for (int i = 0; i < sequences.size(); i++) {
            try {
                batch(sequences.subList(i, i + 1)).requireFits(graph);
            } catch (InvalidRequestException e) {
                throw new FileException(idsFile + ": sequence " + i + ": " + e.getMessage(), e);
            }
        }
    }

    private static void add(ArrayNode array, float[] values) {
        for (float value : values) {
            array.add(value);
        }
    }

    private List<Sequence> sequences() {
        JsonNode root = Json.parse(idsFile, TextFile.read(idsFile));
        List<Sequence> sequences = new ArrayList<>();
        for (JsonNode sequence : root) {
            String name = "sequence " + sequences.size();
            if (sequence.isObject()) {
                int[] ids = integers(name + ", input_ids", sequence.path("input_ids"));
                int[] types = integers(name + ", token_type_ids", sequence.path("token_type_ids"));
                sequences.add(new Sequence(ids, secondSegment(name, types, ids.length)));
            } else {
                int[] ids = integers(name, sequence);
                sequences.add(new Sequence(ids, ids.length));
            }
        }
        if (!root.isArray() || sequences.isEmpty()) {
            throw notIds("there is none");
        }
        return sequences;
    }

    private int[] integers(String name, JsonNode list) {
        int[] integers = new int[list.size()];
        for (int i = 0; i < integers.length; i++) {
            JsonNode value = list.get(i);
            if (value == null || !value.isIntegralNumber() || !value.canConvertToInt()) {
                throw notIds(name + " has " + value + " at index " + i);
            }
            integers[i] = value.intValue();
        }
        if (integers.length == 0) {
            throw notIds(name + " is " + (list.isMissingNode() ? "missing" : list));
        }
        return integers;
    }

    /** Where types that are 0 and then 1 change. */
    private int secondSegment(String name, int[] types, int length) {
        int zeros = 0;
        while (zeros < types.length && types[zeros] == 0) {
            zeros++;
        }
        for (int i = zeros; i < types.length; i++) {
            if (types[i] != 1) {
                throw notIds(name + " has the token type " + types[i] + " at index " + i + "; types are 0, and then 1");
            }
        }
        if (types.length != length) {
            throw notIds(name + " has " + length + " tokens, but " + types.length + " types");
        }
        return zeros;
    }

    private FileException notIds(String reason) {
        return new FileException(idsFile + ": must be a list of non-empty lists of token ids; " + reason);
    }
}
