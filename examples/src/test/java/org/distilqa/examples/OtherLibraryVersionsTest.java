package org.distilqa.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.device.Devices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Processes of their own, whose class path has Jackson or JNA in another version than ours, as applications bring them, or not
 * at all, or that run on a platform that some library does not know.
 */
@Timeout(300)
class OtherLibraryVersionsTest {
    private static final Path OTHER_VERSIONS = Path.of(System.getProperty("distilqa.other-versions"));
    private static final Predicate<String> JACKSON =
            name -> name.matches("jackson-(core|databind|annotations)-[0-9.]+\\.jar");
    private static final Predicate<String> JNA = name -> name.matches("jna-[0-9.]+\\.jar");
    private static final String ANSWER = "Ada Quill";

    @ParameterizedTest
    @ValueSource(strings = {"oldest", "second", "third", "fourth", "newest"})
    void answersOnEveryDeviceWithTheVersionsThatAnApplicationBrings(String versions) throws Exception {
        List<String> classPath = classPath(JACKSON.or(JNA), versions);
        assertThat(classPath.stream().map(OtherLibraryVersionsTest::fileName).filter(JACKSON.or(JNA)))
                .as("the libraries that were put in their places")
                .hasSize(4);
        List<String> devices = new ArrayList<>(List.of("cpu", "onednn"));
        List<String> flags = new ArrayList<>();
        Emulator.library().ifPresent(library -> {
            devices.add("tt");
            flags.add("-Ddistilqa.tt.library=" + library);
        });
        String output = run(classPath, flags, devices.toArray(String[]::new));
        for (String device : devices) {
            assertThat(output).contains(device + " answers " + ANSWER);
        }
    }

    /** Not every call is made in a short run. */
    @Test
    void callsNothingThatTheOldestVersionsLack(@TempDir Path classes) throws Exception {
        List<String> sources = new ArrayList<>();
        for (String module : List.of("core", "tokenizer", "device-onednn", "device-tt")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
                files.map(Path::toString)
                        .filter(file -> file.endsWith(".java") && !file.endsWith("-info.java"))
                        .forEach(sources::add);
            }
        }
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-nowarn", "--release", "17"));
        arguments.addAll(List.of("-d", classes.toString(), "-encoding", "UTF-8"));
        arguments.addAll(List.of("-cp", String.join(File.pathSeparator, classPath(JACKSON.or(JNA), "oldest"))));
        arguments.addAll(sources);
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int status =
                ToolProvider.getSystemJavaCompiler().run(null, messages, messages, arguments.toArray(String[]::new));
        assertThat(status).as(messages.toString(StandardCharsets.UTF_8)).isZero();
    }

    @Test
    void saysWhichJacksonIsNeededWhereItIsTooOld() throws Exception {
        String output = run(classPath(JACKSON, "jackson-too-old"), List.of(), "cpu", "cpu");
        // Twice: Java tells the second failure of a class to initialise otherwise than the first.
        assertThat(output.lines().filter(line -> line.startsWith("cpu throws")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .contains("com.fasterxml.jackson.core:jackson-databind 2.12 or later")
                        .contains("jackson-databind 2.9.10 (jackson-databind-2.9.10.jar)"));
    }

    @Test
    void saysWhichJacksonIsNeededWhereThereIsNone() throws Exception {
        assertThat(run(classPath(JACKSON, ""), List.of(), "cpu"))
                .contains("cpu throws QuestionAnsweringException")
                .contains("com.fasterxml.jackson.core:jackson-databind 2.12 or later")
                .contains("jackson-databind not at all");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jna-too-old", ""})
    void takesTheReferenceDeviceAndSaysWhichJnaIsNeededWhereItIsTooOldOrMissing(String versions) throws Exception {
        String output = run(classPath(JNA, versions), List.of(), Devices.AUTO, "onednn", "tt");
        String found = versions.isEmpty() ? "jna not at all" : "jna 4.5.2";
        String needed = "net.java.dev.jna:jna 5.8 or later is needed on the class path, which has " + found;
        assertThat(output)
                .contains("auto answers " + ANSWER + " on cpu")
                .contains("onednn throws DeviceUnavailableException: device onednn is not available: " + needed)
                .contains("tt throws DeviceUnavailableException: device tt is not available: " + needed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Dos.name=FreeBSD",
                "-Dos.name=AIX -Dos.arch=ppc64",
                "-Dos.name=Mac_OS_X -Dos.arch=x86_64",
                "-Dos.name=Linux -Dos.arch=riscv64"
            })
    @EnabledIf("isLinux")
    void takesTheReferenceDeviceOnAPlatformThatTheOthersDoNotKnow(String platform) throws Exception {
        List<String> flags = Stream.of(platform.split(" "))
                .map(flag -> flag.replace('_', ' ').replace("x86 64", "x86_64"))
                .toList();
        assertThat(run(classPath(name -> false, ""), flags, Devices.AUTO, "onednn"))
                .contains("auto answers " + ANSWER + " on cpu")
                .contains("onednn throws DeviceUnavailableException");
    }

    static boolean isLinux() {
        return System.getProperty("os.name").equals("Linux");
    }

    private static String fileName(String entry) {
        return Path.of(entry).getFileName().toString();
    }

    /** This process's class path with some libraries in other versions; {@code ""} leaves them out. */
    private static List<String> classPath(Predicate<String> replaced, String versions) throws IOException {
        List<String> classPath =
                new ArrayList<>(List.of(System.getProperty("java.class.path").split(File.pathSeparator)));
        assertThat(classPath.removeIf(entry -> replaced.test(fileName(entry))) || versions.isEmpty())
                .isTrue();
        if (!versions.isEmpty()) {
            try (Stream<Path> jars = Files.list(OTHER_VERSIONS.resolve(versions))) {
                jars.map(Path::toString).forEach(classPath::add);
            }
        }
        return classPath;
    }

    private static String run(List<String> classPath, List<String> flags, String... devices)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--add-modules=jdk.incubator.vector",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=info"));
        command.addAll(flags);
        command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath), Ask.class.getName()));
        command.addAll(List.of(devices));
        Path output = Files.createTempFile("distilqa-test", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            assertThat(process.waitFor(200, TimeUnit.SECONDS)).isTrue();
            String text = Files.readString(output);
            assertThat(process.exitValue()).as(text).isZero();
            // Nothing but QuestionAnsweringException was thrown.
            assertThat(text).doesNotContain("throws something else");
            return text;
        } finally {
            Files.delete(output);
        }
    }

    /** Answers a question on each device that is named, with the bundled model. */
    static final class Ask {
        private Ask() {}

        public static void main(String[] devices) {
            for (String device : devices) {
                try (QuestionAnswerer answerer = QuestionAnswerer.builder()
                        .model(QuestionAnswerer.BUNDLED_MODEL)
                        .device(device)
                        .build()) {
                    String answer = answerer.answer("Who built the mill?", "The mill was built by Ada Quill in 1912.")
                            .text();
                    System.out.println(device + " answers " + answer + " on "
                            + answerer.device().name());
                } catch (QuestionAnsweringException e) {
                    System.out.println(device + " throws " + e.getClass().getSimpleName() + ": "
                            + e.getMessage().replace('\n', ' '));
                } catch (Throwable e) {
                    System.out.println(device + " throws something else: " + e);
                    e.printStackTrace(System.out);
                }
            }
        }
    }
}
