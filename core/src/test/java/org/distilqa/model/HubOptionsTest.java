package org.distilqa.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.distilqa.InvalidRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubOptionsTest {
    @TempDir
    private Path home;

    @Test
    void hasTheDefaultsOfHuggingFace() {
        HubOptions options = HubOptions.from(Map.of(), home);
        assertThat(options.endpoint()).isEqualTo(URI.create("https://huggingface.co"));
        assertThat(options.cache()).isEqualTo(home.resolve(".cache/huggingface/hub"));
        assertThat(options.token()).isEmpty();
        assertThat(options.offline()).isFalse();
    }

    @Test
    void takesTheCacheFromTheMostSpecificVariable() {
        Path xdg = HubOptions.from(Map.of("XDG_CACHE_HOME", "/x"), home).cache();
        Path hf = HubOptions.from(Map.of("XDG_CACHE_HOME", "/x", "HF_HOME", "/h"), home)
                .cache();
        Path hub = HubOptions.from(Map.of("HF_HOME", "/h", "HF_HUB_CACHE", "~/c"), home)
                .cache();
        assertThat(xdg).isEqualTo(Path.of("/x/huggingface/hub"));
        assertThat(hf).isEqualTo(Path.of("/h/hub"));
        assertThat(hub).isEqualTo(home.resolve("c"));
    }

    @Test
    void takesTheTokenFromTheVariableOrTheFile() throws IOException {
        Files.writeString(home.resolve("token"), "from-file\n");
        Map<String, String> file = Map.of("HF_HOME", home.toString());
        assertThat(HubOptions.from(file, home).token()).contains("from-file");
        assertThat(HubOptions.from(Map.of("HF_HOME", home.toString(), "HF_TOKEN", " given "), home)
                        .token())
                .contains("given");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "YES", "On"})
    void isOfflineWhenAsked(String value) {
        assertThat(HubOptions.from(Map.of("HF_HUB_OFFLINE", value), home).offline())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "false", "", "no"})
    void isOnlineOtherwise(String value) {
        assertThat(HubOptions.from(Map.of("HF_HUB_OFFLINE", value), home).offline())
                .isFalse();
    }

    @Test
    void takesAnEndpointWithAPathAndDropsTheLastSlash() {
        assertThat(HubOptions.from(Map.of("HF_ENDPOINT", "http://mirror:8080/hf/"), home)
                        .endpoint())
                .isEqualTo(URI.create("http://mirror:8080/hf"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mirror", "ftp://mirror", "http://a b", "://"})
    void refusesAnEndpointThatIsNoAddress(String endpoint) {
        Map<String, String> environment = Map.of("HF_ENDPOINT", endpoint);
        assertThatThrownBy(() -> HubOptions.from(environment, home))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("HF_ENDPOINT");
    }

    @Test
    void dropsTheLastSlashOfAnEndpointHoweverItIsGiven() {
        HubOptions options = HubOptions.from(Map.of(), home);
        assertThat(options.withEndpoint(URI.create("http://mirror/hf//")).endpoint())
                .isEqualTo(URI.create("http://mirror/hf"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret\n", "sec ret", "secr\u00e9t"})
    void refusesATokenThatCannotBeSentWithoutShowingIt(String token) {
        HubOptions options = HubOptions.from(Map.of(), home);
        assertThatThrownBy(() -> options.withToken(token))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("HF_TOKEN")
                .hasMessageNotContaining("sec");
    }

    @Test
    void refusesAPatienceOfNoTime() {
        HubOptions options = HubOptions.from(Map.of(), home);
        assertThatThrownBy(() -> options.withPatience(Duration.ZERO, Duration.ZERO))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("timeout");
        assertThatThrownBy(() -> options.withPatience(Duration.ofSeconds(1), Duration.ofSeconds(-1)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("delay");
    }
}
