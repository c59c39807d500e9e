package org.distilqa.device.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The JVM says nothing of a compile command for a class that is not there: the first answers would only be slower. */
final class CompileCommandsTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern NAME = Pattern.compile("org\\.distilqa\\.device\\.cpu[.\\w]*\\.VectorKernels");

    static Stream<Path> files() throws IOException {
        try (Stream<Path> benchmarks = Files.walk(ROOT.resolve("benchmarks/src/main"))) {
            return Stream.concat(
                    Stream.of(ROOT.resolve("distilqa"), ROOT.resolve("docs/cpu.md")),
                    benchmarks
                            .filter(file -> file.toString().endsWith(".java")
                                    && names(file).findAny().isPresent())
                            .toList()
                            .stream());
        }
    }

    private static Stream<String> names(Path file) {
        try {
            return NAME.matcher(Files.readString(file)).results().map(MatchResult::group);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void name_the_class_that_is_there(Path file) {
        String name = Kernels.class.getPackageName() + ".VectorKernels";
        assertThat(Kernels.class.getResource("VectorKernels.class")).isNotNull();
        assertThat(names(file)).isNotEmpty().containsOnly(name);
    }
}
