package org.distilqa.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.distilqa.CapturedLog;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.ModelDownloadException;
import org.distilqa.OperationInterruptedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands between this machine and a hub: proxies, certificates, networks that want a login. */
@Timeout(60)
class HubNetworkTest {
    private static final String WEIGHTS = "model.safetensors";
    private static final String USER = "us er:p@ss:word+";
    private static final String USER_ENCODED = "us%20er:p%40ss%3Aword+";

    @TempDir
    private static Path shared;

    private static SelfSigned certificate;

    @TempDir
    private Path directory;

    private final Map<String, String> environment = new HashMap<>();
    private FakeHub hub;
    private FakeHub secureHub;
    private FakeProxy proxy;

    /** Has a port that nobody listens at, nor anyone else can get meanwhile. */
    private final Socket nobody = new Socket();

    @BeforeAll
    static void makeCertificate() throws Exception {
        certificate = SelfSigned.make(shared);
        Files.writeString(shared.resolve("hub.pem"), certificate.pem());
    }

    @BeforeEach
    void start() throws IOException, GeneralSecurityException {
        hub = new FakeHub();
        secureHub = new FakeHub(certificate.context());
        proxy = new FakeProxy(USER);
        nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        environment.put("HF_HOME", directory.toString());
        environment.put("HF_ENDPOINT", hub.endpoint().toString());
    }

    @AfterEach
    void stop() throws IOException {
        hub.close();
        secureHub.close();
        proxy.close();
        nobody.close();
    }

    private String nobodysPort() {
        return "127.0.0.1:" + nobody.getLocalPort();
    }

    private HubOptions options() {
        return TestHubOptions.from(environment, directory).withPatience(Duration.ofSeconds(10), Duration.ofMillis(5));
    }

    private Path download() {
        return new ModelHub(options()).download(FakeHub.ID, "main");
    }

    private void useSecureHub() {
        environment.put("HF_ENDPOINT", secureHub.endpoint().toString());
        environment.put("SSL_CERT_FILE", shared.resolve("hub.pem").toString());
    }

