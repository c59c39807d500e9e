package org.distilqa.http;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One request and its response, over HTTP/1.1 (RFC 9112) on a connection of their own.
 *
 * <p>It is not {@code java.net.http.HttpClient}, for three reasons: that one shows a proxy no password when it asks it for a
 * tunnel, unless a property of the whole JVM is changed; before Java 21 it cannot be closed, and its threads keep the class
 * loader of an application that was stopped; and loading it takes longer than a request does. No thread is started here. An
 * interrupt closes the connection at once.
 */
public final class HttpConnection implements Closeable {
    /** What servers and proxies are told of the program that asks. */
    public static final String USER_AGENT = "distilqa";

    /** The status of a proxy that wants a user and a password, RFC 9110, section 15.5.8. */
    public static final int PROXY_AUTHENTICATION_REQUIRED = 407;

    private static final int MAX_HEAD_BYTES = 1 << 16;
    private static final int BUFFER_BYTES = 1 << 16;

    private final SocketChannel channel;
    private InputStream in;
    private Head head;

    /** A response's status line and its header fields, of each the first; names are compared without case. */
    private record Head(int status, Map<String, String> fields) {}

    /** A proxy that did not open a tunnel. */
    public static final class TunnelException extends IOException {
        private static final long serialVersionUID = 1L;

        private final int status;

        TunnelException(int status) {
            super("the proxy answered " + status + " when it was asked to connect");
            this.status = status;
        }

        /**
         * What it answered.
         *
         * @return the status of HTTP
         */
        public int status() {
            return status;
        }
    }

    private HttpConnection(SocketChannel channel) {
        this.channel = channel;
    }

