package org.distilqa.model;

import java.io.IOException;
import java.util.List;
import org.distilqa.InvalidModelException;
import org.distilqa.safetensors.CheckpointTensors;
import org.distilqa.safetensors.SafetensorsFile;
import org.distilqa.safetensors.ShardIndex;
import org.distilqa.safetensors.ShardedSafetensors;

/** Finds the weights among a model's files: one safetensors file, or several with an index. */
final class WeightFiles {
    /** The weights, where they are in one file. */
    static final String SINGLE = "model.safetensors";

    /** What may be there instead, and cannot be read here. */
    private static final List<String> PICKLED = List.of("pytorch_model.bin", "pytorch_model.bin.index.json");

    private WeightFiles() {}

    /**
     * Opens the weights.
     *
     * @throws InvalidModelException if there are none, or a file is malformed
     */
    static CheckpointTensors open(ModelFiles files) {
        if (files.has(SINGLE)) {
            return open(files, SINGLE);
        }
        if (files.has(ShardIndex.FILE)) {
            return ShardedSafetensors.open(index(files), shard -> open(files, shard));
        }
        for (String pickled : PICKLED) {
            if (files.has(pickled)) {
                throw new InvalidModelException(files.location(SINGLE) + ": there is no such file, only " + pickled
                        + "; convert it with AutoModelForQuestionAnswering.from_pretrained(...).save_pretrained(...,"
                        + " safe_serialization=True)");
            }
        }
        // Which says that there is no such file.
        return open(files, SINGLE);
    }

    /**
     * Reads the index of weights that are in several files.
     *
     * @throws InvalidModelException if it is missing or malformed
     */
    static ShardIndex index(ModelFiles files) {
        return ShardIndex.read(files.location(ShardIndex.FILE), files.read(ShardIndex.FILE, ShardIndex.MAX_BYTES));
    }

    private static SafetensorsFile open(ModelFiles files, String name) {
        try {
            return SafetensorsFile.open(files.location(name), files.content(name));
        } catch (IOException e) {
            throw files.unreadable(name, e);
        }
    }
}
