package org.distilqa.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.distilqa.benchmarks.contender.BenchmarkException;

/** The files that results are kept in. */
public final class ResultFiles {
    private final Path folder;
    private final List<String> written = new ArrayList<>();

    private ResultFiles(Path folder) {
        this.folder = folder;
    }

    /**
     * Writes {@code results.json}, {@code results.md}, a chart for each model and {@code service.svg}, as far as it was measured.
     *
     * @return their names
     * @throws BenchmarkException if they cannot be written
     */
    public static List<String> write(Results results, Path folder) {
        ResultFiles files = new ResultFiles(folder);
        try {
            Files.createDirectories(folder);
            files.write(results);
        } catch (IOException e) {
            throw new BenchmarkException(folder + ": the results cannot be written: " + e.getMessage(), e);
        }
        return files.written;
    }

    private void write(Results results) throws IOException {
        write("results.json", ResultsJson.of(results));
        write("results.md", Report.markdown(results));
        for (ModelResults model : results.models()) {
            if (model.network().isPresent()) {
                write(
                        "chart-" + model.model() + ".svg",
                        NetworkChart.svg(model.network().get(), model.model(), results.machine()));
            }
        }
        if (results.service().isPresent()) {
            write("service.svg", ServiceChart.svg(results.service().get(), results.machine()));
        }
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
        written.add(name);
    }
}
