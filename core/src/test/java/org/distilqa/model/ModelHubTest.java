package org.distilqa.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.Latches;
import org.distilqa.ModelDownloadException;
import org.distilqa.safetensors.ShardIndex;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ModelHubTest {
    private static final String WEIGHTS = "model.safetensors";

    @TempDir
    private Path directory;

    private FakeHub server;
    private HubOptions options;

    @BeforeEach
    void start() throws IOException {
        server = new FakeHub();
        options = TestHubOptions.from(Map.of(), directory)
                .withEndpoint(server.endpoint())
                .withCache(directory.resolve("hub"))
                .withPatience(Duration.ofSeconds(10), Duration.ofMillis(5));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void laysTheCacheOutAsHuggingFaceDoes() throws IOException {
        Path snapshot = download();
        Path repository = directory.resolve("hub/models--org--model");
        assertThat(snapshot).isEqualTo(repository.resolve("snapshots").resolve(FakeHub.COMMIT));
        assertThat(Files.readString(repository.resolve("refs/main"))).isEqualTo(FakeHub.COMMIT);
        String sha256 = FakeHub.sha256(server.files.get(WEIGHTS));
        assertThat(Files.readSymbolicLink(snapshot.resolve(WEIGHTS))).isEqualTo(Path.of("../../blobs", sha256));
        assertThat(repository.resolve("blobs").resolve(sha256)).hasBinaryContent(server.files.get(WEIGHTS));
        assertThat(snapshot.resolve("config.json")).hasBinaryContent(server.files.get("config.json"));
        assertThat(snapshot.resolve("vocab.txt")).hasBinaryContent(server.files.get("vocab.txt"));
        assertThat(repository.resolve(".no_exist").resolve(FakeHub.COMMIT).resolve("tokenizer.json"))
                .exists();
        try (Stream<Path> blobs = Files.list(repository.resolve("blobs"))) {
            assertThat(blobs).hasSize(3);
        }
    }

    @Test
    void bringsWhatStandsBesideTheVocabulary() {
        for (String file : List.of("tokenizer_config.json", "special_tokens_map.json", "added_tokens.json")) {
            server.files.put(file, ("{\"" + file + "\": 0}").getBytes(StandardCharsets.UTF_8));
        }
        Path snapshot = download();
        for (String file : List.of("tokenizer_config.json", "special_tokens_map.json", "added_tokens.json")) {
            assertThat(snapshot.resolve(file)).hasBinaryContent(server.files.get(file));
        }
    }

    @Test
    void downloadsNothingTwiceAndAsksAgainOnlyForTheCommit() {
        download();
        server.requests.clear();
        download();
        assertThat(server.requests).hasSize(1);
        assertThat(server.requests.get(0).method()).isEqualTo("HEAD");
    }

    @Test
    void needsNoRequestForACommitThatItHas() {
        new ModelHub(options).download(FakeHub.ID, FakeHub.COMMIT);
        server.requests.clear();
        new ModelHub(options).download(FakeHub.ID, FakeHub.COMMIT);
        assertThat(server.requests).isEmpty();
    }

    @Test
    void encodesARevisionWithASlash() throws IOException {
        Path snapshot = new ModelHub(options).download(FakeHub.ID, "refs/pr/1");
        assertThat(snapshot).endsWith(Path.of(FakeHub.COMMIT));
        assertThat(server.requests.get(0).path()).contains("/resolve/refs%2Fpr%2F1/");
        assertThat(directory.resolve("hub/models--org--model/refs/refs/pr/1")).hasContent(FakeHub.COMMIT);
    }

    @Test
    void usesACacheThatPythonFilledWithoutTheNetwork() throws IOException {
        Path repository = directory.resolve("hub/models--org--model");
        Path snapshot = Files.createDirectories(repository.resolve("snapshots").resolve(FakeHub.COMMIT));
        Files.createDirectories(repository.resolve("blobs"));
        Files.createDirectories(repository.resolve("refs"));
        Files.writeString(repository.resolve("refs/main"), FakeHub.COMMIT);
        for (Map.Entry<String, byte[]> file : server.files.entrySet()) {
            String etag =
                    file.getKey().equals(WEIGHTS) ? FakeHub.sha256(file.getValue()) : FakeHub.gitSha1(file.getValue());
            Files.write(repository.resolve("blobs").resolve(etag), file.getValue());
            Files.createSymbolicLink(snapshot.resolve(file.getKey()), Path.of("../../blobs", etag));
        }
        assertThat(new ModelHub(options.withOffline(true)).download(FakeHub.ID, "main"))
                .isEqualTo(snapshot);
        assertThat(server.requests).isEmpty();
    }

    @Test
    void saysWhatIsMissingOffline() {
        assertThatThrownBy(() -> new ModelHub(options.withOffline(true)).download(FakeHub.ID, "main"))
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("org/model at revision main is not complete in the cache")
                .hasMessageContaining("HF_HUB_OFFLINE");
        assertThat(server.requests).isEmpty();
    }

    @Test
    void takesTheCacheWhenTheHubCannotBeReached() {
        Path snapshot = download();
        server.close();
        assertThat(download()).isEqualTo(snapshot);
    }

    @Test
    void saysSoWhenTheHubCannotBeReachedAndTheCacheIsEmpty() {
        server.close();
        assertThatThrownBy(this::download)
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining(server.endpoint().toString())
                .hasMessageContaining("there is no connection");
    }

    @Test
    void goesOnWhereTheConnectionWasCut() {
        server.fail("GET " + WEIGHTS, FakeHub.cutAfter(100_000), FakeHub.cutAfter(50_000), FakeHub.cutAfter(1));
        assertDownloaded();
        assertRequests("all", "rest", "rest", "rest");
    }

    @Test
    void getsThereInTheEndWhenEveryConnectionIsCut() {
        for (int i = 0; i < 29; i++) {
            server.fail("GET " + WEIGHTS, FakeHub.cutAfter(10_000));
        }
        assertDownloaded();
        assertThat(storageRanges()).hasSize(30);
    }

    @Test
    void startsAgainWhenTheServerDoesNotKnowRanges() {
        server.fail("GET " + WEIGHTS, FakeHub.cutAfter(100_000), FakeHub.ignoreRange());
        assertDownloaded();
        assertRequests("all", "rest");
    }

    @Test
    void startsAgainWhenTheServerHasNotTheRestThatIsWanted() {
        server.fail("GET " + WEIGHTS, FakeHub.cutAfter(100_000), FakeHub.status(416));
        assertDownloaded();
        assertRequests("all", "rest", "all");
    }

    @Test
    void startsAgainWhenTheServerSendsAnotherPart() {
        server.fail("GET " + WEIGHTS, FakeHub.cutAfter(100_000), (exchange, content) -> {
            exchange.getResponseHeaders().set("Content-Range", "bytes 7-299999/300000");
            exchange.sendResponseHeaders(206, content.length - 7);
            exchange.getResponseBody().write(content, 7, content.length - 7);
        });
        assertDownloaded();
        assertRequests("all", "rest", "all");
    }

    @Test
    void doesNotKeepMoreBytesThanTheFileHas() {
        server.fail("GET " + WEIGHTS, (exchange, content) -> {
            exchange.sendResponseHeaders(200, content.length + 10);
            exchange.getResponseBody().write(Arrays.copyOf(content, content.length + 10));
        });
        assertDownloaded();
        assertRequests("all", "all");
    }

    @Test
    void goesOnWhenTheServerStalls() {
        server.fail("GET " + WEIGHTS, FakeHub.stall());
        options = options.withPatience(Duration.ofMillis(400), Duration.ofMillis(5));
        assertDownloaded();
        assertThat(storageRanges()).containsExactly(null, "bytes=1000-");
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 500, 502, 503, 504})
    void triesAgainAfterATroubledServersAnswer(int status) {
        server.fail("HEAD config.json", FakeHub.status(status), FakeHub.status(status));
        server.fail("GET " + WEIGHTS, FakeHub.status(status));
        assertDownloaded();
        // Two in trouble, one for the commit and one for the file itself.
        assertThat(server.count("HEAD", "config.json")).isEqualTo(4);
        assertRequests("all", "all");
    }

    @Test
    void givesUpOnAServerThatStaysInTrouble() {
        for (int i = 0; i < 20; i++) {
            server.fail("GET " + WEIGHTS, FakeHub.status(500));
        }
        assertThatThrownBy(this::download)
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("the server answered 500")
                .hasMessageNotContaining("opensesame");
        assertThat(storageRanges()).hasSize(5);
    }

    @Test
    void givesUpOnAServerThatNeverHasTheRest() {
        for (int i = 0; i < 100; i++) {
            server.fail("GET " + WEIGHTS, FakeHub.cutAfter(100_000), FakeHub.status(416));
        }
        assertThatThrownBy(this::download).isInstanceOf(ModelDownloadException.class);
        // Of the 200 faults; a cut connection may give a few bytes more than the one before, which counts as getting
        // on.
        assertThat(storageRanges()).hasSizeLessThan(60);
    }

    @Test
    void waitsAsLongAsTheServerAsks() {
        server.fail("HEAD config.json", FakeHub.status(429, "Retry-After", "1"));
        long begin = System.nanoTime();
        assertDownloaded();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void waitsUntilTheDateThatTheServerGives() {
        ZonedDateTime until = ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(2);
        server.fail(
                "HEAD config.json",
                FakeHub.status(429, "Retry-After", DateTimeFormatter.RFC_1123_DATE_TIME.format(until)));
        assertDownloaded();
        assertThat(ZonedDateTime.now(ZoneOffset.UTC)).isAfterOrEqualTo(until.withNano(0));
    }

    @Test
    void asksForATokenWhereOneIsNeeded() {
        server.requiredToken = "secret";
        assertThatThrownBy(this::download)
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("401")
                .hasMessageContaining("set HF_TOKEN");
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void saysThatATokenDoesNotSuffice() {
        server.requiredToken = "secret";
        options = options.withToken("wrong");
        assertThatThrownBy(this::download)
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("the token in HF_TOKEN does not allow it")
                .hasMessageNotContaining("wrong");
    }

    @Test
    void showsTheTokenToTheHubAlone() {
        server.requiredToken = "secret";
        options = options.withToken("secret");
        assertDownloaded();
        assertThat(server.requests)
                .filteredOn(request -> request.server().equals("storage"))
                .isNotEmpty()
                .allSatisfy(request -> assertThat(request.authorization()).isNull());
        assertThat(server.requests)
                .filteredOn(request -> request.server().equals("hub"))
                .isNotEmpty()
                .allSatisfy(request -> assertThat(request.authorization()).isEqualTo("Bearer secret"));
        assertThat(options.toString()).doesNotContain("secret");
    }

    @Test
    void followsRelativeRedirects() {
        server.fail(
                "HEAD config.json",
                FakeHub.status(307, "Location", "/org/model/resolve/" + FakeHub.COMMIT + "/config.json"));
        assertDownloaded();
        assertThat(server.requests)
                .extracting(FakeHub.Request::path)
                .startsWith(
                        "/org/model/resolve/main/config.json", "/org/model/resolve/" + FakeHub.COMMIT + "/config.json");
    }

    @Test
    void stopsAtARedirectLoop() {
        for (int i = 0; i < 100; i++) {
            server.fail("HEAD config.json", FakeHub.status(302, "Location", "config.json"));
        }
        assertThatThrownBy(this::download)
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("more than 10 redirects");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ftp://127.0.0.1/x", "file:///etc/passwd", "http://a b/", "http:///x", "http://a_b/x", "mailto:a"
            })
    void refusesARedirectToAnythingButTheWeb(String location) {
        server.fail("HEAD config.json", FakeHub.status(302, "Location", location));
        assertThatThrownBy(this::download)
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("redirects to");
    }

    @Test
    void fetchesAFileWithAWrongChecksumOnceMore() {
        server.fail("GET " + WEIGHTS, FakeHub.garbage());
        assertDownloaded();
        assertRequests("all", "all");
    }

    @Test
    void refusesAFileThatNeverHasItsChecksum() throws IOException {
        server.fail("GET " + WEIGHTS, FakeHub.garbage(), FakeHub.garbage());
        assertThatThrownBy(this::download)
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("has not the checksum");
        assertRequests("all", "all");
        try (Stream<Path> files = Files.walk(directory)) {
            // Other files were written there.
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> file.toFile().length()))
                    .isNotEmpty()
                    .doesNotContain(300_000L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {WEIGHTS, "config.json", "vocab.txt"})
    void findsACorruptFileAndFetchesItAgain(String file) throws IOException {
        Path snapshot = download();
        byte[] bytes = server.files.get(file).clone();
        bytes[bytes.length / 2] ^= 1;
        Files.write(snapshot.resolve(file).toRealPath(), bytes);
        // A change within the clock tick of the download would go unseen; a disk that rots waits longer.
        Files.setLastModifiedTime(snapshot.resolve(file).toRealPath(), FileTime.fromMillis(1_000_000));
        long before = server.count("GET", file);
        assertDownloaded();
        assertThat(server.count("GET", file)).isEqualTo(2 * before);
    }

    @Test
    void findsAFileThatWasCutShort() throws IOException {
        Path snapshot = download();
        Files.write(snapshot.resolve(WEIGHTS).toRealPath(), new byte[1000]);
        assertDownloaded();
        assertRequests("all", "all");
    }

    @Test
    void saysThatARepositoryIsNotThere() {
        assertThatThrownBy(() -> new ModelHub(options).download("org/other", "main"))
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("there is no such repository");
    }

    @Test
    void saysThatARevisionIsNotThere() {
        assertThatThrownBy(() -> new ModelHub(options).download(FakeHub.ID, "no-such-revision"))
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("no such revision");
    }

    private static final String FIRST_SHARD = "model-00001-of-00002.safetensors";
    private static final String SECOND_SHARD = "model-00002-of-00002.safetensors";

    private void shardTheWeights() {
        server.files.put(FIRST_SHARD, server.files.remove(WEIGHTS));
        server.files.put(SECOND_SHARD, new byte[1000]);
        server.files.put(
                ShardIndex.FILE,
                ("{\"weight_map\": {\"a\": \"" + FIRST_SHARD + "\", \"b\": \"" + SECOND_SHARD + "\", \"c\": \""
                                + FIRST_SHARD + "\"}}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void downloadsTheFilesThatAnIndexNamesAndTakesThemOffline() throws IOException {
        shardTheWeights();
        Path snapshot = download();
        assertThat(snapshot.resolve(FIRST_SHARD)).hasBinaryContent(server.files.get(FIRST_SHARD));
        assertThat(snapshot.resolve(SECOND_SHARD)).hasBinaryContent(server.files.get(SECOND_SHARD));
        server.requests.clear();
        assertThat(new ModelHub(options.withOffline(true)).download(FakeHub.ID, "main"))
                .isEqualTo(snapshot);
        assertThat(new ModelHub(options).download(FakeHub.ID, FakeHub.COMMIT)).isEqualTo(snapshot);
        assertThat(server.requests).isEmpty();
    }

    @Test
    void findsAShardThatIsMissingFromTheCacheAndFetchesIt() throws IOException {
        shardTheWeights();
        Path shard = download().resolve(SECOND_SHARD);
        Files.delete(shard);
        assertThatThrownBy(() -> new ModelHub(options.withOffline(true)).download(FakeHub.ID, "main"))
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("is not complete in the cache");
        download();
        assertThat(shard).hasBinaryContent(server.files.get(SECOND_SHARD));
    }

    @Test
    void writesNothingOutsideTheCacheWhateverAnIndexSays() {
        shardTheWeights();
        server.files.put(
                ShardIndex.FILE,
                "{\"weight_map\": {\"a\": \"../../../../evil.safetensors\"}}".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(this::download)
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("it must be the name of a .safetensors file in the same folder");
    }

    @Test
    void saysThatPickledWeightsMustBeConverted() {
        server.files.remove(WEIGHTS);
        assertThatThrownBy(this::download)
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("model.safetensors")
                .hasMessageContaining("convert it to safetensors");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../etc", "a/b/c", "/a", "a/", "a b", "org/..", "org/a..b", "a\\b", "org/a--b"})
    void refusesWhatIsNoRepositorysId(String id) {
        assertThatThrownBy(() -> new ModelHub(options).download(id, "main"))
                .isInstanceOf(InvalidConfigurationException.class);
        assertThat(server.requests).isEmpty();
    }

    @Test
    void refusesAnEtagThatIsNoFileName() {
        server.fail(
                "HEAD config.json", FakeHub.status(200, "X-Repo-Commit", FakeHub.COMMIT, "ETag", "\"../../../evil\""));
        assertThatThrownBy(this::download)
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("is this a Hugging Face hub?");
    }

    @Test
    void refusesAServerThatIsNoHub() {
        server.fail("HEAD config.json", FakeHub.status(200));
        assertThatThrownBy(this::download)
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("is this a Hugging Face hub?");
    }

    @Test
    void saysThatTheCacheCannotBeWritten() throws IOException {
        Files.writeString(directory.resolve("hub"), "a file where a directory should be");
        assertThatThrownBy(this::download)
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining(directory.resolve("hub").toString());
    }

    @Test
    void takesACompleteCacheThatCannotBeWritten() throws IOException {
        Path snapshot = download();
        Path locks = directory.resolve("hub/.locks");
        try (Stream<Path> files = Files.walk(locks)) {
            files.sorted(Comparator.reverseOrder()).forEach(HubCache::delete);
        }
        Files.writeString(locks, "a file where a directory should be");
        assertThat(download()).isEqualTo(snapshot);
        assertThat(new ModelHub(options.withOffline(true)).download(FakeHub.ID, "main"))
                .isEqualTo(snapshot);
    }

    @Test
    void saysWhyAFileCannotBeReplaced() throws IOException {
        Path blob = directory.resolve("hub/models--org--model/blobs/" + FakeHub.sha256(server.files.get(WEIGHTS)));
        Files.createDirectories(blob.resolve("in the way"));
        assertThatThrownBy(this::download)
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining(blob + ": cannot be deleted: ")
                .hasMessageContaining("DirectoryNotEmpty");
    }

    @Test
    void downloadsAnEmptyFile() throws IOException {
        server.files.put("tokenizer_config.json", new byte[0]);
        assertThat(download().resolve("tokenizer_config.json")).isEmptyFile();
    }

    @Test
    void refusesASizeThatIsNoNumber() {
        server.fail(
                "HEAD config.json",
                FakeHub.status(
                        200, "X-Repo-Commit", FakeHub.COMMIT, "ETag", "\"e\"", "X-Linked-Size", "a few megabytes"));
        assertThatThrownBy(this::download)
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("is this a Hugging Face hub?");
    }

    @Test
    void waitsForALockThatThisProcessHasByAnotherWay() throws Exception {
        Path file = directory.resolve("a.lock");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            FileLock held = channel.lock();
            AtomicBoolean done = new AtomicBoolean();
            Thread waiting = new Thread(() -> CacheLock.holding(file, done::set));
            waiting.start();
            Latches.awaitWaiting(waiting);
            assertThat(done).isFalse();
            held.release();
            waiting.join();
            assertThat(done).isTrue();
        }
    }

    @Test
    void downloadsOnceForManyThreads() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(8);
        try {
            List<Future<Path>> downloads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                downloads.add(executor.submit(this::download));
            }
            for (Future<Path> download : downloads) {
                assertThat(download.get().resolve(WEIGHTS))
                        .isSymbolicLink()
                        .hasBinaryContent(server.files.get(WEIGHTS));
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(storageRanges()).hasSize(1);
    }

    @Test
    void downloadsOnceForTwoProcesses() throws Exception {
        server.fail("GET " + WEIGHTS, FakeHub.slowly());
        Process first = DownloadProcess.start(server.endpoint(), options.cache());
        Process second = DownloadProcess.start(server.endpoint(), options.cache());
        for (Process process : List.of(first, second)) {
            assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            String snapshot = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            assertThat(Path.of(snapshot, WEIGHTS)).hasBinaryContent(server.files.get(WEIGHTS));
        }
        assertThat(storageRanges()).hasSize(1);
    }

    @Test
    void goesOnAfterTheProcessWasKilled() throws Exception {
        server.fail("GET " + WEIGHTS, FakeHub.slowly());
        Process process = DownloadProcess.start(server.endpoint(), options.cache());
        Path incomplete = options.cache()
                .resolve("models--org--model/blobs")
                .resolve(FakeHub.sha256(server.files.get(WEIGHTS)) + ".distilqa.incomplete");
        while (!Files.exists(incomplete) || Files.size(incomplete) < 20_000) {
            assertThat(process.isAlive()).isTrue();
            Thread.sleep(10);
        }
        process.destroyForcibly().waitFor();
        long there = Files.size(incomplete);
        assertThat(there).isBetween(20_000L, 299_999L);
        assertDownloaded();
        assertThat(storageRanges()).containsExactly(null, "bytes=" + there + "-");
    }

    @Test
    void reportsProgressUpToTheWholeFile() {
        List<Long> bytes = new ArrayList<>();
        options = options.withProgress((file, done, total) -> {
            if (file.equals(WEIGHTS)) {
                assertThat(total).isEqualTo(300_000);
                bytes.add(done);
            }
        });
        download();
        assertThat(bytes).isSorted().endsWith(300_000L);
    }

    @Test
    void downloadsAPlainFileOnceAndWhole() throws IOException {
        server.files.put("dev.safetensors", "x".repeat(5000).getBytes(StandardCharsets.UTF_8));
        server.fail("GET dev.safetensors", FakeHub.cutAfter(2000));
        Path target = directory.resolve("data/dev.json");
        URI address = URI.create(server.endpoint() + "/org/model/resolve/main/dev.safetensors");
        new ModelHub(options).downloadFile(address, target);
        assertThat(target).hasContent("x".repeat(5000));
        server.requests.clear();
        new ModelHub(options).downloadFile(address, target);
        assertThat(server.requests).isEmpty();
    }

    @Test
    void opensACheckpointFromTheHub() throws IOException {
        CheckpointFiles.write(directory);
        server.files.put(WEIGHTS, Files.readAllBytes(directory.resolve(WEIGHTS)));
        Checkpoint checkpoint = Checkpoint.load(FakeHub.ID, "main", options);
        assertThat(checkpoint.config().dim()).isEqualTo(8);
    }

    private Path download() {
        return new ModelHub(options).download(FakeHub.ID, "main");
    }

    private void assertDownloaded() {
        Path snapshot = download();
        server.files.forEach(
                (name, content) -> assertThat(snapshot.resolve(name)).hasBinaryContent(content));
    }

    /** What was asked for: not to the byte, for of what a server sent before a cut, the last of it may never arrive. */
    private void assertRequests(String... expected) {
        assertThat(storageRanges())
                .extracting(range -> range == null ? "all" : range.matches("bytes=[1-9]\\d*-") ? "rest" : range)
                .containsExactly(expected);
    }

    private List<String> storageRanges() {
        synchronized (server.requests) {
            List<String> ranges = new ArrayList<>();
            server.requests.stream()
                    .filter(request -> request.server().equals("storage"))
                    .forEach(request -> ranges.add(request.range()));
            return ranges;
        }
    }
}
