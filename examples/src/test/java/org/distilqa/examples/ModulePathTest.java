package org.distilqa.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that are modules, which require {@code org.distilqa.core} and nothing else. */
class ModulePathTest {
    private static final String ASK = """
            package app;

            import org.distilqa.QuestionAnswerer;

            public class Ask {
                public static void main(String[] devices) {
                    for (String device : devices) {
                        try (QuestionAnswerer answerer =
                                QuestionAnswerer.builder().model("bundled").device(device).build()) {
                            System.out.println(device + " " + answerer.device().facts().getOrDefault("kernels", "") + ": "
                                    + answerer.answer("Who built the mill?", "The mill was built by Ada Quill in 1912.")
                                            .text());
                        }
                    }
                }
            }
            """;

    private static final String TOKENIZE = """
            package app;

            import java.nio.file.Path;
            import java.util.Arrays;
            import org.distilqa.model.ModelFiles;
            import org.distilqa.tokenizer.Tokenizer;
            import org.distilqa.tokenizer.Tokenizers;

            public class Tokenize {
                public static void main(String[] arguments) {
                    try (Tokenizer tokenizer = Tokenizers.open(ModelFiles.of(Path.of(arguments[0])))) {
                        System.out.println(Arrays.toString(tokenizer.tokenize("the mill").ids()));
                    }
                }
            }
            """;

    /** No tokenizer of BERT's kind, so the native library reads it. */
    private static final String WORD_LEVEL = """
            {"version":"1.0","truncation":null,"padding":null,"added_tokens":[],"normalizer":null,
             "pre_tokenizer":{"type":"Whitespace"},
             "post_processor":{"type":"BertProcessing","sep":["[SEP]",2],"cls":["[CLS]",1]},"decoder":null,
             "model":{"type":"WordLevel","vocab":{"[UNK]":0,"[CLS]":1,"[SEP]":2,"mill":3},"unk_token":"[UNK]"}}
            """;

    @TempDir
    private Path directory;

    private record Compilation(int status, String messages) {}

