package org.distilqa.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxySettingsTest {
    @Test
    void takesTheProxyOfTheSchemeThenThatForAll() {
        ProxySettings settings = settings("HTTPS_PROXY", "http://s:1", "ALL_PROXY", "http://a:2");
        assertThat(settings.proxy(URI.create("https://hub/")).orElseThrow()).hasToString("http://s:1");
        assertThat(settings.proxy(URI.create("http://hub/")).orElseThrow()).hasToString("http://a:2");
        assertThat(settings("HTTP_PROXY", "http://h").proxy(URI.create("https://hub/")))
                .isEmpty();
    }

    @Test
    void prefersLowerCaseAndTakesAnEmptyValueForNone() {
        ProxySettings settings = settings("HTTP_PROXY", "http://upper", "http_proxy", "http://lower");
        assertThat(settings.proxy(URI.create("http://hub/")).orElseThrow()).hasToString("http://lower:80");
        assertThat(settings("HTTP_PROXY", "http://upper", "http_proxy", "").proxy(URI.create("http://hub/")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"HTTP, http://jvm:3128", "SOCKS, socks5://jvm:3128"})
    void takesWhatTheJvmIsSetToWhereTheEnvironmentSaysNothing(Proxy.Type type, String expected) {
        ProxySelector before = ProxySelector.getDefault();
        ProxySelector.setDefault(new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                return uri.getHost().equals("direct")
                        ? List.of(Proxy.NO_PROXY)
                        : List.of(new Proxy(type, InetSocketAddress.createUnresolved("jvm", 3128)));
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException e) {
                throw new AssertionError(e);
            }
        });
        try {
            assertThat(settings().proxy(URI.create("https://hub/")).orElseThrow())
                    .hasToString(expected);
            assertThat(settings().proxy(URI.create("https://direct/"))).isEmpty();
            assertThat(settings("NO_PROXY", "hub").proxy(URI.create("https://hub/")))
                    .isEmpty();
            assertThat(settings("HTTPS_PROXY", "http://e:1")
                            .proxy(URI.create("https://hub/"))
                            .orElseThrow())
                    .hasToString("http://e:1");
        } finally {
            ProxySelector.setDefault(before);
        }
    }

    @Test
    void doesNotTakeARequestsHeaderForAProxy() {
        assertThat(settings("HTTP_PROXY", "http://evil", "REQUEST_METHOD", "GET")
                        .proxy(URI.create("http://hub/")))
                .isEmpty();
    }

    @Test
    void knowsTheDefaultPortsAndDecodesThePassword() {
        ProxyServer proxy = ProxyServer.of("https://a%3Ab:c+%20@p.example", "HTTPS_PROXY");
        assertThat(proxy).hasToString("https://p.example:443");
        assertThat(proxy.credentials()).contains(new ProxyServer.Credentials("a:b", "c+ "));
        assertThat(ProxyServer.of("[::1]:3128", "HTTP_PROXY")).hasToString("http://[::1]:3128");
        assertThat(ProxyServer.of("socks5://p", "ALL_PROXY").port()).isEqualTo(1080);
        assertThat(ProxyServer.of("me@p", "ALL_PROXY").authorization()).contains("Basic bWU6");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "* https://huggingface.co/ true",
                "huggingface.co https://huggingface.co/ true",
                "HuggingFace.co https://huggingface.CO/ true",
                "huggingface.co https://cdn-lfs.huggingface.co/ true",
                ".huggingface.co https://cdn-lfs.huggingface.co/ true",
                "*.huggingface.co https://cdn-lfs.huggingface.co/ true",
                ".huggingface.co https://huggingface.co/ true",
                "https://huggingface.co https://huggingface.co/ true",
                "huggingface.co https://nothuggingface.co/ false",
                "face.co https://huggingface.co/ false",
                "co https://huggingface.co/ true",
                "huggingface.co:443 https://huggingface.co/ true",
                "huggingface.co:8443 https://huggingface.co/ false",
                "huggingface.co:8443 https://huggingface.co:8443/ true",
                "localhost http://localhost:8080/ true",
                "127.0.0.1 http://127.0.0.1:8080/ true",
                "0.0.1 http://127.0.0.1:8080/ false",
                "10.0.0.0/8 http://10.1.2.3/ true",
                "10.0.0.0/8 http://11.1.2.3/ false",
                "10.0.0.0/33 http://10.0.0.0/ true",
                "0.0.0.0/0 http://11.1.2.3/ true",
                "10.0.0.0/8 http://ten.example/ false",
                "::1 http://[::1]:80/ true",
                "[::1]:80 http://[::1]/ true",
                "fd00::/8 http://[fd12::5]/ true",
                "fd00::/8 http://[fe80::5]/ false",
                "10.0.0.0/x http://10.1.2.3/ false",
                "other.example,huggingface.co https://huggingface.co/ true",
            })
    void reachesExceptionsDirectly(String noProxy, URI uri, boolean direct) {
        ProxySettings settings = settings("ALL_PROXY", "http://proxy", "NO_PROXY", noProxy);
        assertThat(settings.proxy(uri).isEmpty()).isEqualTo(direct);
    }

    private static ProxySettings settings(String... namesAndValues) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            environment.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return ProxySettings.from(environment);
    }
}
