package org.distilqa.cli.options;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Option;

/** The option {@code --color}. */
public final class ColourOption {
    @Option(
            names = "--color",
            paramLabel = "WHEN",
            defaultValue = "auto",
            converter = Named.class,
            completionCandidates = Named.class,
            description = "Whether answers are in colour: auto, always or never (default: ${DEFAULT-VALUE}).")
    private When when;

    ColourOption() {}

    /** What the option may say; with {@code AUTO}, colour is for terminals that can show it and people who have not said no. */
    private enum When {
        AUTO,
        ALWAYS,
        NEVER
    }

    private static final class Named extends Choice<When> {
        private Named() {
            super(List.of(When.values()), when -> when.name().toLowerCase(Locale.ROOT));
        }
    }

    /**
     * What was chosen, here and now.
     *
     * @return whether there are colours
     */
    public Colours colours() {
        return switch (when) {
            case AUTO -> automatic(Boolean.getBoolean("distilqa.terminal.output"), System.getenv());
            case ALWAYS -> Colours.ALWAYS;
            case NEVER -> Colours.NEVER;
        };
    }

    /** As no-color.org says: any text in the variable {@code NO_COLOR} means no. */
    static Colours automatic(boolean terminal, Map<String, String> environment) {
        boolean unwanted = !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "").equals("dumb");
        return terminal && !unwanted ? Colours.ALWAYS : Colours.NEVER;
    }
}
