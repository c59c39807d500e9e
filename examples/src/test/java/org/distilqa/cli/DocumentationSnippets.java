package org.distilqa.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Compiles the pages' pieces of Java, each in a package of its own. A piece that declares a type is a file; another is the body of a
 * method, in a class that has what the pages take as given.
 */
final class DocumentationSnippets {
    private static final Pattern TYPE = Pattern.compile(
            "^(?:@\\w+\\s+)*(?:public )?(?:final )?(?:class|record|interface) (\\w+)", Pattern.MULTILINE);

    /** Imports are left out in the pages where their names say enough. */
    private static final String IMPORTS = """
            import io.micrometer.core.instrument.*;
            import java.net.*;
            import java.nio.file.*;
            import java.time.*;
            import java.util.*;
            import java.util.concurrent.*;
            import java.util.stream.*;
            import org.distilqa.*;
            import org.distilqa.device.*;
            import org.distilqa.device.conformance.*;
            import org.distilqa.graph.*;
            import org.distilqa.micrometer.*;
            import org.distilqa.model.*;
            import org.distilqa.search.*;
            import org.distilqa.server.*;
            import org.distilqa.text.*;
            import org.distilqa.tokenizer.*;
            """;

    private static final String GIVEN = """
            abstract class Given {
                QuestionAnswerer qa;
                QuestionAnswererListener listener;
                MeterRegistry registry;
                String question;
                String context;
                String title;
                String text;
                Places places;
                QuestionRequest request;
                List<QuestionRequest> requests;
                List<String> passages;
                Stream<String> rows;
                abstract QuestionRequest request(String row);
                abstract void store(Outcome outcome);
            }
            final class MyDeviceProvider implements DeviceProvider {
                public String name() { return "mine"; }
                public int priority() { return 1; }
                public Availability availability() { return Availability.available("given"); }
                public Device open(DeviceOptions options) { throw new UnsupportedOperationException(); }
            }
            """;

    private final Path directory;
    private final List<Path> files = new ArrayList<>();

    DocumentationSnippets(Path directory) {
        this.directory = directory;
    }

    void add(DocumentationPage.Block block) throws IOException {
        String name = "piece" + files.size();
        Matcher type = TYPE.matcher(block.text());
        boolean declaresType = type.find();
        String begin = "package " + name + ";\n" + IMPORTS;
        String body = declaresType
                ? block.text()
                : "abstract class Piece extends Given { void piece() throws Exception {\n" + block.text() + "}}\n";
        Path folder = Files.createDirectory(directory.resolve(name));
        Path file = folder.resolve((declaresType ? type.group(1) : "Piece") + ".java");
        Files.writeString(file, "// " + block.place() + "\n" + begin + body);
        files.add(file);
        files.add(Files.writeString(folder.resolve("Given.java"), begin + GIVEN));
    }

    void compile() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(found, null, null)) {
            List<String> options =
                    List.of("-proc:none", "-d", directory.toString(), "-cp", System.getProperty("java.class.path"));
            compiler.getTask(null, manager, found, options, null, manager.getJavaFileObjectsFromPaths(files))
                    .call();
        }
        List<String> errors = new ArrayList<>();
        for (Diagnostic<? extends JavaFileObject> diagnostic : found.getDiagnostics()) {
            if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
                errors.add(place(diagnostic) + ": " + diagnostic.getMessage(null));
            }
        }
        assertThat(errors).isEmpty();
    }

    private static String place(Diagnostic<? extends JavaFileObject> diagnostic) {
        try {
            String source = diagnostic.getSource().getCharContent(true).toString();
            return source.lines().findFirst().orElseThrow() + ", at "
                    + source.lines()
                            .skip(diagnostic.getLineNumber() - 1)
                            .findFirst()
                            .orElse("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
