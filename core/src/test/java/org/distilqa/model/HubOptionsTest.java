package org.distilqa.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.distilqa.InvalidConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubOptionsTest {
    @TempDir
    private Path home;

    @Test
    void hasTheDefaultsOfHuggingFace() {
        HubOptions options = TestHubOptions.from(Map.of(), home);
        assertThat(options.endpoint()).isEqualTo(URI.create("https://huggingface.co"));
        assertThat(options.cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
        assertThat(options.token()).isEmpty();
        assertThat(options.offline()).isFalse();
    }

    @Test
    void takesTheCacheFromTheMostSpecificVariable() {
        Path xdg = TestHubOptions.from(Map.of("XDG_CACHE_HOME", "/x"), home).cache();
        Path hf = TestHubOptions.from(Map.of("XDG_CACHE_HOME", "/x", "HF_HOME", "/h"), home)
                .cache();
        Path hub = TestHubOptions.from(Map.of("HF_HOME", "/h", "HF_HUB_CACHE", "~/c"), home)
                .cache();
        assertThat(xdg).isEqualTo(Path.of("/x/huggingface/hub"));
        assertThat(hf).isEqualTo(Path.of("/h/hub"));
        assertThat(hub).isEqualTo(home.resolve("c"));
    }

    @Test
    void takesTheTokenFromTheVariableOrTheFile() throws IOException {
        Files.writeString(home.resolve("token"), "from-file\n");
        Map<String, String> file = Map.of("HF_HOME", home.toString());
        assertThat(TestHubOptions.from(file, home).token()).contains("from-file");
        assertThat(TestHubOptions.from(Map.of("HF_HOME", home.toString(), "HF_TOKEN", " given "), home)
                        .token())
                .contains("given");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "YES", "On"})
    void isOfflineWhenAsked(String value) {
        assertThat(TestHubOptions.from(Map.of("HF_HUB_OFFLINE", value), home).offline())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "false", "", "no"})
    void isOnlineOtherwise(String value) {
        assertThat(TestHubOptions.from(Map.of("HF_HUB_OFFLINE", value), home).offline())
                .isFalse();
    }

    @Test
    void takesAnEndpointWithAPathAndDropsTheLastSlash() {
        assertThat(TestHubOptions.from(Map.of("HF_ENDPOINT", "http://mirror:8080/hf/"), home)
                        .endpoint())
                .isEqualTo(URI.create("http://mirror:8080/hf"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mirror", "ftp://mirror", "http://a b", "://"})
    void refusesAnEndpointThatIsNoAddress(String endpoint) {
        Map<String, String> environment = Map.of("HF_ENDPOINT", endpoint);
        assertThatThrownBy(() -> TestHubOptions.from(environment, home))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("HF_ENDPOINT");
    }

    @Test
    void dropsTheLastSlashOfAnEndpointHoweverItIsGiven() {
        HubOptions options = TestHubOptions.from(Map.of(), home);
        assertThat(options.withEndpoint(URI.create("http://mirror/hf//")).endpoint())
                .isEqualTo(URI.create("http://mirror/hf"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret\n", "sec ret", "secr\u00e9t"})
    void refusesATokenThatCannotBeSentWithoutShowingIt(String token) {
        HubOptions options = TestHubOptions.from(Map.of(), home);
        assertThatThrownBy(() -> options.withToken(token))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("HF_TOKEN")
                .hasMessageNotContaining("sec");
    }

    @Test
    void refusesAPatienceOfNoTime() {
        HubOptions options = TestHubOptions.from(Map.of(), home);
        assertThatThrownBy(() -> options.withPatience(Duration.ZERO, Duration.ZERO))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("timeout");
        assertThatThrownBy(() -> options.withPatience(Duration.ofSeconds(1), Duration.ofSeconds(-1)))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("delay");
    }

    @ParameterizedTest
    @ValueSource(strings = {"$BASE/x/hf", "${BASE}/x/hf", "~/x/hf", "$HOME/x/hf"})
    void replacesTheHomeDirectoryAndVariablesInPaths(String value) {
        Map<String, String> environment = Map.of("HF_HOME", value, "BASE", "/base", "HOME", "/base");
        assertThat(TestHubOptions.from(environment, home).cache()).isEqualTo(Path.of("/base/x/hf/hub"));
    }

    @Test
    void leavesAVariableThatIsNotSetAsItIsWritten() {
        assertThat(TestHubOptions.from(Map.of("HF_HUB_CACHE", "/a/$NONE/${NONE}/b$"), home)
                        .cache())
                .isEqualTo(Path.of("/a/$NONE/${NONE}/b$"));
    }

    @Test
    void replacesVariablesAsTheyAreWrittenOnWindows() {
        Map<String, String> variables = Map.of("HF_HUB_CACHE", "%BASE%/hf/$BASE", "BASE", "b", "HOME", "/not-this");
        assertThat(new HubEnvironment(variables, () -> home, true).options().cache())
                .isEqualTo(Path.of("b/hf/b"));
        Map<String, String> belowHome = Map.of("HF_HUB_CACHE", "~\\c", "HOME", "/not-this");
        assertThat(new HubEnvironment(belowHome, () -> home, true).options().cache())
                .isEqualTo(home.resolve("c"));
    }

    @Test
    void asksForTheHomeDirectoryOnlyWhereItIsNeeded() {
        Supplier<Path> nobody = () -> {
            throw new InvalidConfigurationException("this user has no home directory");
        };
        Map<String, String> elsewhere = Map.of("HF_HOME", "/h");
        assertThat(new HubEnvironment(elsewhere, nobody, false).options().cache())
                .isEqualTo(Path.of("/h/hub"));
        assertThatThrownBy(() -> new HubEnvironment(Map.of(), nobody, false).options())
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("no home directory");
    }

    @Test
    void takesTheTokenByItsOlderNameToo() {
        assertThat(TestHubOptions.from(Map.of("HUGGING_FACE_HUB_TOKEN", "old"), home)
                        .token())
                .contains("old");
    }

    @Test
    void isOfflineWhenTransformersIsUnlessTheHubsOwnVariableSaysOtherwise() {
        assertThat(TestHubOptions.from(Map.of("TRANSFORMERS_OFFLINE", "1"), home)
                        .offline())
                .isTrue();
        assertThat(TestHubOptions.from(Map.of("TRANSFORMERS_OFFLINE", "1", "HF_HUB_OFFLINE", ""), home)
                        .offline())
                .isTrue();
        assertThat(TestHubOptions.from(Map.of("TRANSFORMERS_OFFLINE", "1", "HF_HUB_OFFLINE", "0"), home)
                        .offline())
                .isFalse();
    }

    @Test
    void takesTheTimeoutsOfTheEnvironment() {
        HubOptions options =
                TestHubOptions.from(Map.of("HF_HUB_DOWNLOAD_TIMEOUT", "90", "HF_HUB_ETAG_TIMEOUT", "3"), home);
        assertThat(options.timeout()).isEqualTo(Duration.ofSeconds(90));
        assertThat(options.etagTimeout()).isEqualTo(Duration.ofSeconds(3));
        HubOptions defaults = TestHubOptions.from(Map.of("HF_HUB_DOWNLOAD_TIMEOUT", "0"), home);
        assertThat(defaults.timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(defaults.etagTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(defaults.withEtagTimeout(Duration.ofSeconds(1)).etagTimeout())
                .isEqualTo(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-1", "1.5", "99999999"})
    void refusesATimeoutThatIsNoNumberOfSeconds(String value) {
        Map<String, String> environment = Map.of("HF_HUB_ETAG_TIMEOUT", value);
        assertThatThrownBy(() -> TestHubOptions.from(environment, home))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("HF_HUB_ETAG_TIMEOUT is \"" + value + "\"");
    }

    @Test
    void takesAllVariablesThatNameCertificates() {
        Map<String, String> all = Map.of(
                "SSL_CERT_FILE", "/c.pem", "REQUESTS_CA_BUNDLE", "~/a.pem", "CURL_CA_BUNDLE", "/c.pem", "HOME", "/me");
        assertThat(TestHubOptions.from(all, home).certificates())
                .containsExactly(Path.of("/me/a.pem"), Path.of("/c.pem"));
        assertThat(TestHubOptions.from(Map.of(), home).certificates()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://", "socks4://proxy:1080", "http://us er:secret@proxy", "ftp://secret@proxy"})
    void refusesAProxyThatIsNoneWithoutShowingThePassword(String proxy) {
        Map<String, String> environment = Map.of("HTTPS_PROXY", proxy);
        assertThatThrownBy(() -> TestHubOptions.from(environment, home))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("HTTPS_PROXY")
                .hasMessageNotContaining("secret");
    }
}