    /**
     * Sends a request and reads the head of the response.
     *
     * @param uri what is asked for, by http or https
     * @param method {@code GET} or {@code HEAD}
     * @param fields the request's header fields; {@code Host} and {@code Connection} are added
     * @param proxy through which the request goes
     * @param tls makes the connections that are encrypted
     * @param timeout how long to wait for the connection, and for each of the bytes that come
     * @return the response, whose body is still to be read
     * @throws TunnelException if a proxy did not open a tunnel
     * @throws IOException if there is no connection, or what came is no answer of HTTP
     */
    public static HttpConnection send(
            URI uri,
            String method,
            Map<String, String> fields,
            Optional<ProxyServer> proxy,
            Supplier<SSLSocketFactory> tls,
            Duration timeout)
            throws IOException {
        int millis = (int) Math.min(Integer.MAX_VALUE, Math.max(1, timeout.toMillis()));
        String host = proxy.map(ProxyServer::host).orElse(withoutBrackets(uri.getHost()));
        int port = proxy.map(ProxyServer::port).orElse(port(uri));
        HttpConnection connection = new HttpConnection(connect(host, port, millis));
        try {
            connection.exchange(uri, method, fields, proxy, tls, millis);
            return connection;
        } catch (IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Tries a host's addresses in turn, until one answers or the time is up. */
    private static SocketChannel connect(String host, int port, int millis) throws IOException {
        long end = System.nanoTime() + millis * 1_000_000L;
        InetAddress[] addresses = InetAddress.getAllByName(host);
        IOException failure = new ConnectException("no address");
        for (int i = 0; i < addresses.length; i++) {
            long left = (end - System.nanoTime()) / 1_000_000 / (addresses.length - i);
            SocketChannel channel = SocketChannel.open();
            try {
                channel.socket().connect(new InetSocketAddress(addresses[i], port), (int) Math.max(1, left));
                channel.socket().setSoTimeout(millis);
                return channel;
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (IOException e) {
                channel.close();
                failure = e;
            }
        }
        throw new ConnectFailure(failure);
    }

    /** No connection, for whatever reason. */
    private static final class ConnectFailure extends ConnectException {
        private static final long serialVersionUID = 1L;

        ConnectFailure(IOException cause) {
            super(cause.getMessage());
            initCause(cause);
        }
    }

    private void exchange(
            URI uri,
            String method,
            Map<String, String> fields,
            Optional<ProxyServer> proxy,
            Supplier<SSLSocketFactory> tls,
            int millis)
            throws IOException {
        Map<String, String> all = new TreeMap<>(fields);
        all.put("Host", authority(uri));
        all.put("Connection", "close");
        String path = (uri.getRawPath().isEmpty() ? "/" : uri.getRawPath())
                + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        Socket socket = channel.socket();
        if (proxy.isPresent()) {
            socket = through(proxy.get(), socket, uri, tls, millis);
        }
        if (isSecure(uri)) {
            socket = encrypted(socket, withoutBrackets(uri.getHost()), port(uri), tls, millis);
        } else if (proxy.isPresent() && proxy.get().kind() != ProxyServer.Kind.SOCKS5) {
            path = "http://" + authority(uri) + path;
            proxy.get().authorization().ifPresent(value -> all.put("Proxy-Authorization", value));
        }
        write(socket, method + " " + path, all);
        InputStream bytes = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
        do {
            head = readHead(bytes);
        } while (head.status() / 100 == 1);
        in = body(bytes, method, head);
    }

    /** A way through a proxy, as far as it has to be made before the request. */
    private static Socket through(ProxyServer proxy, Socket socket, URI uri, Supplier<SSLSocketFactory> tls, int millis)
            throws IOException {
        if (proxy.kind() == ProxyServer.Kind.SOCKS5) {
            Socks5.connect(socket, proxy, withoutBrackets(uri.getHost()), port(uri));
            return socket;
        }
        Socket spoken = proxy.kind() == ProxyServer.Kind.HTTPS
                ? encrypted(socket, proxy.host(), proxy.port(), tls, millis)
                : socket;
        if (isSecure(uri)) {
            openTunnel(spoken, uri, proxy);
        }
        return spoken;
    }

    /** RFC 9110, section 9.3.6. */
    private static void openTunnel(Socket socket, URI uri, ProxyServer proxy) throws IOException {
        String target = uri.getHost() + ":" + port(uri);
        Map<String, String> fields = new TreeMap<>(Map.of("Host", target, "User-Agent", USER_AGENT));
        proxy.authorization().ifPresent(value -> fields.put("Proxy-Authorization", value));
        write(socket, "CONNECT " + target, fields);
        // Byte by byte: what follows on the head belongs to the tunnel.
        int status = readHead(socket.getInputStream()).status();
        if (status / 100 != 2) {
            throw new TunnelException(status);
        }
    }

    private static Socket encrypted(Socket socket, String host, int port, Supplier<SSLSocketFactory> tls, int millis)
            throws IOException {
        SSLSocket secure = (SSLSocket) tls.get().createSocket(socket, host, port, true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        secure.setSoTimeout(millis);
        secure.startHandshake();
        return secure;
    }

    private static void write(Socket socket, String request, Map<String, String> fields) throws IOException {
        StringBuilder text = new StringBuilder(request).append(" HTTP/1.1\r\n");
        fields.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        text.append("\r\n");
        socket.getOutputStream().write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static Head readHead(InputStream in) throws IOException {
        int[] left = {MAX_HEAD_BYTES};
        String statusLine = readLine(in, left);
        String[] parts = statusLine.split(" ", 3);
        if (parts.length < 2 || !parts[0].startsWith("HTTP/1.") || !parts[1].matches("[1-5][0-9][0-9]")) {
            throw new ProtocolException("the answer is not one of HTTP/1.1");
        }
        Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = readLine(in, left); !line.isEmpty(); line = readLine(in, left)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.putIfAbsent(
                        line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        return new Head(Integer.parseInt(parts[1]), Collections.unmodifiableMap(fields));
    }

    private static String readLine(InputStream in, int[] left) throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the connection was closed before the answer was complete");
            }
            if (--left[0] < 0) {
                throw new ProtocolException("the head of the answer has more than " + MAX_HEAD_BYTES + " bytes");
            }
            if (next == '\n') {
                int length = line.length();
                return length > 0 && line.charAt(length - 1) == '\r' ? line.substring(0, length - 1) : line.toString();
            }
            line.append((char) next);
        }
    }

    /** RFC 9112, section 6.3. */
    private static InputStream body(InputStream in, String method, Head head) throws IOException {
        if (method.equals("HEAD") || head.status() == 204 || head.status() == 304) {
            return InputStream.nullInputStream();
        }
        String coding = head.fields().get("Transfer-Encoding");
        if (coding != null) {
            if (!coding.equalsIgnoreCase("chunked")) {
                throw new ProtocolException("the answer has the transfer coding " + coding);
            }
            return new ChunkedBody(in);
        }
        long length = length(head.fields());
        return length < 0 ? in : new SizedBody(in, length);
    }

    private static long length(Map<String, String> fields) throws ProtocolException {
        String text = fields.get("Content-Length");
        if (text == null) {
            return -1;
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw new ProtocolException("the answer has the length " + text);
        }
        return Long.parseLong(text);
    }

    /**
     * The status.
     *
     * @return 200 to 599
     */
    public int status() {
        return head.status();
    }

    /**
     * The first field of a name.
     *
     * @param name its name, in any case
     * @return its value
     */
    public Optional<String> field(String name) {
        return Optional.ofNullable(head.fields().get(name));
    }

    /**
     * All fields, of each name the first.
     *
     * @return their values by name, in any case
     */
    public Map<String, String> fields() {
        return head.fields();
    }

    /**
     * How long the body is.
     *
     * @return its bytes; -1 if the server did not say
     * @throws IOException if what the server said is no length
     */
    public long length() throws IOException {
        return head.fields().containsKey("Transfer-Encoding") ? -1 : length(head.fields());
    }

    /**
     * The body.
     *
     * @return its bytes, which {@link #close} closes; one that ends early is an {@link EOFException}
     */
    public InputStream body() {
        return in;
    }

    @Override
    public void close() throws IOException {
        // The socket of TLS would first take leave of the server, and may have to wait for it.
        channel.close();
    }

    /**
     * Whether an address is asked for by TLS.
     *
     * @param uri the address
     * @return whether its scheme is https
     */
    public static boolean isSecure(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : isSecure(uri) ? 443 : 80;
    }

    private static String authority(URI uri) {
        return uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }

    static String withoutBrackets(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    static String inBrackets(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    /** A part of what comes, which is read in stretches. */
    private abstract static class Body extends FilterInputStream {
        Body(InputStream in) {
            super(in);
        }

        @Override
        public final int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }
    }

    /** As many bytes as were announced. */
    private static final class SizedBody extends Body {
        private long left;

        SizedBody(InputStream in, long length) {
            super(in);
            this.left = length;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = super.read(target, offset, (int) Math.min(left, length));
            if (count < 0) {
                throw new EOFException("the connection was closed " + left + " bytes before the end");
            }
            left -= count;
            return count;
        }
    }

    /** RFC 9112, section 7.1; the trailer is left unread, since no request follows on this one. */
    private static final class ChunkedBody extends Body {
        private final int[] headBytesLeft = new int[1];
        private long left;
        private boolean begun;
        private boolean ended;

        ChunkedBody(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0 && !ended) {
                nextChunk();
            }
            if (ended) {
                return -1;
            }
            int count = super.read(target, offset, (int) Math.min(left, length));
            if (count < 0) {
                throw new EOFException("the connection was closed within a chunk");
            }
            left -= count;
            return count;
        }

        private void nextChunk() throws IOException {
            headBytesLeft[0] = MAX_HEAD_BYTES;
            if (begun && !readLine(in, headBytesLeft).isEmpty()) {
                throw new ProtocolException("a chunk is longer than it says");
            }
            begun = true;
            String size = readLine(in, headBytesLeft).split(";", 2)[0].strip();
            if (!size.matches("[0-9a-fA-F]{1,15}")) {
                throw new ProtocolException("a chunk has the size " + size);
            }
            left = Long.parseLong(size, 16);
            ended = left == 0;
        }
    }
}
