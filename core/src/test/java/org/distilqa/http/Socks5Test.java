package org.distilqa.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.distilqa.http.HttpConnection.TunnelException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What proxies answer as RFC 1928 and RFC 1929 have it, and otherwise. */
@Timeout(60)
class Socks5Test {
    private static final String CHOSEN = "0500";
    private static final String CONNECTED = CHOSEN + "050000";
    private static final ProxyServer OPEN = ProxyServer.of("socks5://proxy", "ALL_PROXY");

    private ServerSocket server;
    private Socket client;
    private Socket proxy;

    @BeforeEach
    void connect() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        client = new Socket(server.getInetAddress(), server.getLocalPort());
        proxy = server.accept();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        proxy.close();
        server.close();
    }

    /** Has the proxy answer this, whatever it is asked. */
    private void answer(String hexadecimal) throws IOException {
        proxy.getOutputStream().write(HexFormat.of().parseHex(hexadecimal));
    }

    private void connect(ProxyServer through) throws IOException {
        Socks5.connect(client, through, "hub", 0x1234);
    }

    @ParameterizedTest
    @ValueSource(strings = {"01" + "7f000001", "04" + "00000000000000000000000000000001", "03" + "03" + "687562"})
    void readsAnAnswerWithAnyKindOfAddressToItsEnd(String address) throws IOException {
        answer(CONNECTED + address + "1234" + "aa");
        connect(OPEN);
        assertThat(client.getInputStream().read())
                .as("the first byte of the tunnel")
                .isEqualTo(0xaa);
        assertThat(HexFormat.of().formatHex(proxy.getInputStream().readNBytes(3 + 10)))
                .isEqualTo("050100" + "05010003" + "03" + "687562" + "1234");
    }

    @Test
    void givesUserAndPasswordWhereItIsAskedForThem() throws IOException {
        answer("0502" + "0100" + "05000001" + "7f000001" + "1234");
        connect(ProxyServer.of("socks5://me:secret@proxy", "ALL_PROXY"));
        assertThat(HexFormat.of().formatHex(proxy.getInputStream().readNBytes(4 + 11)))
                .isEqualTo("05020002" + "01" + "02" + "6d65" + "06" + "736563726574");
    }

    @ParameterizedTest
    @CsvSource({"05000502, 403", "05000501, 502", "05000504, 502", "05ff, 407", "0502, 407"})
    void tellsARefusalByTheStatusOfHttp(String answer, int status) throws IOException {
        answer(answer);
        assertThatThrownBy(() -> connect(OPEN))
                .isInstanceOf(TunnelException.class)
                .hasMessage("the proxy answered " + status + " when it was asked to connect");
    }

    @Test
    void tellsThatThePasswordIsRefused() throws IOException {
        answer("0502" + "0101");
        assertThatThrownBy(() -> connect(ProxyServer.of("socks5://me:wrong@proxy", "ALL_PROXY")))
                .isInstanceOf(TunnelException.class)
                .hasMessageContaining("407");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0400", CHOSEN + "04", CONNECTED + "09"})
    void refusesWhatIsNoAnswerOfSocks5(String answer) throws IOException {
        answer(answer);
        assertThatThrownBy(() -> connect(OPEN)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void refusesNamesAndPasswordsThatHaveNoRoom() throws IOException {
        answer("0502");
        ProxyServer through = ProxyServer.of("socks5://me:" + "a".repeat(256) + "@proxy", "ALL_PROXY");
        assertThatThrownBy(() -> connect(through))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("no room")
                .hasMessageNotContaining("aaa");
        answer(CHOSEN);
        String longest = "h".repeat(255);
        assertThat(longest.getBytes(StandardCharsets.UTF_8)).hasSize(255);
        assertThatThrownBy(() -> Socks5.connect(client, OPEN, longest + "h", 80))
                .isInstanceOf(ProtocolException.class);
    }
}
