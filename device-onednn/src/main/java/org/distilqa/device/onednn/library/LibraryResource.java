package org.distilqa.device.onednn.library;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.jar.JarEntry;
import org.distilqa.DeviceUnavailableException;
import org.distilqa.internal.ContentHash;

/** A native library as it is in its jar. */
final class LibraryResource {
    /** What the jars of this build have, so that they need not be unpacked to know it. */
    private static final String KNOWN = "libraries.sha256";

    private final String name;
    private final URL url;
    private final long size;
    private final String crc;

    private LibraryResource(String name, URL url, long size, String crc) {
        this.name = name;
        this.url = url;
        this.size = size;
        this.crc = crc;
    }

    /**
     * A library on the class path or the module path.
     *
     * @throws DeviceUnavailableException if they lack it, or its jar cannot be read
     */
    static LibraryResource of(String name) {
        URL url = NativeJars.resource(name)
                .orElseThrow(() -> new DeviceUnavailableException("neither the class path nor the module path has "
                        + name + "; add the jar org.bytedeco:dnnl of distilqa-device-onednn's dependencies for this"
                        + " platform"));
        try {
            URLConnection connection = url.openConnection();
            if (connection instanceof JarURLConnection jar) {
                JarEntry entry = jar.getJarEntry();
                return new LibraryResource(name, url, entry.getSize(), String.format("%08x", entry.getCrc()));
            }
            return new LibraryResource(name, url, connection.getContentLengthLong(), "");
        } catch (IOException e) {
            throw new DeviceUnavailableException("the resource " + name + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The name that its file has. */
    String fileName() {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /** Tells this version of the library from others, in a few characters. */
    String fingerprint() {
        return crc.isEmpty() ? String.valueOf(size) : crc;
    }

    InputStream open() throws IOException {
        return url.openStream();
    }

    /** Whether a file has the same content, by its size and its SHA-256. */
    boolean isIn(Path file) throws IOException {
        if (Files.size(file) != size) {
            return false;
        }
        try (InputStream content = Files.newInputStream(file)) {
            return ContentHash.sha256(content).equals(sha256());
        }
    }

    /** Its SHA-256, in hexadecimal digits. */
    String sha256() throws IOException {
        Optional<String> known = known();
        if (known.isPresent()) {
            return known.get();
        }
        // Another version than that of this build: it has to be unpacked to be hashed, which takes half a second.
        try (InputStream content = open()) {
            return ContentHash.sha256(content);
        }
    }

    /** The SHA-256 of a library of this name, size and CRC in the list; empty if there is none. */
    Optional<String> known() throws IOException {
        String end = " " + crc + " " + size + " " + name;
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(LibraryResource.class.getResourceAsStream(KNOWN), StandardCharsets.US_ASCII))) {
            return lines.lines()
                    .filter(line -> line.endsWith(end))
                    .map(line -> line.substring(0, line.indexOf(' ')))
                    .findFirst();
        }
    }
}
