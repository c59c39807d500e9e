import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * Checks what {@code mvn deploy} has put into a directory: that it is what the quick start says is published, each artifact with all that
 * Maven Central asks for.
 *
 * @see <a href="https://central.sonatype.org/publish/requirements/">Maven Central's requirements</a>
 */
final class Published {
    /** What a pom has to say itself, and what it may leave to its parent. */
    private static final List<String> OWN = List.of("name", "description");

    private static final List<String> INHERITED = List.of(
            "url", "inceptionYear", "organization/name", "licenses/license/name", "licenses/license/url", "developers/developer/name",
            "scm/connection", "scm/url");

    private final Path group;
    private final String version;
    private final List<String> faults = new ArrayList<>();

    private Published(Path repository, String version) {
        this.group = repository.resolve("org/distilqa");
        this.version = version;
    }

    /**
     * Prints how many artifacts there are, or what is wrong with them.
     *
     * @param arguments the directory, the version, and the page that lists the artifacts
     * @throws Exception if a file cannot be read
     */
    public static void main(String[] arguments) throws Exception {
        Published published = new Published(Path.of(arguments[0]), arguments[1]);
        List<String> artifacts = published.artifacts();
        published.compare(artifacts, Files.readString(Path.of(arguments[2])));
        for (String artifact : artifacts) {
            published.check(artifact);
        }
        if (!published.faults.isEmpty()) {
            published.faults.forEach(System.err::println);
            System.exit(1);
        }
        System.out.println(artifacts.size() + " artifacts of " + published.version + " are complete");
    }

    private List<String> artifacts() throws IOException {
        try (Stream<Path> directories = Files.list(group)) {
            return directories
                    .filter(Files::isDirectory)
                    .map(directory -> directory.getFileName().toString())
                    .sorted()
                    .collect(Collectors.toList());
        }
    }

    /** The table of the page names all of them, but for the parent. */
    private void compare(List<String> artifacts, String page) {
        TreeSet<String> expected = Pattern.compile("^\\| `(distilqa-[a-z-]+)` \\|", Pattern.MULTILINE)
                .matcher(page)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        expected.add("distilqa-parent");
        if (!new TreeSet<>(artifacts).equals(expected)) {
            faults.add("published are " + artifacts + ", but the page names " + expected);
        }
    }

    private void check(String artifact) throws Exception {
        Element pom = pom(artifact);
        for (String element : OWN) {
            if (text(pom, element).isEmpty()) {
                faults.add(artifact + ": the pom has no " + element);
            }
        }
        for (String element : INHERITED) {
            if (text(pom, element).or(() -> parentText(pom, element)).isEmpty()) {
                faults.add(artifact + ": neither the pom nor its parent has " + element);
            }
        }
        if (Files.readString(file(artifact, ".pom")).contains("-SNAPSHOT")) {
            faults.add(artifact + ": the pom names a snapshot");
        }
        require(artifact, "-cyclonedx.json");
        require(artifact, "-cyclonedx.xml");
        if (!text(pom, "packaging").equals(Optional.of("pom"))) {
            requireJar(artifact, ".jar", "META-INF/MANIFEST.MF");
            requireJar(artifact, "-sources.jar", "org/distilqa/");
            requireJar(artifact, "-javadoc.jar", "index.html");
        }
    }

    private Path file(String artifact, String suffix) {
        return group.resolve(artifact).resolve(version).resolve(artifact + "-" + version + suffix);
    }

    private boolean require(String artifact, String suffix) {
        boolean complete = true;
        for (String sum : List.of("", ".sha1", ".md5")) {
            Path file = file(artifact, suffix + sum);
            if (!Files.isRegularFile(file)) {
                faults.add(artifact + ": there is no " + file.getFileName());
                complete = false;
            }
        }
        return complete;
    }

    private void requireJar(String artifact, String suffix, String entry) throws IOException {
        if (!require(artifact, suffix)) {
            return;
        }
        try (JarFile jar = new JarFile(file(artifact, suffix).toFile())) {
            if (jar.getEntry(entry) == null) {
                faults.add(artifact + suffix + ": there is no " + entry);
            }
            String stated = jar.getManifest().getMainAttributes().getValue("Implementation-Version");
            if (suffix.equals(".jar") && !version.equals(stated)) {
                faults.add(artifact + suffix + ": the manifest says version " + stated);
            }
        }
    }

    private Element pom(String artifact) throws IOException, ParserConfigurationException, SAXException {
        require(artifact, ".pom");
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(file(artifact, ".pom").toFile())
                .getDocumentElement();
    }

    private Optional<String> parentText(Element pom, String path) {
        return text(pom, "parent/artifactId").flatMap(parent -> {
            try {
                return text(pom(parent), path);
            } catch (IOException | ParserConfigurationException | SAXException e) {
                throw new IllegalStateException("the parent " + parent + " cannot be read", e);
            }
        });
    }

    /** The text of the element that a path of names leads to, if there is any. */
    private static Optional<String> text(Element element, String path) {
        String[] names = path.split("/", 2);
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element child && child.getTagName().equals(names[0])) {
                return names.length == 2
                        ? text(child, names[1])
                        : Optional.of(child.getTextContent().strip()).filter(text -> !text.isEmpty());
            }
        }
        return Optional.empty();
    }
}