    private void assertDownloaded(FakeHub from) {
        Path snapshot = download();
        from.files.forEach((name, content) -> assertThat(snapshot.resolve(name)).hasBinaryContent(content));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"})
    void asksThroughTheProxyOfTheEnvironment(String variable) {
        environment.put(variable, "http://" + USER_ENCODED + "@" + proxy.hostAndPort());
        assertDownloaded(hub);
        assertThat(proxy.requests).hasSize(hub.requests.size()).allMatch(request -> request.contains(" http://"));
        assertThat(hub.requests)
                .isNotEmpty()
                .allSatisfy(request -> assertThat(request.proxyAuthorization()).isNull());
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTPS_PROXY", "https_proxy", "ALL_PROXY"})
    void tunnelsThroughAProxyWithUserAndPassword(String variable) {
        useSecureHub();
        environment.put(variable, USER_ENCODED + "@" + proxy.hostAndPort());
        assertDownloaded(secureHub);
        assertThat(proxy.requests)
                .hasSize(secureHub.requests.size())
                .contains("CONNECT localhost:" + secureHub.endpoint().getPort());
        assertThat(secureHub.requests)
                .isNotEmpty()
                .allSatisfy(request -> assertThat(request.proxyAuthorization()).isNull());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void goesThroughAProxyOfSocks(boolean secure) {
        if (secure) {
            useSecureHub();
        }
        environment.put("ALL_PROXY", "socks5h://" + USER_ENCODED + "@" + proxy.hostAndPort());
        assertDownloaded(secure ? secureHub : hub);
        assertThat(proxy.requests)
                .contains("SOCKS " + (secure ? secureHub : hub).endpoint().getAuthority());
    }

    @Test
    void takesAProxyThatIsGivenInCode() throws IOException {
        URI address = URI.create("http://" + USER_ENCODED + "@" + proxy.hostAndPort());
        HubOptions options = options().withProxy(address);
        new ModelHub(options).download(FakeHub.ID, "main");
        assertThat(proxy.requests).isNotEmpty();
        assertThat(options.toString()).contains(proxy.hostAndPort()).doesNotContain("pass", "p@ss");
        proxy.requests.clear();
        new ModelHub(options.withNoProxy(List.of("127.0.0.0/8"))).download(FakeHub.ID, "main");
        assertThat(proxy.requests).isEmpty();
    }

    @Test
    void goesRoundTheProxyToHostsThatNeedNone() {
        environment.put("HTTP_PROXY", "http://" + proxy.hostAndPort());
        environment.put("NO_PROXY", "example.org, 127.0.0.1");
        assertDownloaded(hub);
        assertThat(proxy.requests).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https", "socks"})
    void saysThatTheProxyWantsAPasswordOrAnother(String kind) {
        if (kind.equals("https")) {
            useSecureHub();
        }
        String scheme = kind.equals("socks") ? "socks5://" : "http://";
        environment.put("ALL_PROXY", scheme + proxy.hostAndPort());
        assertThatThrownBy(this::download)
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("the proxy " + scheme + proxy.hostAndPort())
                .hasMessageContaining("asks for a user and a password")
                .hasMessageContaining("HTTPS_PROXY");
        environment.put("ALL_PROXY", scheme + "me:secret@" + proxy.hostAndPort());
        assertThatThrownBy(this::download)
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("does not accept the user and the password")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https", "socks"})
    void namesTheProxyThatRefuses(String kind) {
        if (kind.equals("https")) {
            useSecureHub();
        }
        environment.put(
                "ALL_PROXY",
                (kind.equals("socks") ? "socks5://" : "http://") + USER_ENCODED + "@" + proxy.hostAndPort());
        proxy.refusal = 403;
        assertThatThrownBy(this::download)
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining(
                        "the proxy " + (kind.equals("socks") ? "socks5://" : "http://") + proxy.hostAndPort())
                .hasMessageContaining("403");
        assertThat(proxy.requests).hasSize(1);
    }

    @Test
    void namesTheProxyThatIsNotThere() {
        environment.put("HTTP_PROXY", nobodysPort());
        assertThatThrownBy(this::download)
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("there is no connection to the proxy http://" + nobodysPort());
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"})
    void trustsTheBundleOfTheEnvironment(String variable) {
        environment.put("HF_ENDPOINT", secureHub.endpoint().toString());
        environment.put(variable, shared.resolve("hub.pem").toString());
        assertDownloaded(secureHub);
    }

    @Test
    void trustsOneBundleAlsoWhereAnotherIsNamedThatDoesNotKnowTheHub() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        environment.put(
                "REQUESTS_CA_BUNDLE",
                Files.writeString(
                                other.resolve("other.pem"),
                                SelfSigned.make(other).pem())
                        .toString());
        useSecureHub();
        assertDownloaded(secureHub);
    }

    @Test
    void trustsADirectoryOfCertificatesAndOnesThatAreGivenInCode() throws Exception {
        environment.put("HF_ENDPOINT", secureHub.endpoint().toString());
        Path certificates = Files.createDirectory(directory.resolve("certificates"));
        Files.writeString(certificates.resolve("one.pem"), certificate.pem() + certificate.pem());
        Files.writeString(certificates.resolve("README"), "not a certificate");
        environment.put("SSL_CERT_DIR", directory.resolve("absent") + File.pathSeparator + certificates);
        assertDownloaded(secureHub);
        environment.remove("SSL_CERT_DIR");
        HubOptions options =
                options().withCertificates(shared.resolve("hub.pem")).withCache(directory.resolve("other"));
        assertThat(new ModelHub(options).download(FakeHub.ID, "main")).exists();
    }

    @Test
    void tellsAtOnceOfACertificateThatIsNotTrustedAndWhatToDo() {
        environment.put("HF_ENDPOINT", secureHub.endpoint().toString());
        environment.put("HTTPS_PROXY", USER_ENCODED + "@" + proxy.hostAndPort());
        assertThatThrownBy(this::download)
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("the certificate of localhost is not trusted")
                .hasMessageContaining("SSL_CERT_FILE")
                .hasMessageContaining("-Djavax.net.ssl.trustStore");
        // It is not tried again.
        assertThat(proxy.requests)
                .containsExactly("CONNECT localhost:" + secureHub.endpoint().getPort());
    }

    @Test
    void doesNotTrustACertificateOfAnotherHost() {
        useSecureHub();
        environment.put(
                "HF_ENDPOINT", "https://127.0.0.1:" + secureHub.endpoint().getPort());
        assertThatThrownBy(this::download)
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("the certificate of 127.0.0.1 is not trusted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"absent.pem", "empty.pem"})
    void saysThatABundleCannotBeUsed(String name) throws IOException {
        useSecureHub();
        Files.writeString(directory.resolve("empty.pem"), "nothing");
        environment.put("SSL_CERT_FILE", directory.resolve(name).toString());
        assertThatThrownBy(this::download)
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("SSL_CERT_FILE");
    }

    private enum Trouble {
        LOGIN_PAGE("is this a Hugging Face hub?"),
        LOGIN_REDIRECT("is this a Hugging Face hub?"),
        FORBIDDEN("403"),
        NO_REPOSITORY("404"),
        NOT_ALLOWED("401"),
        SERVER_ERROR("500"),
        TOO_MANY_REQUESTS("429"),
        PROXY_WANTS_A_PASSWORD("asks for a user and a password"),
        PROXY_REFUSES("the proxy"),
        PROXY_IS_DOWN("there is no connection to the proxy"),
        HUB_IS_DOWN("there is no connection to 127.0.0.1"),
        UNTRUSTED("is not trusted"),
        WRONG_CHECKSUM("has not the checksum");

        private final String reason;

        Trouble(String reason) {
            this.reason = reason;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCompleteCacheAnswersWithOneLineThatSaysWhy(Trouble trouble) throws IOException {
        Path snapshot = download();
        switch (trouble) {
            case LOGIN_PAGE -> hub.fail("HEAD config.json", FakeHub.loginPage());
            case LOGIN_REDIRECT -> {
                hub.fail(
                        "HEAD config.json",
                        FakeHub.status(302, "Location", hub.endpoint() + "/org/model/resolve/main/config.json"),
                        FakeHub.loginPage());
            }
            case FORBIDDEN -> hub.fail("HEAD config.json", FakeHub.status(403));
            case NO_REPOSITORY -> hub.fail("HEAD config.json", FakeHub.status(404, "X-Error-Code", "RepoNotFound"));
            case NOT_ALLOWED -> hub.requiredToken = "secret";
            case SERVER_ERROR -> hub.fail("HEAD config.json", FakeHub.status(500));
            case TOO_MANY_REQUESTS -> hub.fail("HEAD config.json", FakeHub.status(429, "Retry-After", "3600"));
            case PROXY_WANTS_A_PASSWORD -> environment.put("HTTP_PROXY", proxy.hostAndPort());
            case PROXY_REFUSES -> {
                proxy.refusal = 403;
                environment.put("HTTP_PROXY", proxy.hostAndPort());
            }
            case PROXY_IS_DOWN -> environment.put("HTTP_PROXY", nobodysPort());
            case HUB_IS_DOWN -> environment.put("HF_ENDPOINT", "http://" + nobodysPort());
            case UNTRUSTED ->
                environment.put("HF_ENDPOINT", secureHub.endpoint().toString());
            case WRONG_CHECKSUM -> {
                hub.commit = "f".repeat(40);
                hub.files.put(WEIGHTS, new byte[77]);
                hub.fail("GET " + WEIGHTS, FakeHub.garbage(), FakeHub.garbage());
            }
            default -> throw new AssertionError(trouble);
        }
        try (CapturedLog log = new CapturedLog()) {
            assertThat(download()).isEqualTo(snapshot);
            List<String> warnings = log.lines("WARN").stream()
                    .filter(line -> line.contains("from the cache"))
                    .toList();
            assertThat(warnings).hasSize(1).allMatch(line -> line.contains(trouble.reason));
        }
    }

    @Test
    void theCacheDoesNotStandInForWhatTheHubSaysIsNotThere() {
        download();
        hub.fail("HEAD config.json", FakeHub.status(404, "X-Error-Code", "RevisionNotFound"));
        assertThatThrownBy(this::download)
                .isInstanceOf(ModelDownloadException.class)
                .hasMessageContaining("no such revision");
    }

    @Test
    void leavesTheNetworkAloneWhereTransformersWould() {
        Path snapshot = download();
        hub.requests.clear();
        environment.put("TRANSFORMERS_OFFLINE", "1");
        assertThat(download()).isEqualTo(snapshot);
        assertThat(hub.requests).isEmpty();
    }

    @Test
    void anInterruptEndsADownloadAtOnceAndTheNextOneGoesOn() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        hub.fail("GET " + WEIGHTS, FakeHub.hang(begun));
        // Longer than this test may last: nothing but the interrupt ends it.
        HubOptions patient = options().withPatience(Duration.ofHours(1), Duration.ZERO);
        Interruption.assertEnds(() -> new ModelHub(patient).download(FakeHub.ID, "main"), begun);
        assertDownloaded(hub);
    }

    @Test
    void anInterruptThatIsPendingEndsADownloadBeforeItBegins() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(this::download).isInstanceOf(OperationInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertDownloaded(hub);
    }

    @Test
    void leavesNoThreadBehind() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        download();
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().startsWith("HttpClient")
                        || thread.getName().startsWith("distilqa"))
                .isSubsetOf(before);
    }

    @Test
    void downloadsWeightsThatAreSplit() throws IOException {
        byte[] whole = hub.files.remove(WEIGHTS);
        hub.files.put("model-00001-of-00002.safetensors", whole);
        hub.files.put("model-00002-of-00002.safetensors", new byte[] {1, 2, 3});
        hub.files.put("model.safetensors.index.json", """
                {"metadata": {}, "weight_map": {"a": "model-00002-of-00002.safetensors",
                 "b": "model-00001-of-00002.safetensors", "c": "model-00001-of-00002.safetensors"}}
                """.getBytes(StandardCharsets.UTF_8));
        assertDownloaded(hub);
        hub.requests.clear();
        environment.put("HF_HUB_OFFLINE", "1");
        assertDownloaded(hub);
        assertThat(hub.requests).isEmpty();
    }

    @Test
    void makesItsLockFilesAsAnyOtherFile() throws IOException {
        assumeTrue(
                Files.getFileStore(directory).supportsFileAttributeView("posix"),
                "this file system has no permissions");
        download();
        Path lock = directory
                .resolve("hub/.locks/models--org--model")
                .resolve(FakeHub.sha256(hub.files.get(WEIGHTS)) + ".lock");
        Path ordinary = directory.resolve("ordinary");
        Files.newOutputStream(ordinary).close();
        assertThat(Files.getPosixFilePermissions(lock)).isEqualTo(Files.getPosixFilePermissions(ordinary));
    }
}
