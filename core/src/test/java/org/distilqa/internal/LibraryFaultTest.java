package org.distilqa.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LibraryFaultTest {
    @TempDir
    private Path directory;

    @Test
    void namesTheArtifactAndTheVersionThatAreNeededForAMethodThatIsMissing() {
        Error error = new NoSuchMethodError("'java.util.Set com.fasterxml.jackson.databind.JsonNode.properties()'");
        assertThat(LibraryFault.explain(error))
                .startsWith("com.fasterxml.jackson.core:jackson-databind 2.12 or later (with jackson-core and"
                        + " jackson-annotations that go with it) is needed on the class path, which has"
                        + " jackson-databind ")
                .containsPattern("jackson-core 2\\.\\d+\\.\\d+ \\(jackson-core-2[.\\d]+jar\\)")
                .contains("properties()");
    }

    @Test
    void saysThatAnArtifactIsNotThereAtAll() {
        // JNA is on the class path of devices, not of core.
        assertThat(LibraryFault.explain(
                        new ExceptionInInitializerError(new NoClassDefFoundError("com/sun/jna/NativeLibrary"))))
                .isEqualTo("net.java.dev.jna:jna 5.8 or later is needed on the class path, which has jna not at all"
                        + " (java.lang.NoClassDefFoundError: com/sun/jna/NativeLibrary)");
        assertThat(SharedLibrary.JNA.problem(getClass().getClassLoader())).isPresent();
    }

    @Test
    void doesNotBlameALibraryThatIsThereForAClassThatFailedAtItsStart() {
        Error error = new NoClassDefFoundError("Could not initialize class com.sun.jna.Native");
        error.initCause(new Error("incompatible native library"));
        assertThat(LibraryFault.explain(error)).isEqualTo("java.lang.Error: incompatible native library");
    }

    @Test
    void findsNoFaultWithTheVersionsOfThisBuild() {
        assertThat(SharedLibrary.JACKSON.problem(getClass().getClassLoader())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"com.sun.jna, 4.5.2, true", "com.sun.jna, 5.8.0, false", "an application, 0.1.0, false"})
    void aJarThatHoldsAnApplicationWithItsLibrariesTellsTheVersionOfNoneOfThem(
            String title, String version, boolean tooOld) throws Exception {
        Path jar = jar(title, version);
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
            assertThat(SharedLibrary.JNA.problem(loader).isPresent()).isEqualTo(tooOld);
        }
    }

    /** A jar with a class of JNA's, whose manifest tells this title and version. */
    private Path jar(String title, String version) throws IOException {
        Path source = Files.createDirectories(directory.resolve("com/sun/jna")).resolve("Library.java");
        Files.writeString(source, "package com.sun.jna; public interface Library {}");
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, source.toString());
        assertThat(status).isZero();
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_TITLE, title);
        manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, version);
        Path jar = directory.resolve("application.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.putNextEntry(new JarEntry("com/sun/jna/Library.class"));
            Files.copy(source.resolveSibling("Library.class"), out);
        }
        return jar;
    }

    @Test
    void leavesErrorsOfTheJvmItselfAlone() {
        assertThat(LibraryFault.isOne(new OutOfMemoryError())).isFalse();
        assertThat(LibraryFault.isOne(new StackOverflowError())).isFalse();
        assertThat(LibraryFault.isOne(new AssertionError("unsupported platform")))
                .isTrue();
        assertThat(LibraryFault.isOne(new IllegalStateException())).isFalse();
        assertThatThrownBy(() -> LibraryFault.rethrowUnlessOne(new OutOfMemoryError("heap")))
                .isInstanceOf(OutOfMemoryError.class);
    }
}
