package org.distilqa.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "owners and modes are other things there")
class FileAccessTest {
    private static final String UID = "unix:uid";
    private static final int SOMEBODY = 12_345;

    @TempDir
    private Path folder;

    private FileAccess access;

    @BeforeEach
    void open() throws IOException {
        access = FileAccess.ofThisProcess();
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }

    private static Path permit(Path path, String permissions) throws IOException {
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    /** How somebody sees a path who is neither its owner nor the administrator. */
    private static FileAccess ofAnotherThanTheOwner(Path path) throws IOException {
        if ((int) Files.getAttribute(path, UID) == 0) {
            Files.setAttribute(path, UID, SOMEBODY); // These tests run as root, who can.
        }
        return new FileAccess((int) Files.getAttribute(path, UID) + 1);
    }

    @Test
    void makesADirectoryForItsUserAlone() throws IOException {
        Path directory = folder.resolve("a/b");
        access.makePrivate(directory);
        assertThat(permissions(directory)).isEqualTo("rwx------");
        assertThat(permissions(directory.getParent())).isEqualTo("rwx------");
        access.makePrivate(directory);
        assertThat(directory).isDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwx---", "rwx----w-", "rwxrwxrwx"})
    void takesADirectoryFromThoseWhoCouldWriteThere(String before) throws IOException {
        Path directory = permit(Files.createDirectory(folder.resolve("a")), before);
        access.makePrivate(directory);
        assertThat(permissions(directory)).isEqualTo("rwx------");
    }

    @Test
    void leavesADirectoryThatOthersCanOnlyReadAsItIs() throws IOException {
        Path directory = permit(Files.createDirectory(folder.resolve("a")), "rwxr-xr-x");
        access.makePrivate(directory);
        assertThat(permissions(directory)).isEqualTo("rwxr-xr-x");
    }

    @Test
    void refusesWhatIsNoDirectoryOfItsUsers() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> access.makePrivate(file))
                .isInstanceOf(IOException.class)
                .hasMessage("it is not a directory");
        Path directory = Files.createDirectory(folder.resolve("directory"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), directory);
        assertThatThrownBy(() -> access.makePrivate(link))
                .isInstanceOf(IOException.class)
                .hasMessage("it is a symbolic link");
        FileAccess other = ofAnotherThanTheOwner(directory);
        assertThatThrownBy(() -> other.makePrivate(directory))
                .isInstanceOf(IOException.class)
                .hasMessage("it belongs to another user, number " + Files.getAttribute(directory, UID));
    }

    @Test
    void refusesADirectoryThatEveryUserCouldPutAnotherInThePlaceOf() throws IOException {
        Path open = permit(Files.createDirectory(folder.resolve("open")), "rwxrwxrwx");
        Path directory = open.resolve("a/b");
        assertThatThrownBy(() -> access.makePrivate(directory))
                .isInstanceOf(IOException.class)
                .hasMessage("every user can write to " + open.toRealPath() + ", which it is in");
        // As in /tmp, where only its owner can rename an entry.
        Files.setAttribute(open, "unix:mode", 01777);
        access.makePrivate(directory);
        assertThat(directory).isDirectory();
    }

    @Test
    void trustsAPlainFileThatNobodyElseCanWrite() throws IOException {
        Path file = permit(Files.createFile(folder.resolve("file")), "rw-r--r--");
        assertThat(access.isPrivateFile(file)).isTrue();
        for (String permissions : new String[] {"rw-rw----", "rw-----w-"}) {
            assertThat(access.isPrivateFile(permit(file, permissions))).isFalse();
        }
        permit(file, "rw-------");
        assertThat(access.isPrivateFile(file)).isTrue();
        assertThat(access.isPrivateFile(folder.resolve("absent"))).isFalse();
        assertThat(access.isPrivateFile(folder)).isFalse();
        assertThat(access.isPrivateFile(Files.createSymbolicLink(folder.resolve("link"), file)))
                .isFalse();
        assertThat(ofAnotherThanTheOwner(file).isPrivateFile(file)).isFalse();
    }
}
