package org.distilqa.model;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.distilqa.content.DiskContent;
import org.distilqa.content.FileContent;
import org.distilqa.content.MemoryContent;

/**
 * The files of a folder of the class path. The folder of one of them is taken, the first that the class loader finds: of two
 * jars that both have such a folder, files are never mixed.
 */
final class ResourceFiles extends ModelFiles {
    private final ClassLoader loader;
    private final String folder;

    /** The address of the folder, which ends with a slash. */
    private final String base;

    private ResourceFiles(ClassLoader loader, String folder, String base) {
        this.loader = loader;
        this.folder = folder;
        this.base = base;
    }

    /**
     * Finds a folder by a file in it.
     *
     * @param loader the class loader
     * @param folder the folder, which ends with a slash
     * @param file the name of a file that it must have
     * @return the files; empty if there is no such file in a folder of this name
     */
    static Optional<ResourceFiles> find(ClassLoader loader, String folder, String file) {
        return Optional.ofNullable(loader.getResource(folder + file)).map(found -> {
            String address = found.toString();
            return new ResourceFiles(loader, folder, address.substring(0, address.lastIndexOf(file)));
        });
    }

    @Override
    public String location() {
        return base;
    }

    @Override
    public String location(String file) {
        return base + file;
    }

    @Override
    public boolean has(String file) {
        return find(file).isPresent();
    }

    private Optional<URL> find(String file) {
        return Optional.ofNullable(loader.getResource(folder + file))
                .filter(found -> found.toString().startsWith(base));
    }

    private URL require(String file) throws NoSuchFileException {
        return find(file).orElseThrow(() -> new NoSuchFileException(location(file)));
    }

    @Override
    InputStream stream(String file) throws IOException {
        return connection(require(file)).getInputStream();
    }

    private static URLConnection connection(URL resource) throws IOException {
        URLConnection connection = resource.openConnection();
        // A jar that is kept open for later connections is never closed.
        connection.setUseCaches(false);
        return connection;
    }

    @Override
    FileContent content(String file) throws IOException {
        URL resource = require(file);
        Optional<FileContent> inPlace = inPlace(resource);
        if (inPlace.isPresent()) {
            return inPlace.get();
        }
        URLConnection connection = connection(resource);
        try (InputStream in = connection.getInputStream()) {
            return MemoryContent.of(in, connection.getContentLength());
        }
    }

    /** The content where it lies on the disk; empty if it is compressed, or is anywhere else, such as in a jar within a jar. */
    private static Optional<FileContent> inPlace(URL resource) throws IOException {
        Optional<Path> file = localFile(resource);
        if (file.isPresent()) {
            return Optional.of(DiskContent.of(file.get()));
        }
        if (resource.openConnection() instanceof JarURLConnection entry) {
            Optional<Path> jar = localFile(entry.getJarFileURL());
            return jar.isPresent() ? DiskContent.within(jar.get(), entry.getEntryName()) : Optional.empty();
        }
        return Optional.empty();
    }

    /** The file of an address; empty if it is not one of this machine, or is not written as a URI is, with a space for example. */
    private static Optional<Path> localFile(URL address) {
        if (!address.getProtocol().equals("file")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(address.toURI()));
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return location();
    }
}
