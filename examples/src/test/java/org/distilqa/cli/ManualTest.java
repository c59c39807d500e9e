package org.distilqa.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.distilqa.cli.CommandRun.run;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The man page, and the completion of shells. */
class ManualTest {
    @TempDir
    private Path directory;

    /** Skips the calling test where there is no such program; fails it in continuous integration. */
    private static void require(String program) {
        boolean exists = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
        if (!exists && "true".equals(System.getenv("CI"))) {
            throw new AssertionError("there is no " + program + " on the PATH, and CI=true");
        }
        assumeTrue(exists, "there is no " + program + " on the PATH; CONTRIBUTING.md says how it is installed");
    }

    private String shell(String... command) throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(out)).isZero();
        return Files.readString(out);
    }

    @Test
    void theManPageHasEveryCommandAndEveryOption() {
        String page = run("man").out().replace("\\-", "-");
        CommandLine whole = DistilQa.whole();
        assertThat(whole.getSubcommands()).hasSizeGreaterThan(6);
        whole.getSubcommands().forEach((name, command) -> {
            assertThat(page).contains(".SS " + name + "\n").contains("\\fBdistilqa " + name + "\\fR");
            for (OptionSpec option : command.getCommandSpec().options()) {
                assertThat(page).contains("\\fB" + option.longestName() + "\\fR");
            }
        });
    }

    @Test
    void theManPageIsOneThatGroffReadsWithoutAWarning() throws Exception {
        require("groff");
        Path page =
                Files.writeString(directory.resolve("distilqa.1"), run("man").out());
        String text = shell("groff", "-man", "-ww", "-Tascii", "-P-cbou", page.toString());
        assertThat(text).contains("DISTILQA(1)", "EXIT STATUS").doesNotContain("warning");
    }

    private String completed(String shell, String words) throws Exception {
        Path script = Files.writeString(
                directory.resolve("completion"), run("completion", shell).out());
        return shell(
                "bash",
                "-c",
                "source '" + script + "'; COMP_WORDS=(" + words
                        + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _complete_distilqa 2>/dev/null; printf '%s\\n"
                        + "' \"${COMPREPLY[@]}\"");
    }

    @Test
    void bashCompletesCommandsOptionsAndTheirValues() throws Exception {
        require("bash");
        assertThat(completed("bash", "distilqa ''").lines().toList()).contains("answer", "batch", "devices");
        assertThat(completed("bash", "distilqa answer --con")
                        .lines()
                        .map(String::strip)
                        .toList())
                .contains("--context", "--context-file");
        assertThat(completed("bash", "distilqa answer --show ''")
                        .lines()
                        .map(String::strip)
                        .toList())
                .containsExactlyInAnyOrder("sentence", "line", "paragraph");
    }

    @Test
    void zshReadsTheSameScript() throws Exception {
        require("zsh");
        Path script = Files.writeString(
                directory.resolve("completion"), run("completion", "zsh").out());
        assertThat(shell(
                        "zsh",
                        "-f",
                        "-c",
                        "autoload -U compinit && compinit -u -D; source '" + script + "'; print ${_comps[distilqa]}"))
                .contains("_complete_distilqa");
    }
}
