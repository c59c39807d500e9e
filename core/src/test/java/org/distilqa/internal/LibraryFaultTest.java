package org.distilqa.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LibraryFaultTest {

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
