package org.distilqa.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A package of Debian, unpacked into a folder of its own without being installed.
 *
 * @param name the package's name
 */
record DebianPackage(String name) {

    /**
     * Downloads and unpacks the package, unless that was done before.
     *
     * @param directory where packages are unpacked
     * @return the root of the unpacked package
     */
    Path unpack(Path directory) {
        Path root = directory.resolve(name);
        if (Files.isDirectory(root)) {
            return root;
        }
        Path download = directory.resolve(name + ".download");
        try {
            Files.createDirectories(download);
            // As root it would warn that its own user may not write here.
            run(download, "apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", name);
            Path archive;
            try (Stream<Path> files = Files.list(download)) {
                archive = files.filter(file -> file.toString().endsWith(".deb"))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("apt-get brought no package " + name));
            }
            run(directory, "dpkg", "-x", archive.toString(), root + ".part");
            Files.move(Path.of(root + ".part"), root);
            Files.delete(archive);
            Files.delete(download);
            return root;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(Path directory, String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .inheritIO()
                .start();
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
