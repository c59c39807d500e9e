package org.distilqa.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.distilqa.examples.server.Applications;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several applications in one JVM, each with DistilQA and JNA in a class loader of its own. */
class ApplicationServerTest {
    private static final int REDEPLOYMENTS = 5;

    @TempDir
    private Path directory;

    private List<String> run(String what, List<String> flags) throws Exception {
        Path own = Path.of(Applications.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<String> arguments = new ArrayList<>(flags);
        arguments.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--add-modules", "jdk.incubator.vector"));
        arguments.addAll(List.of(
                "-cp",
                own.toString(),
                Applications.class.getName(),
                what,
                JavaProcess.joined(JavaProcess.applicationPath())));
        arguments.addAll(JavaProcess.devices());
        return JavaProcess.run(directory, arguments.toArray());
    }

    @Test
    void twoAnswerAtATimeOnEveryDeviceButACardAndNoCallOfTheirsIsWrongForJni() throws Exception {
        List<String> lines = run("two", List.of("-Xcheck:jni"));
        for (String device : JavaProcess.devices()) {
            List<String> ofDevice = lines.stream()
                    .filter(line -> line.matches("(first|second) on " + device + ": .*"))
                    .toList();
            String first = "first on " + device + ": Ada Quill";
            if (device.equals("tt")) {
                // A process has one mesh, as TT-NN does, whoever opened it; who comes second is told so.
                assertThat(ofDevice).hasSize(3).startsWith(first).endsWith(first);
                assertThat(ofDevice.get(1))
                        .startsWith("second on tt: org.distilqa.DeviceUnavailableException")
                        .contains("a mesh is open in this process already");
            } else {
                assertThat(ofDevice).containsExactly(first, "second on " + device + ": Ada Quill", first, first);
            }
        }
        assertThat(warningsOfOurCalls(lines)).isEmpty();
    }

    /** The JVM's warnings about JNI that it says were given within a native method of DistilQA's. */
    private static List<String> warningsOfOurCalls(List<String> lines) {
        List<String> warnings = new ArrayList<>();
        for (int i = 0; i + 1 < lines.size(); i++) {
            if (lines.get(i).startsWith("WARNING") && lines.get(i + 1).contains("at org.distilqa")) {
                warnings.add(lines.get(i) + lines.get(i + 1));
            }
        }
        return warnings;
    }

    @Test
    void oneThatIsRedeployedLeavesNothingBehindWhenItHasClosedItsAnswerers() throws Exception {
        // What is held softly may be let go at any time: here at once.
        List<String> lines = run(String.valueOf(REDEPLOYMENTS), List.of("-XX:SoftRefLRUPolicyMSPerMB=0"));
        List<String> expected = new ArrayList<>();
        for (String device : JavaProcess.devices()) {
            expected.addAll(Collections.nCopies(REDEPLOYMENTS, "application on " + device + ": Ada Quill"));
        }
        expected.add("class loaders that are left: 0");
        assertThat(lines.stream().filter(line -> !line.startsWith("WARNING: Using incubator modules")))
                .containsExactlyInAnyOrderElementsOf(expected);
    }
}
