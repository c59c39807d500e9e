package org.distilqa.benchmarks.contender;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.distilqa.QuestionAnswerer;
import org.distilqa.model.Checkpoint;
import org.distilqa.model.ModelFiles;

/**
 * A model that is measured: a checkpoint's folder, or the bundled model, which is copied into a folder for the peers.
 *
 * @param name what the user calls it: the folder, or {@code bundled}
 * @param directory a folder with its files
 */
public record MeasuredModel(String name, Path directory) {
    private static final int MAX_BYTES = 1 << 30;

    private static final List<String> FILES = List.of(
            "config.json",
            "model.safetensors",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "vocab.txt");

    /** The model of this name; {@code folder} is where the bundled one is copied to. */
    public static MeasuredModel open(String name, Path folder) {
        if (!name.equals(QuestionAnswerer.BUNDLED_MODEL)) {
            return new MeasuredModel(name, Path.of(name));
        }
        try (Checkpoint checkpoint = Checkpoint.load(name, "main", () -> {
            throw new BenchmarkException("the bundled model is not on any hub");
        })) {
            ModelFiles files = checkpoint.files();
            Path directory = Files.createDirectories(folder.resolve(name));
            for (String file : FILES) {
                if (files.has(file)) {
                    Files.write(directory.resolve(file), files.read(file, MAX_BYTES));
                }
            }
            return new MeasuredModel(name, directory);
        } catch (IOException e) {
            throw new BenchmarkException(folder + ": the bundled model cannot be copied: " + e.getMessage(), e);
        }
    }

    public boolean isBundled() {
        return name.equals(QuestionAnswerer.BUNDLED_MODEL);
    }

    /** What it is called in headings: {@code bundled}, or the folder's own name. */
    public String title() {
        Path file = directory.toAbsolutePath().normalize().getFileName();
        return isBundled() || file == null ? name : file.toString();
    }
}
