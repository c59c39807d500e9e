package org.distilqa.cli.options;

/** Whether what is printed for people has colours. */
public enum Colours {
    /** Answers stand in brackets. */
    NEVER,
    /** Answers are in colour. */
    ALWAYS;

    private static final String BOLD_GREEN = "\033[1;32m";
    private static final String PLAIN = "\033[0m";

    /**
     * An answer in its sentence: in colour, or else in brackets.
     *
     * @param text the answer
     * @return what is printed of it
     */
    public String marked(String text) {
        return this == ALWAYS ? BOLD_GREEN + text + PLAIN : "[" + text + "]";
    }

    /**
     * An answer that stands by itself.
     *
     * @param text the answer
     * @return what is printed of it
     */
    public String strong(String text) {
        return this == ALWAYS ? BOLD_GREEN + text + PLAIN : text;
    }
}
