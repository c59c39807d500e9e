package org.distilqa.http;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.distilqa.http.HttpConnection.TunnelException;
import org.distilqa.http.ProxyServer.Credentials;

/** What a client says to a proxy of SOCKS 5 (RFC 1928) to be connected, with a user and a password if need be (RFC 1929). */
final class Socks5 {
    private static final int VERSION = 5;
    private static final int NO_AUTHENTICATION = 0;
    private static final int USER_AND_PASSWORD = 2;
    private static final int USER_AND_PASSWORD_VERSION = 1;
    private static final int CONNECT = 1;
    private static final int IPV4 = 1;
    private static final int DOMAIN_NAME = 3;
    private static final int IPV6 = 4;
    private static final int NOT_ALLOWED = 2;

    private Socks5() {}

    /**
     * Has the proxy connect to a host, whose name it looks up.
     *
     * @param socket the connection to the proxy
     * @throws TunnelException if the proxy refuses, with the status by which one of HTTP would do so
     */
    static void connect(Socket socket, ProxyServer proxy, String host, int port) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.write(
                proxy.credentials().isPresent()
                        ? new byte[] {VERSION, 2, NO_AUTHENTICATION, USER_AND_PASSWORD}
                        : new byte[] {VERSION, 1, NO_AUTHENTICATION});
        requireVersion(in, VERSION);
        int method = in.readUnsignedByte();
        if (method == USER_AND_PASSWORD && proxy.credentials().isPresent()) {
            authenticate(in, out, proxy.credentials().get());
        } else if (method != NO_AUTHENTICATION) {
            throw new TunnelException(HttpConnection.PROXY_AUTHENTICATION_REQUIRED);
        }
        byte[] name = counted(host);
        byte[] request = new byte[4 + name.length + 2];
        request[0] = VERSION;
        request[1] = CONNECT;
        request[3] = DOMAIN_NAME;
        System.arraycopy(name, 0, request, 4, name.length);
        request[request.length - 2] = (byte) (port >> 8);
        request[request.length - 1] = (byte) port;
        out.write(request);
        readReply(in);
    }

    private static void authenticate(DataInputStream in, DataOutputStream out, Credentials credentials)
            throws IOException {
        out.write(USER_AND_PASSWORD_VERSION);
        out.write(counted(credentials.user()));
        out.write(counted(credentials.password()));
        requireVersion(in, USER_AND_PASSWORD_VERSION);
        if (in.readUnsignedByte() != 0) {
            throw new TunnelException(HttpConnection.PROXY_AUTHENTICATION_REQUIRED);
        }
    }

    private static void readReply(DataInputStream in) throws IOException {
        requireVersion(in, VERSION);
        int reply = in.readUnsignedByte();
        if (reply != 0) {
            throw new TunnelException(reply == NOT_ALLOWED ? 403 : 502);
        }
        in.readUnsignedByte();
        int addressBytes = switch (in.readUnsignedByte()) {
            case IPV4 -> 4;
            case IPV6 -> 16;
            case DOMAIN_NAME -> in.readUnsignedByte();
            default -> throw new ProtocolException("the proxy answers with an unknown kind of address");
        };
        in.readFully(new byte[addressBytes + Short.BYTES]);
    }

    private static void requireVersion(DataInputStream in, int version) throws IOException {
        if (in.readUnsignedByte() != version) {
            throw new ProtocolException("the proxy does not speak SOCKS 5");
        }
    }

    private static byte[] counted(String text) throws ProtocolException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 255) {
            throw new ProtocolException("SOCKS 5 has no room for a name or a password of more than 255 bytes");
        }
        byte[] counted = new byte[1 + bytes.length];
        counted[0] = (byte) bytes.length;
        System.arraycopy(bytes, 0, counted, 1, bytes.length);
        return counted;
    }
}
