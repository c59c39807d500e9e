import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes the part of a module that its users can name to a jar: at a release what later builds are compared with, in each of those what
 * is compared with it. These are the public classes of the packages that it exports to all (of all its packages, where it has no {@code
 * module-info}), and what they inherit from.
 *
 * <p>The jar's bytes depend on the classes alone: entries are sorted, have one time, and are not compressed.
 */
final class Baseline {
    private Baseline() {}

    /** What is wanted of a class file: names are those of classes, with slashes. */
    private record ClassFile(boolean isPublic, List<String> parents) {}

    /**
     * Writes the jar.
     *
     * @param arguments the directory of the classes, the jar, and the version
     * @throws IOException if a class cannot be read, or the jar cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        if (Files.notExists(Path.of(arguments[0]))) {
            return; // The parent has none.
        }
        SortedMap<String, byte[]> classes = classes(Path.of(arguments[0]));
        write(Path.of(arguments[1]), arguments[2], api(classes, exported(classes.remove("module-info"))));
    }

    private static SortedMap<String, byte[]> classes(Path directory) throws IOException {
        SortedMap<String, byte[]> classes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                String name = directory.relativize(file).toString().replace('\\', '/');
                if (name.endsWith(".class") && !name.startsWith("META-INF/")) {
                    classes.put(name.substring(0, name.length() - ".class".length()), Files.readAllBytes(file));
                }
            }
        }
        return classes;
    }

    /** Which packages, with slashes, users can see. */
    private static Predicate<String> exported(byte[] moduleInfo) throws IOException {
        if (moduleInfo == null) {
            return name -> true;
        }
        return ModuleDescriptor.read(new ByteArrayInputStream(moduleInfo)).exports().stream()
                .filter(exports -> !exports.isQualified())
                .map(exports -> exports.source().replace('.', '/'))
                .collect(Collectors.toSet())::contains;
    }

    private static SortedMap<String, byte[]> api(Map<String, byte[]> classes, Predicate<String> exported)
            throws IOException {
        SortedMap<String, byte[]> api = new TreeMap<>();
        Deque<String> open = new ArrayDeque<>();
        for (Map.Entry<String, byte[]> entry : classes.entrySet()) {
            String name = entry.getKey();
            if (exported.test(name.substring(0, name.lastIndexOf('/'))) && isVisible(name, classes)) {
                open.add(name);
            }
        }
        while (!open.isEmpty()) {
            String name = open.remove();
            byte[] bytes = classes.get(name);
            if (bytes != null && api.put(name, bytes) == null) {
                open.addAll(read(bytes).parents());
            }
        }
        return api;
    }

    /** Whether a class is public, and those that it is a member of are. */
    private static boolean isVisible(String name, Map<String, byte[]> classes) throws IOException {
        for (int end = name.length(); end > 0; end = name.lastIndexOf('$', end - 1)) {
            byte[] bytes = classes.get(name.substring(0, end));
            if (bytes != null && !read(bytes).isPublic()) {
                return false;
            }
        }
        return true;
    }

    /** Reads a class file up to its interfaces (The Java Virtual Machine Specification, 4.1 and 4.4). */
    private static ClassFile read(byte[] bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            in.skipNBytes(8); // magic, minor and major version
            int count = in.readUnsignedShort();
            String[] texts = new String[count];
            int[] names = new int[count];
            for (int i = 1; i < count; i++) {
                int tag = in.readUnsignedByte();
                switch (tag) {
                    case 1 -> texts[i] = in.readUTF();
                    case 7 -> names[i] = in.readUnsignedShort(); // class
                    case 8, 16, 19, 20 -> in.skipNBytes(2); // string, method type, module, package
                    case 15 -> in.skipNBytes(3); // method handle
                    case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4); // int, float, references, dynamic
                    case 5, 6 -> { // long and double take two places
                        in.skipNBytes(8);
                        i++;
                    }
                    default -> throw new IOException("a constant of an unknown kind: " + tag);
                }
            }
            boolean isPublic = Modifier.isPublic(in.readUnsignedShort());
            in.skipNBytes(2); // this class
            List<String> parents = new ArrayList<>();
            parents.add(texts[names[in.readUnsignedShort()]]);
            int interfaces = in.readUnsignedShort();
            for (int i = 0; i < interfaces; i++) {
                parents.add(texts[names[in.readUnsignedShort()]]);
            }
            return new ClassFile(isPublic, parents);
        }
    }

    private static void write(Path jar, String version, SortedMap<String, byte[]> classes) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, version);
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            manifest.write(text);
            add(out, JarFile.MANIFEST_NAME, text.toByteArray());
            for (Map.Entry<String, byte[]> entry : classes.entrySet()) {
                add(out, entry.getKey() + ".class", entry.getValue());
            }
        }
    }

    private static void add(ZipOutputStream out, String name, byte[] bytes) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(crc.getValue());
        entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
        out.putNextEntry(entry);
        out.write(bytes);
        out.closeEntry();
    }
}
