package org.distilqa.tokenizer.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "owners and modes are other things there")
class UnpackedLibraryTest {
    /** The jar has it on every platform. */
    private static final String RESOURCES = "native/lib/linux-x86_64/cpu/";

    @TempDir
    private Path folder;

    private Path directory;
    private Path library;

    @BeforeEach
    void unpack() throws IOException {
        directory = Files.createDirectory(folder.resolve("0.21.0-cpu"));
        library = directory.resolve("libtokenizers.so");
        try (InputStream original =
                UnpackedLibrary.class.getClassLoader().getResourceAsStream(RESOURCES + "libtokenizers.so")) {
            Files.copy(original, library);
        }
    }

    @Test
    void leavesWhatTheJarHas() throws IOException {
        UnpackedLibrary.removeUnlessSound(directory, RESOURCES);
        assertThat(library).exists();
    }

    @Test
    void takesAwayWhatWasTamperedWithAtTheSameSize() throws IOException {
        byte[] content = Files.readAllBytes(library);
        content[content.length / 2] ^= 1;
        Files.write(library, content);
        UnpackedLibrary.removeUnlessSound(directory, RESOURCES);
        assertThat(library).doesNotExist();
    }

    @Test
    void takesAwayASymbolicLinkAndLeavesWhatItLedTo() throws IOException {
        Path elsewhere = Files.move(library, folder.resolve("elsewhere"));
        Files.createSymbolicLink(library, elsewhere);
        UnpackedLibrary.removeUnlessSound(directory, RESOURCES);
        assertThat(library).doesNotExist();
        assertThat(elsewhere).exists();
    }

    @Test
    void takesTheDirectoryFromOthersAndRefusesOneThatIsASymbolicLink() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        UnpackedLibrary.removeUnlessSound(directory, RESOURCES);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        Path link = Files.createSymbolicLink(folder.resolve("link"), directory);
        assertThatThrownBy(() -> UnpackedLibrary.removeUnlessSound(link, RESOURCES))
                .isInstanceOf(IOException.class)
                .hasMessage("it is a symbolic link");
    }
}
