package org.distilqa.benchmarks;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** What a run of the program gave. */
record Outcome(int status, String out, String err) {

    static Outcome of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine program = Benchmarks.commandLine();
        program.setOut(new PrintWriter(out));
        program.setErr(new PrintWriter(err));
        int status = program.execute(arguments);
        return new Outcome(status, out.toString(), err.toString());
    }

    /** A cell of a table in Markdown, by the beginning of its line. */
    String cell(String line, int column) {
        return out.lines()
                .filter(candidate -> candidate.startsWith(line))
                .findFirst()
                .map(found -> found.split("\\|")[column + 1].strip())
                .orElseThrow(() -> new AssertionError("no line begins with \"" + line + "\" in " + out));
    }
}
