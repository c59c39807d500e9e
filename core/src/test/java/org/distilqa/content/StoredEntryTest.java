package org.distilqa.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredEntryTest {
    private static final byte[] DATA = "the weights".repeat(50).getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path directory;

    private Path jar;

    @BeforeEach
    void nameTheJar() {
        jar = directory.resolve("a.jar");
    }

    private void write(String comment, byte[] extra) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setComment(comment);
            put(
                    zip,
                    "first",
                    "something before it".getBytes(StandardCharsets.US_ASCII),
                    ZipEntry.DEFLATED,
                    new byte[0]);
            put(zip, "a/stored", DATA, ZipEntry.STORED, extra);
            put(zip, "a/deflated", DATA, ZipEntry.DEFLATED, new byte[0]);
            put(zip, "ü/empty", new byte[0], ZipEntry.STORED, new byte[0]);
        }
    }

    private static void put(ZipOutputStream zip, String name, byte[] data, int method, byte[] extra)
            throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(method);
        if (method == ZipEntry.STORED) {
            CRC32 crc = new CRC32();
            crc.update(data);
            entry.setSize(data.length);
            entry.setCrc(crc.getValue());
        }
        entry.setExtra(extra);
        zip.putNextEntry(entry);
        zip.write(data);
        zip.closeEntry();
    }

    private Optional<StoredEntry> find(String name) throws IOException {
        try (DiskContent content = DiskContent.of(jar)) {
            return StoredEntry.find(content, name);
        }
    }

    private void assertFound() throws IOException {
        StoredEntry entry = find("a/stored").orElseThrow();
        assertThat(entry.size()).isEqualTo(DATA.length);
        byte[] bytes = Files.readAllBytes(jar);
        assertThat(Arrays.copyOfRange(bytes, (int) entry.position(), (int) (entry.position() + entry.size())))
                .isEqualTo(DATA);
    }

    @Test
    void findsAStoredFile() throws IOException {
        write(null, new byte[0]);
        assertFound();
        assertThat(find("ü/empty")).map(StoredEntry::size).contains(0L);
    }

    @Test
    void findsItBehindAnExtraField() throws IOException {
        write(null, new byte[] {(byte) 0xfe, (byte) 0xca, 4, 0, 1, 2, 3, 4});
        assertFound();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "PK\u0005\u0006 is no end of a jar if it stands in a comment, even a long one"})
    void findsItInAJarWithAComment(String comment) throws IOException {
        write(comment, new byte[0]);
        assertFound();
        write(comment.repeat(0xffff / comment.length()), new byte[0]);
        assertFound();
    }

    @Test
    void findsItInAJarThatBeginsWithAScript() throws IOException {
        write(null, new byte[0]);
        byte[] zip = Files.readAllBytes(jar);
        try (OutputStream out = Files.newOutputStream(jar)) {
            out.write("#!/bin/sh\nexec java -jar \"$0\" \"$@\"\n".getBytes(StandardCharsets.US_ASCII));
            out.write(zip);
        }
        assertFound();
    }

    @Test
    void findsNothingForACompressedFileNorForOneThatIsNotThere() throws IOException {
        write(null, new byte[0]);
        assertThat(find("a/deflated")).isEmpty();
        assertThat(find("a/store")).isEmpty();
        assertThat(find("stored")).isEmpty();
        assertThat(find("")).isEmpty();
    }

    /** What reads the jar instead says what is wrong with it. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 21, 22, 100, 100_000})
    void findsNothingInWhatIsNoJar(int bytes) throws IOException {
        Files.write(jar, new byte[bytes]);
        assertThat(find("a/stored")).isEmpty();
    }

    @Test
    void findsNothingOutsideAJarWhoseNumbersAreWrong() throws IOException {
        write(null, new byte[0]);
        byte[] zip = Files.readAllBytes(jar);
        int end = zip.length - 22;
        ByteBuffer good = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        int start = good.getInt(end + 16);
        int found = 0;
        int changes = 0;
        // The directory's size and place, and in each of its bytes whatever it may be.
        for (int field = start; field < zip.length; field++) {
            for (int value : new int[] {0, 1, 0x7f, 0x80, 0xff}) {
                byte[] wrong = zip.clone();
                wrong[field] = (byte) value;
                Files.write(jar, wrong);
                Optional<StoredEntry> entry = find("a/stored");
                changes++;
                if (entry.isPresent()) {
                    found++;
                    assertThat(entry.get().position()).isPositive();
                    assertThat(entry.get().size())
                            .isBetween(0L, start - entry.get().position());
                }
            }
        }
        // Many bytes say nothing of the file's place, such as those of times and of the other files.
        assertThat(found).isBetween(changes / 4, changes - 1);
    }

    @Test
    void findsNothingInAJarThatWasCutShort() throws IOException {
        write(null, new byte[0]);
        byte[] zip = Files.readAllBytes(jar);
        for (int length = 0; length < zip.length; length++) {
            Files.write(jar, Arrays.copyOf(zip, length));
            assertThat(find("a/stored")).as("of %d bytes", length).isEmpty();
        }
    }
}
