package org.distilqa.device.onednn.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.distilqa.internal.ContentHash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** With the smaller of the two libraries, since their handling is the same. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "owners and modes are other things there")
class LibraryDirectoryTest {
    private static final String NAME = Platform.of(System.getProperty("os.name"), System.getProperty("os.arch"))
            .orElseThrow()
            .openMp();

    @TempDir
    private Path folder;

    @Test
    void keepsTheLibraryInADirectoryAndAFileOfItsOwnerAlone() throws IOException {
        Path file = new LibraryDirectory(folder.resolve("cache/libraries"), false).file(NAME);
        assertThat(permissions(file.getParent())).isEqualTo("rwx------");
        assertThat(permissions(file)).isEqualTo("rw-------");
        assertHasWhatTheJarHas(file);
    }

    @Test
    void leavesAFileAloneThatHasWhatTheJarHas() throws IOException {
        Path file = new LibraryDirectory(folder, false).file(NAME);
        FileTime old = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(file, old);
        assertThat(new LibraryDirectory(folder, false).file(NAME)).isEqualTo(file);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(old);
    }

    @Test
    void writesAFileAnewThatWasTamperedWithAtTheSameSize() throws IOException {
        Path file = new LibraryDirectory(folder, false).file(NAME);
        byte[] content = Files.readAllBytes(file);
        content[content.length / 2] ^= 1;
        Files.write(file, content);
        new LibraryDirectory(folder, false).file(NAME);
        assertHasWhatTheJarHas(file);
    }

    @Test
    void writesAFileAnewThatOthersCanWriteToHoweverRightItIsNow() throws IOException {
        Path file = new LibraryDirectory(folder, false).file(NAME);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        Object before = Files.getAttribute(file, "unix:ino");
        new LibraryDirectory(folder, false).file(NAME);
        assertThat(permissions(file)).isEqualTo("rw-------");
        // Another file: who had the first one open cannot write to this one.
        assertThat(Files.getAttribute(file, "unix:ino")).isNotEqualTo(before);
    }

    @Test
    void putsAFileInThePlaceOfASymbolicLinkAndLeavesWhatItLedToAlone() throws IOException {
        Path elsewhere = folder.resolve("elsewhere");
        Files.writeString(elsewhere, "another's library");
        Path cache = Files.createDirectory(folder.resolve("cache"));
        Path link = Files.createSymbolicLink(cache.resolve(Path.of(NAME).getFileName()), elsewhere);
        new LibraryDirectory(cache, false).file(NAME);
        assertThat(Files.isSymbolicLink(link)).isFalse();
        assertHasWhatTheJarHas(link);
        assertThat(elsewhere).hasContent("another's library");
    }

    @Test
    void takesADirectoryFromOthersWhoCouldWriteToIt() throws IOException {
        Path cache = Files.createDirectory(folder.resolve("cache"));
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path file = cache.resolve(Path.of(NAME).getFileName());
        Files.writeString(file, "another's library");
        new LibraryDirectory(cache, false).file(NAME);
        assertThat(permissions(cache)).isEqualTo("rwx------");
        assertHasWhatTheJarHas(file);
    }

    @Test
    void refusesADirectoryThatIsASymbolicLinkOrThatAnyoneCanPutAnotherInThePlaceOf() throws IOException {
        Path real = Files.createDirectory(folder.resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        assertThatThrownBy(() -> new LibraryDirectory(link, false).file(NAME))
                .isInstanceOf(IOException.class)
                .hasMessage("it is a symbolic link");
        assertThat(real).isEmptyDirectory();

        Path open = Files.createDirectory(folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> new LibraryDirectory(open.resolve("cache"), false).file(NAME))
                .isInstanceOf(IOException.class)
                .hasMessage("every user can write to " + open.toRealPath() + ", which it is in");
    }

    @Test
    void refusesADirectoryOfAnotherUser() throws IOException {
        assumeThat(Files.getAttribute(folder, "unix:uid"))
                .as("only the administrator can give a directory to another user")
                .isEqualTo(0);
        Path theirs = Files.createDirectory(folder.resolve("theirs"));
        Files.setAttribute(theirs, "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);
        assertThatThrownBy(() -> new LibraryDirectory(theirs, false).file(NAME))
                .isInstanceOf(IOException.class)
                .hasMessage("it belongs to another user, number 65534");
    }

    /** Every library of every platform is in the list, with what its jar has. */
    static Stream<String> libraries() {
        return Platform.all().stream().flatMap(platform -> Stream.of(platform.openMp(), platform.oneDnn()));
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void knowsTheHashOfWhatTheJarsHaveWithoutUnpackingThem(String name) throws IOException {
        LibraryResource library = LibraryResource.of(name);
        try (InputStream content = library.open()) {
            assertThat(library.known())
                    .as("the line of %s in libraries.sha256, which goes with the version in the pom", name)
                    .contains(ContentHash.sha256(content));
        }
    }

    private static void assertHasWhatTheJarHas(Path file) throws IOException {
        try (InputStream content = LibraryResource.of(NAME).open()) {
            assertThat(file).hasBinaryContent(content.readAllBytes());
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }
}
