package org.distilqa.model;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A proxy on the loopback address: of HTTP, for http and for tunnels, and of SOCKS 5, with a user and a password if wanted. */
final class FakeProxy implements AutoCloseable {
    /** What it was asked to do: "HEAD http://...", "CONNECT host:port" or "SOCKS host:port". */
    final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    private final String userAndPassword;
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /** The status by which everything is refused, if it is not 0. */
    volatile int refusal;

    /** A proxy that asks for a user and a password, in the form user:password, or for nothing if that is empty. */
    FakeProxy(String userAndPassword) throws IOException {
        this.userAndPassword = userAndPassword;
        executor.submit(this::accept);
    }

    String hostAndPort() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    private Void accept() throws IOException {
        while (true) {
            Socket client = server.accept();
            executor.submit(() -> {
                sockets.add(client);
                try (client) {
                    serve(client);
                }
                return null;
            });
        }
    }

    private void serve(Socket client) throws IOException {
        PushbackInputStream in = new PushbackInputStream(client.getInputStream());
        int first = in.read();
        in.unread(first);
        if (first == 5) {
            serveSocks(client, new DataInputStream(in));
        } else {
            serveHttp(client, in);
        }
    }

    private void serveHttp(Socket client, InputStream in) throws IOException {
        String[] lines = readHead(in).split("\r\n");
        String[] request = lines[0].split(" ");
        requests.add(request[0] + " " + request[1]);
        OutputStream out = client.getOutputStream();
        String wanted = "Proxy-Authorization: Basic "
                + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
        int status = refusal != 0
                ? refusal
                : userAndPassword.isEmpty() || List.of(lines).contains(wanted) ? 200 : 407;
        if (status != 200) {
            out.write(text("HTTP/1.1 " + status + " No\r\nProxy-Authenticate: Basic realm=\"test\"\r\n"
                    + "Content-Length: 0\r\nConnection: close\r\n\r\n"));
        } else if (request[0].equals("CONNECT")) {
            String[] target = request[1].split(":");
            try (Socket there = open(target[0], Integer.parseInt(target[1]))) {
                out.write(text("HTTP/1.1 200 Connection established\r\n\r\n"));
                relay(client, in, there);
            }
        } else {
            URI target = URI.create(request[1]);
            StringBuilder forwarded = new StringBuilder(request[0] + " " + target.getRawPath()
                    + (target.getRawQuery() == null ? "" : "?" + target.getRawQuery()) + " HTTP/1.1\r\n");
            for (int i = 1; i < lines.length; i++) {
                if (!lines[i].toLowerCase(Locale.ROOT).startsWith("proxy-")) {
                    forwarded.append(lines[i]).append("\r\n");
                }
            }
            try (Socket there = open(target.getHost(), target.getPort())) {
                there.getOutputStream().write(text(forwarded + "\r\n"));
                there.getInputStream().transferTo(out);
            }
        }
    }

    private void serveSocks(Socket client, DataInputStream in) throws IOException {
        OutputStream out = client.getOutputStream();
        in.readUnsignedByte();
        byte[] methods = in.readNBytes(in.readUnsignedByte());
        boolean offersPassword = new String(methods, StandardCharsets.ISO_8859_1).indexOf(2) >= 0;
        if (!userAndPassword.isEmpty()) {
            out.write(new byte[] {5, (byte) (offersPassword ? 2 : 0xff)});
            if (!offersPassword) {
                return;
            }
            in.readUnsignedByte();
            String user = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
            String password = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
            boolean right = userAndPassword.equals(user + ":" + password);
            out.write(new byte[] {1, (byte) (right ? 0 : 1)});
            if (!right) {
                return;
            }
        } else {
            out.write(new byte[] {5, 0});
        }
        in.readNBytes(4);
        String host = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
        int port = in.readUnsignedShort();
        requests.add("SOCKS " + host + ":" + port);
        out.write(new byte[] {5, (byte) (refusal == 0 ? 0 : 2), 0, 1, 0, 0, 0, 0, 0, 0});
        if (refusal == 0) {
            try (Socket there = open(host, port)) {
                relay(client, in, there);
            }
        }
    }

    private Socket open(String host, int port) throws IOException {
        Socket socket = new Socket(host.equals("localhost") ? "127.0.0.1" : host, port);
        sockets.add(socket);
        return socket;
    }

    private void relay(Socket client, InputStream in, Socket there) throws IOException {
        executor.submit(() -> {
            in.transferTo(there.getOutputStream());
            there.shutdownOutput();
            return null;
        });
        there.getInputStream().transferTo(client.getOutputStream());
    }

    private static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        executor.shutdownNow();
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
