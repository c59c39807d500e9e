package org.distilqa.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cache that another user has filled, or that is mounted for reading alone. Permissions do not bind root: where these tests
 * run as root, the one who reads the cache is a process of another user.
 */
@Timeout(120)
class OtherUsersCacheTest {
    private static final String USER = "12345";
    private static final String WEIGHTS = "model.safetensors";

    @TempDir
    private Path directory;

    private Path cache;
    private Path repository;
    private FakeHub server;

    @BeforeEach
    void fillTheCache() throws IOException, InterruptedException {
        assumeTrue(
                Files.getFileStore(directory).supportsFileAttributeView("posix"),
                "this file system has no permissions");
        assumeTrue(!isRoot() || hasSetpriv(), "these tests run as root, and there is no setpriv to be another user");
        server = new FakeHub();
        cache = directory.resolve("hub");
        repository = cache.resolve("models--org--model");
        server.files.put("tokenizer_config.json", "{}".getBytes(StandardCharsets.UTF_8));
        HubOptions options = TestHubOptions.from(Map.of(), directory)
                .withEndpoint(server.endpoint())
                .withCache(cache)
                .withPatience(Duration.ofSeconds(10), Duration.ofMillis(5));
        new ModelHub(options).download(FakeHub.ID, "main");
        setPermissions(directory, "rwxr-xr-x", path -> path.equals(directory));
    }

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.close();
            setPermissions(directory, "rwxrwxrwx", Files::isDirectory); // So that it can be deleted.
        }
    }

    @Test
    void isUsedWhenItIsCompleteAndReadOnly() throws Exception {
        makeReadOnly();
        assertAnswers(FakeHub.COMMIT, false);
    }

    @Test
    void isUsedWhenAFileThatIsNotNeededIsNotThereAndItIsReadOnly() throws Exception {
        Files.delete(snapshot().resolve("tokenizer_config.json"));
        Files.delete(repository.resolve("blobs").resolve(FakeHub.gitSha1("{}".getBytes(StandardCharsets.UTF_8))));
        makeReadOnly();
        assertAnswers(FakeHub.COMMIT, true);
    }

    @Test
    void isUsedWhenTheHubHasANewerCommitAndItIsReadOnly() throws Exception {
        server.commit = "f".repeat(40);
        server.files.put("config.json", "{\"newer\": true}".getBytes(StandardCharsets.UTF_8));
        makeReadOnly();
        assertAnswers(FakeHub.COMMIT, true);
    }

    /** All blobs are there, one has no name yet, and the lock file is another user's. */
    @Test
    void isCompletedWithoutALockWhenTheFilesAreThere() throws Exception {
        Files.delete(snapshot().resolve("vocab.txt"));
        shareDirectories();
        makeLocksUnusable();
        assertAnswers(FakeHub.COMMIT, false);
        assertThat(snapshot().resolve("vocab.txt")).hasBinaryContent(server.files.get("vocab.txt"));
    }

    /** A blob has to be fetched, but the lock file is another user's. */
    @Test
    void isCompletedWithAFileOfItsOwnWhenTheLockCannotBeHad() throws Exception {
        Files.delete(snapshot().resolve(WEIGHTS));
        Path blob = repository.resolve("blobs").resolve(FakeHub.sha256(server.files.get(WEIGHTS)));
        Files.delete(blob);
        Files.write(blob.resolveSibling(blob.getFileName() + ".distilqa.incomplete"), new byte[] {1, 2, 3});
        shareDirectories();
        makeLocksUnusable();
        assertAnswers(FakeHub.COMMIT, false);
        assertThat(snapshot().resolve(WEIGHTS)).hasBinaryContent(server.files.get(WEIGHTS));
        try (Stream<Path> left = Files.list(repository.resolve("blobs"))) {
            assertThat(left.filter(file -> file.toString().endsWith(".incomplete")))
                    .as("only what was there before")
                    .hasSize(1);
        }
    }

    @Test
    void saysThatItMayNotWriteThere() throws Exception {
        Files.delete(snapshot().resolve(WEIGHTS));
        Files.delete(repository.resolve("blobs").resolve(FakeHub.sha256(server.files.get(WEIGHTS))));
        makeReadOnly();
        Reader reader = read();
        assertThat(reader.exit).isNotZero();
        assertThat(reader.errors).contains("this user may not write there").contains("HF_HUB_CACHE");
    }

    private Path snapshot() {
        return repository.resolve("snapshots").resolve(FakeHub.COMMIT);
    }

    private void assertAnswers(String commit, boolean warned) throws Exception {
        Reader reader = read();
        assertThat(reader.errors.lines().filter(line -> line.contains(" WARN ")))
                .hasSize(warned ? 1 : 0)
                .allMatch(line -> line.contains("taking org/model at commit " + commit + " from the cache"));
        assertThat(reader.output.strip())
                .as(reader.errors)
                .endsWith(repository.resolve("snapshots").resolve(commit).toString());
    }

    private void makeReadOnly() throws IOException {
        setPermissions(cache, "r--r--r--", Files::isRegularFile);
        setPermissions(cache, "r-xr-xr-x", Files::isDirectory);
    }

    private void shareDirectories() throws IOException {
        setPermissions(cache, "rwxrwxrwx", Files::isDirectory);
    }

    /** As 0644 of another user, or, for the same user, 0444. */
    private void makeLocksUnusable() throws IOException {
        String permissions = isRoot() ? "rw-r--r--" : "r--r--r--";
        setPermissions(
                cache,
                permissions,
                path -> path.toString().endsWith(".lock") || path.toString().endsWith(".incomplete"));
    }

    private static void setPermissions(Path root, String permissions, Predicate<Path> which) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path :
                    paths.filter(which.and(path -> !Files.isSymbolicLink(path))).toList()) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
            }
        }
    }

    /** What a process said that read the cache. */
    private record Reader(int exit, String output, String errors) {}

    private Reader read() throws Exception {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid", USER, "--regid", USER, "--clear-groups"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                isRoot() ? copyOfTheClassPath() : System.getProperty("java.class.path"),
                DownloadProcess.class.getName(),
                server.endpoint().toString(),
                cache.toString()));
        Path errors = Files.createTempFile(directory, "errors", "");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().put("HF_HOME", directory.resolve("nobody").toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Reader(process.waitFor(), output, Files.readString(errors));
    }

    /** The other user may not look into root's home, where the repository of jars is. */
    private String copyOfTheClassPath() throws IOException {
        Path copies = Files.createDirectory(directory.resolve("class-path"));
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path source = Path.of(entry);
            if (Files.exists(source) && entry.matches(".*(classes|jackson|slf4j).*")) {
                Path target =
                        copies.resolve(entries.size() + source.getFileName().toString());
                copy(source, target);
                entries.add(target.toString());
            }
        }
        setPermissions(copies, "rwxr-xr-x", path -> true);
        return String.join(File.pathSeparator, entries);
    }

    private static void copy(Path source, Path target) throws IOException {
        try (Stream<Path> paths = Files.walk(source)) {
            for (Path path : paths.toList()) {
                Files.copy(path, target.resolve(source.relativize(path).toString()));
            }
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static boolean hasSetpriv() throws InterruptedException {
        try {
            return new ProcessBuilder("setpriv", "--reuid", USER, "--regid", USER, "--clear-groups", "true")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
