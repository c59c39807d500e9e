package org.distilqa.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.distilqa.InvalidRequestException;
import org.distilqa.device.Device;
import org.distilqa.device.Devices;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.graph.Graph;
import org.distilqa.model.Checkpoint;
import org.distilqa.model.HubOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints what the network says of token ids, before any decoding. */
@Command(name = "logits", description = "Prints the start and end logits of sequences of token ids, as JSON.")
final class LogitsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--model", paramLabel = "M", required = true, description = ModelOptions.DESCRIPTION)
    private String model;

    @Mixin
    private ModelOptions modelOptions;

    @Option(
            names = "--ids-file",
            paramLabel = "IDS.json",
            required = true,
            description = "A JSON file with a list of lists of token ids, such as [[101, 2054, 102]].")
    private String idsFile;

    @Mixin
    private DeviceChoice deviceChoice;

    @Override
    public Integer call() {
        List<int[]> sequences = sequences();
        ObjectNode result = Json.object();
        ArrayNode start = result.putArray("start_logits");
        ArrayNode end = result.putArray("end_logits");
        // What the device refuses is told before a model is downloaded.
        try (Device device = Devices.open(deviceChoice.name(), deviceChoice.options());
                Checkpoint checkpoint = Checkpoint.load(model, modelOptions.revision(), HubOptions::fromEnvironment);
                Program program = compile(device, checkpoint, sequences)) {
            int batchSize = device.info().batchSize();
            for (int from = 0; from < sequences.size(); from += batchSize) {
                List<int[]> batch = sequences.subList(from, Math.min(sequences.size(), from + batchSize));
                Logits logits = program.run(TokenBatch.of(batch));
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

    private Program compile(Device device, Checkpoint checkpoint, List<int[]> sequences) {
        requireFit(sequences, checkpoint.graph());
        return device.compile(checkpoint.graph(), checkpoint.parameters());
    }

    private void requireFit(List<int[]> sequences, Graph graph) {
        for (int i = 0; i < sequences.size(); i++) {
            try {
                TokenBatch.of(sequences.get(i)).requireFits(graph);
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

    private List<int[]> sequences() {
        JsonNode root = Json.parse(idsFile, TextFile.read(idsFile));
        List<int[]> sequences = new ArrayList<>();
        for (JsonNode sequence : root) {
            int[] ids = new int[sequence.size()];
            for (int i = 0; i < ids.length; i++) {
                JsonNode id = sequence.get(i);
                if (id == null || !id.isIntegralNumber() || !id.canConvertToInt()) {
                    throw notIds("sequence " + sequences.size() + " has " + id + " at index " + i);
                }
                ids[i] = id.intValue();
            }
            if (ids.length == 0) {
                throw notIds("sequence " + sequences.size() + " is " + sequence);
            }
            sequences.add(ids);
        }
        if (!root.isArray() || sequences.isEmpty()) {
            throw notIds("there is none");
        }
        return sequences;
    }

    private FileException notIds(String reason) {
        return new FileException(idsFile + ": must be a list of non-empty lists of token ids; " + reason);
    }
}
