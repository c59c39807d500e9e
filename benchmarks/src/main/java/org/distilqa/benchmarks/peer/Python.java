package org.distilqa.benchmarks.peer;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.worker.LoggedProcess;

/**
 * The Python that contenders of Python's run in: {@code peer.py}, which speaks the protocol of the contenders, and the packages that are there.
 *
 * @param executable the interpreter
 * @param program where {@code peer.py} lies
 * @param packages the versions of the packages that are there, by name; none where there is no such interpreter
 * @param problem why there are none; empty where the interpreter could be started
 */
public record Python(String executable, Path program, Map<String, String> packages, String problem) {
    private static final String PROGRAM = "peer.py";

    /** Writes the program into a folder and asks the interpreter for its packages. */
    public static Python find(String executable, Path folder) {
        Path program = folder.resolve(PROGRAM);
        try (InputStream in = Python.class.getResourceAsStream("/" + PROGRAM)) {
            Files.write(program, in.readAllBytes());
        } catch (IOException e) {
            throw new BenchmarkException(program + ": cannot be written: " + e.getMessage(), e);
        }
        Python unasked = new Python(executable, program, Map.of(), "");
        try {
            String answer = unasked.output("packages");
            Map<String, String> packages = new ObjectMapper().readValue(answer, new TypeReference<>() {});
            return new Python(executable, program, new TreeMap<>(packages), "");
        } catch (BenchmarkException | IOException e) {
            return new Python(executable, program, Map.of(), e.getMessage());
        }
    }

    /** What is missing of what a contender needs, in words; empty if nothing is. */
    public String missing(Contender contender) {
        if (!problem.isEmpty()) {
            return contender.isPython() ? problem : "";
        }
        List<String> missing = contender.pythonPackages().stream()
                .filter(name -> !packages.containsKey(name))
                .toList();
        return missing.isEmpty()
                ? ""
                : executable + " has no " + String.join(", ", missing) + "; " + executable
                        + " -m pip install -r benchmarks/requirements.txt brings all that the peers need";
    }

    /** Whether a contender answers whole questions here; what runs in a JVM does. */
    public boolean canAnswer(Contender contender) {
        return !contender.isOpenVino() || packages.containsKey("tokenizers");
    }

    /** What starts the program. It neither asks the network for anything nor reports to anybody, as OpenVINO and transformers heed. */
    public ProcessBuilder process(String... arguments) {
        ProcessBuilder process = new ProcessBuilder(executable, program.toString());
        process.command().addAll(List.of(arguments));
        process.environment().putAll(Map.of("CI", "true", "HF_HUB_OFFLINE", "1", "PYTHONDONTWRITEBYTECODE", "1"));
        return process;
    }

    /** Runs the program to its end; its output. */
    String output(String... arguments) {
        try (LoggedProcess process = LoggedProcess.start(executable, process(arguments))) {
            return process.rest();
        }
    }
}
