package org.distilqa.benchmarks.peak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The library of multiply-adds, compiled for a test. */
public final class MultiplyAddsLibrary {
    private MultiplyAddsLibrary() {}

    /** Compiles it into a folder without a warning; nothing where there is no C++ compiler. */
    public static Optional<Path> compile(Path folder) throws InterruptedException {
        Path library = folder.resolve("multiply_adds.so");
        ProcessBuilder compiler = new ProcessBuilder(
                "c++",
                "-O2",
                "-Wall",
                "-Wextra",
                "-Werror",
                "-shared",
                "-fPIC",
                "-o",
                library.toString(),
                "src/main/cpp/multiply_adds.cpp");
        try {
            assertThat(compiler.inheritIO().start().waitFor())
                    .as("the compiler's status")
                    .isZero();
            return Optional.of(library);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
