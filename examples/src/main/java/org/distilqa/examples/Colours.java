package org.distilqa.examples;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Whether what is printed for people has colours. */
enum Colours {
    NEVER,
    ALWAYS;

    private static final String BOLD_GREEN = "\033[1;32m";
    private static final String PLAIN = "\033[0m";

    /** What {@code --color} may say; with {@code auto}, it is for terminals that can show it and people who have not said no. */
    static final class When implements ITypeConverter<Colours>, Iterable<String> {
        private static final List<String> NAMES = List.of("auto", "always", "never");

        @Override
        public Colours convert(String name) {
            return switch (name) {
                case "auto" -> automatic(Boolean.getBoolean("distilqa.terminal.output"), System.getenv());
                case "always", "never" -> valueOf(name.toUpperCase(Locale.ROOT));
                default -> throw new TypeConversionException("'" + name + "' is none of " + String.join(", ", NAMES));
            };
        }

        @Override
        public Iterator<String> iterator() {
            return NAMES.iterator();
        }
    }

    /** As no-color.org says: any text in the variable {@code NO_COLOR} means no. */
    static Colours automatic(boolean terminal, Map<String, String> environment) {
        boolean unwanted = !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "").equals("dumb");
        return terminal && !unwanted ? ALWAYS : NEVER;
    }

    /** An answer in its sentence: in colour, or else in brackets. */
    String marked(String text) {
        return this == ALWAYS ? BOLD_GREEN + text + PLAIN : "[" + text + "]";
    }

    /** An answer that stands by itself. */
    String strong(String text) {
        return this == ALWAYS ? BOLD_GREEN + text + PLAIN : text;
    }
}
