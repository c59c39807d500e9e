import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * Writes a file of a jar anew, without compression, so that it can be read at its place in the jar: a step of the build, since the
 * shade plugin compresses all it writes. The JDK's zip file system copies everything else as it is, compressed.
 */
final class StoreUncompressed {
    private StoreUncompressed() {}

    /**
     * Changes a jar.
     *
     * @param arguments the jar and the name of the file in it
     * @throws IOException if the jar cannot be written, or has no such file
     */
    public static void main(String[] arguments) throws IOException {
        try (FileSystem jar =
                FileSystems.newFileSystem(Path.of(arguments[0]), Map.of("compressionMethod", "STORED"))) {
            Path file = jar.getPath(arguments[1]);
            FileTime time = Files.getLastModifiedTime(file);
            Files.write(file, Files.readAllBytes(file));
            // The same sources give the same bytes.
            Files.setLastModifiedTime(file, time);
        }
    }
}
