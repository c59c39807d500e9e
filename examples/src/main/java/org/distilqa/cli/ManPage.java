package org.distilqa.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual in the language of {@code man(7)}, from what the commands say about themselves. */
final class ManPage {
    private final StringBuilder page = new StringBuilder();

    private ManPage() {}

    static String of(CommandSpec program) {
        ManPage page = new ManPage();
        page.macro("TH DISTILQA 1 \"\" \"DistilQA\" \"User Commands\"");
        page.section("NAME");
        page.text("distilqa - " + description(program.usageMessage().description()));
        page.section("SYNOPSIS");
        for (CommandLine command : program.subcommands().values()) {
            page.synopsis(command.getCommandSpec());
        }
        page.section("DESCRIPTION");
        page.text("Gives the exact span of a text that answers a question, with its place and a score. Results go to"
                + " standard output, everything else to standard error. Where no model is named, the one that"
                + " comes with the program answers.");
        page.section("COMMANDS");
        for (CommandLine command : program.subcommands().values()) {
            page.command(command.getCommandSpec(), program);
        }
        page.section("OPTIONS OF ALL COMMANDS");
        program.options().forEach(page::option);
        page.section("EXIT STATUS");
        page.text(
                "0 if all went well, 2 if an argument is wrong or its value out of range, 1 for every other failure. A"
                        + " failure is told in one line on standard error.");
        page.section("ENVIRONMENT");
        page.variable("NO_COLOR", "If it is not empty, nothing is in colour unless --color says so.");
        page.variable(
                "HF_HOME, HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE",
                "How models are downloaded, as for Hugging Face's Python.");
        page.variable("DISTILQA_JAVA_OPTS", "More options for the JVM, such as -Xmx4g.");
        page.section("EXAMPLES");
        page.example("distilqa answer --question \"Who built the mill?\" --context-file notes.md docs/");
        page.example("pdftotext report.pdf - | distilqa answer --question \"Who signed it?\" --context-file - --json");
        page.example("distilqa batch --input rows.jsonl --output answers.jsonl");
        return page.page.toString();
    }

    private void synopsis(CommandSpec command) {
        StringBuilder line = new StringBuilder("\\fBdistilqa " + escaped(command.name()) + "\\fR");
        for (OptionSpec option : command.options()) {
            if (option.required() && option.group() == null) {
                line.append(' ').append(head(option));
            }
        }
        for (ArgGroupSpec group : command.argGroups()) {
            line.append(' ')
                    .append(String.join(
                            group.exclusive() ? " | " : " ",
                            group.allOptionsNested().stream().map(ManPage::head).toList()));
        }
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            line.append(" \\fI").append(escaped(parameter.paramLabel())).append("\\fR");
        }
        page.append(line).append(" [\\fIOPTIONS\\fR]\n.br\n");
    }

    /** An option with its value. */
    private static String head(OptionSpec option) {
        String names = String.join(
                ", ",
                List.of(option.names()).stream()
                        .map(name -> "\\fB" + escaped(name) + "\\fR")
                        .toList());
        boolean isFlag = option.arity().max() == 0;
        boolean takesSeveral = option.arity().max() > 1;
        return isFlag ? names : names + " \\fI" + escaped(option.paramLabel()) + "\\fR" + (takesSeveral ? "..." : "");
    }

    private void command(CommandSpec command, CommandSpec program) {
        macro("SS " + escaped(command.name()));
        text(description(command.usageMessage().description()));
        command.positionalParameters()
                .forEach(parameter ->
                        entry("\\fI" + escaped(parameter.paramLabel()) + "\\fR", description(parameter.description())));
        command.options().stream()
                .filter(option -> !program.optionsMap().containsKey(option.longestName()))
                .forEach(this::option);
    }

    private void option(OptionSpec option) {
        entry(head(option), description(option.description()));
    }

    private void variable(String name, String meaning) {
        entry("\\fB" + escaped(name) + "\\fR", meaning);
    }

    private void entry(String head, String text) {
        macro("TP");
        page.append(head).append('\n');
        text(text);
    }

    private void example(String command) {
        macro("PP");
        macro("nf");
        text(command);
        macro("fi");
    }

    private void section(String name) {
        macro("SH " + name);
    }

    private void macro(String line) {
        page.append('.').append(line).append('\n');
    }

    private void text(String text) {
        page.append(escaped(text)).append('\n');
    }

    private static String description(String... lines) {
        return String.join(" ", lines);
    }

    /** A point or an apostrophe at a line's begin would be a macro, and a plain minus a hyphen. */
    private static String escaped(String text) {
        String safe = text.replace("\\", "\\e").replace("-", "\\-");
        return safe.startsWith(".") || safe.startsWith("'") ? "\\&" + safe : safe;
    }
}