    private Compilation compile(Path target, String name, String source) throws Exception {
        Path sources = Files.createDirectories(directory.resolve("src/app"));
        Path module = Files.writeString(
                sources.resolveSibling("module-info.java"), "module app { requires org.distilqa.core; }");
        Path program = Files.writeString(sources.resolve(name + ".java"), source);
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(messages, true, StandardCharsets.UTF_8);
        int status = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        out,
                        out,
                        "-d",
                        target.toString(),
                        "--module-path",
                        JavaProcess.joined(JavaProcess.applicationPath()),
                        module.toString(),
                        program.toString());
        return new Compilation(status, messages.toString(StandardCharsets.UTF_8));
    }

    /** Compiles a program and runs it on the module path, with some arguments. */
    private List<String> run(String name, String source, List<String> options, String... arguments) throws Exception {
        return run(JavaProcess.applicationPath(), name, source, options, arguments);
    }

    private List<String> run(List<Path> path, String name, String source, List<String> options, String... arguments)
            throws Exception {
        Path module = directory.resolve("app");
        Compilation compilation = compile(module, name, source);
        assertThat(compilation.status()).as(compilation.messages()).isZero();
        return JavaProcess.run(
                directory,
                Arrays.asList(
                                options,
                                List.of(
                                        "--module-path",
                                        JavaProcess.joined(path) + java.io.File.pathSeparator + module,
                                        "--module",
                                        "app/app." + name),
                                List.of(arguments))
                        .stream()
                        .flatMap(List::stream)
                        .toArray());
    }

    private static List<String> withoutWarnings(List<String> lines) {
        // From Java 24 on the warnings are set off by blank lines.
        return lines.stream()
                .filter(line -> !line.startsWith("WARNING") && !line.isBlank())
                .toList();
    }

    @Test
    void aModuleAnswersOnEveryDeviceWithTheBundledModelAndRequiresNeither() throws Exception {
        List<String> lines = run("Ask", ASK, List.of(), JavaProcess.devices().toArray(String[]::new));
        List<String> answers = withoutWarnings(lines);
        assertThat(answers).hasSameSizeAs(JavaProcess.devices());
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i))
                    .startsWith(JavaProcess.devices().get(i) + " ")
                    .endsWith(": Ada Quill");
        }
        assertThat(answers.get(0)).as("without the module of the Vector API").startsWith("cpu scalar:");
    }

    /** Some development environments start tests so. */
    @Test
    void allModulesOnThePathCanBePartOfTheProgram() throws Exception {
        List<Path> path = JavaProcess.applicationPath().stream()
                // For tests: it requires JUnit, which no application has.
                .filter(entry -> !entry.toString().contains("device-conformance"))
                .toList();
        List<String> options = List.of("--add-modules", "ALL-MODULE-PATH");
        List<String> lines =
                run(path, "Ask", ASK, options, JavaProcess.devices().toArray(String[]::new));
        assertThat(withoutWarnings(lines))
                .hasSameSizeAs(JavaProcess.devices())
                .allMatch(line -> line.endsWith(": Ada Quill"));
    }

    @Test
    void theVectorApiIsUsedWhereItsModuleIs() throws Exception {
        List<String> lines = run("Ask", ASK, List.of("--add-modules", "jdk.incubator.vector"), "cpu");
        assertThat(withoutWarnings(lines)).containsExactly("cpu vector: Ada Quill");
    }

    @Test
    void tokenizersOfAnotherKindAreReadByTheNativeLibrary() throws Exception {
        Path model = Files.createDirectory(directory.resolve("model"));
        Files.writeString(model.resolve("tokenizer.json"), WORD_LEVEL);
        List<String> lines = run("Tokenize", TOKENIZE, List.of(), model.toString());
        assertThat(withoutWarnings(lines)).containsExactly("[0, 3]");
    }

    @Test
    void whatIsForDistilQaAloneCannotBeUsed() throws Exception {
        for (String type : List.of(
                "org.distilqa.json.JsonTree",
                "org.distilqa.internal.Services",
                "org.distilqa.tokenizer.definition.TokenizerFiles",
                "org.distilqa.model.TerminalProgress")) {
            Compilation compilation = compile(
                    directory.resolve("refused"),
                    "Own",
                    "package app; class Own { static final Object TYPE = " + type + ".class; }");
            assertThat(compilation.status()).as(type).isNotZero();
            assertThat(compilation.messages()).containsAnyOf("not visible", "not public");
        }
    }

    /** Another package here is a promise to users; add it on purpose. */
    @Test
    void everyJarIsAModuleThatExportsWhatUsersNeed() {
        Map<String, Set<String>> exported =
                ModuleFinder.of(JavaProcess.applicationPath().toArray(Path[]::new)).findAll().stream()
                        .map(ModuleReference::descriptor)
                        .filter(module -> module.name().startsWith("org.distilqa"))
                        .peek(module -> assertThat(module.isAutomatic())
                                .as(module.name() + " is automatic")
                                .isFalse())
                        .collect(Collectors.toMap(ModuleDescriptor::name, ModulePathTest::exports));
        assertThat(exported)
                .isEqualTo(Map.ofEntries(
                        Map.entry(
                                "org.distilqa.core",
                                Set.of(
                                        "org.distilqa",
                                        "org.distilqa.device",
                                        "org.distilqa.graph",
                                        "org.distilqa.model",
                                        "org.distilqa.tokenizer")),
                        Map.entry("org.distilqa.tokenizer.huggingface", Set.of("org.distilqa.tokenizer.huggingface")),
                        Map.entry("org.distilqa.models.bundled", Set.of()),
                        Map.entry("org.distilqa.text", Set.of("org.distilqa.text")),
                        Map.entry("org.distilqa.search", Set.of("org.distilqa.search")),
                        Map.entry("org.distilqa.device.cpu", Set.of("org.distilqa.device.cpu")),
                        Map.entry("org.distilqa.device.onednn", Set.of("org.distilqa.device.onednn")),
                        Map.entry("org.distilqa.device.tt", Set.of("org.distilqa.device.tt")),
                        Map.entry("org.distilqa.device.conformance", Set.of("org.distilqa.device.conformance")),
                        Map.entry("org.distilqa.micrometer", Set.of("org.distilqa.micrometer")),
                        Map.entry("org.distilqa.server", Set.of("org.distilqa.server"))));
    }

    private static Set<String> exports(ModuleDescriptor module) {
        return module.exports().stream()
                .filter(exports -> !exports.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toSet());
    }
}
