package org.distilqa.device.conformance;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.distilqa.model.Checkpoint;

/**
 * A small checkpoint and what a float64 reference computes from it.
 *
 * @param checkpoint the network and its weights
 * @param cases sequences with their logits
 */
record GoldenCheckpoint(Checkpoint checkpoint, List<Case> cases) {

    /**
     * A sequence and its logits.
     *
     * @param name what it is, for messages
     * @param input_ids the token ids
     * @param second_segment_length how many tokens at the end are of the second type; 0 where the file does not say
     * @param start_logits the start logit of each token
     * @param end_logits the end logit of each token
     */
    record Case(String name, int[] input_ids, int second_segment_length, double[] start_logits, double[] end_logits) {
        int length() {
            return input_ids.length;
        }

        int secondSegment() {
            return input_ids.length - second_segment_length;
        }
    }

    /** Reads a checkpoint of this kit by its folder's name. */
    static GoldenCheckpoint read(String name) {
        try {
            Path directory = Files.createTempDirectory("distilqa-conformance");
            try {
                for (String file : List.of("config.json", "model.safetensors")) {
                    try (InputStream resource = resource(name, file)) {
                        Files.copy(resource, directory.resolve(file));
                    }
                }
                Checkpoint checkpoint = Checkpoint.open(directory);
                try (InputStream resource = resource(name, "cases.json")) {
                    return new GoldenCheckpoint(
                            checkpoint, List.of(new ObjectMapper().readValue(resource, Case[].class)));
                }
            } finally {
                // The weights stay mapped; where a mapped file cannot be deleted, it is when the process ends.
                for (String file : List.of("config.json", "model.safetensors")) {
                    deleteNowOrAtExit(directory.resolve(file));
                }
                deleteNowOrAtExit(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteNowOrAtExit(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            path.toFile().deleteOnExit();
        }
    }

    private static InputStream resource(String name, String file) {
        return GoldenCheckpoint.class.getResourceAsStream(name + "/" + file);
    }

    /** The case of this many tokens. */
    Case ofLength(int tokens) {
        return cases.stream().filter(c -> c.length() == tokens).findFirst().orElseThrow();
    }
}
