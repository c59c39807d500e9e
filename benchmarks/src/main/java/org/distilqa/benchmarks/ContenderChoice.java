package org.distilqa.benchmarks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.distilqa.DeviceUnavailableException;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.contender.InputShape;
import org.distilqa.benchmarks.measurement.NetworkResults;
import org.distilqa.benchmarks.peer.Python;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.DeviceProvider;
import org.distilqa.device.Devices;

/** Who takes part: those that the user names, or whoever can here. */
final class ContenderChoice {
    /** The examples' device, which is there to be read. */
    private static final String NOT_MEASURED = "plain";

    private static final List<String> PYTHON_CONTENDERS = List.of(
            "openvino,precision=float32",
            "openvino,precision=bfloat16",
            "openvino,precision=int8",
            "transformers,precision=float32",
            "transformers,precision=bfloat16");

    private final Optional<List<Contender>> named;
    private final Python python;
    private final Consumer<String> progress;

    /**
     * @param named what the user names, as {@link Contender#parse} reads it; empty if it is whoever can here
     * @throws BenchmarkException if one cannot take part, or is named twice
     */
    ContenderChoice(Optional<List<String>> named, Python python, Consumer<String> progress) {
        this.python = python;
        this.progress = progress;
        this.named = named.map(this::parsed);
    }

    private List<Contender> parsed(List<String> texts) {
        Set<Contender> parsed = new LinkedHashSet<>();
        for (String text : texts) {
            Contender contender = Contender.parse(text);
            String missing = python.missing(contender);
            if (!missing.isEmpty()) {
                throw new BenchmarkException(contender + ": " + missing);
            }
            if (!parsed.add(contender)) {
                throw new BenchmarkException("contender \"" + text + "\" is named twice");
            }
        }
        return List.copyOf(parsed);
    }

    /** All who take part. */
    List<Contender> all() {
        return named.orElseGet(this::defaults);
    }

    private List<Contender> defaults() {
        List<Contender> chosen = new ArrayList<>();
        for (DeviceProvider provider : Devices.providers()) {
            if (provider.availability().available() && !provider.name().equals(NOT_MEASURED)) {
                addWithPrecisions(Contender.parse(provider.name()), chosen);
            }
        }
        for (String graph : List.of("plain", "fused", "int8")) {
            chosen.add(Contender.parse(Contender.ONNX_RUNTIME).with("graph", graph));
        }
        chosen.add(Contender.parse(Contender.DJL));
        for (String peer : PYTHON_CONTENDERS) {
            Contender contender = Contender.parse(peer);
            String missing = python.missing(contender);
            if (missing.isEmpty()) {
                chosen.add(contender);
            } else {
                progress.accept(contender + " is left out: " + missing);
            }
        }
        return chosen;
    }

    private void addWithPrecisions(Contender contender, List<Contender> chosen) {
        chosen.add(contender);
        if (contender.isOneDnn()) {
            Stream.of("bfloat16", "int8")
                    .map(precision -> contender.with("precision", precision))
                    .filter(this::opens)
                    .forEach(chosen::add);
        }
    }

    /** Whether a device can be opened like this here: a processor may be too old for a precision. */
    private boolean opens(Contender contender) {
        try {
            Devices.open(contender.name(), contender.options()).close();
            return true;
        } catch (DeviceUnavailableException e) {
            progress.accept(contender + " is left out: " + e.getMessage());
            return false;
        }
    }

    /**
     * Who answers whole questions: all that are named; or ours, ONNX Runtime with the graph that it runs fastest, DJL with the same, and
     * those in Python.
     *
     * @param network what was measured of the network alone, if it was
     */
    List<Contender> answerers(List<Contender> all, Optional<NetworkResults> network) {
        if (named.isPresent()) {
            return all;
        }
        Contender fastest = network.flatMap(ContenderChoice::fastestOnnxRuntime)
                .orElse(Contender.parse(Contender.ONNX_RUNTIME).with("graph", "fused"));
        List<Contender> answerers = new ArrayList<>();
        all.stream().filter(contender -> !contender.isPeer()).forEach(answerers::add);
        answerers.add(fastest);
        answerers.add(Contender.parse(Contender.DJL)
                .with("graph", fastest.options().get("graph").orElseThrow()));
        all.stream().filter(Contender::isPython).forEach(answerers::add);
        return answerers;
    }

    private static Optional<Contender> fastestOnnxRuntime(NetworkResults results) {
        InputShape largest = results.shapes().get(results.shapes().size() - 1);
        return results.rows().stream()
                .filter(row -> row.shape().equals(largest))
                .filter(row -> row.contender().isOnnxRuntime())
                .filter(row -> row.contender().precision().equals("float32"))
                .min(Comparator.comparingDouble(NetworkResults.Row::median))
                .map(NetworkResults.Row::contender);
    }

    /** What a service runs on: the first of our own devices that is named, or the one that a user gets. */
    Contender service() {
        return named.map(contenders -> contenders.stream()
                        .filter(contender -> !contender.isPeer())
                        .findFirst()
                        .orElseThrow(() -> new BenchmarkException("--only service needs a device of ours")))
                .orElse(new Contender(Devices.AUTO, DeviceOptions.none()));
    }
}
