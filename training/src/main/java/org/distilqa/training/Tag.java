package org.distilqa.training;

/** Parts of speech, as coarse as the rules that make questions need them. */
enum Tag {
    DETERMINER,
    POSSESSIVE,
    PREPOSITION,
    PRONOUN,
    CONJUNCTION,
    SUBORDINATOR,
    AUXILIARY,
    TO,
    NUMBER,
    NOUN,
    NAME,
    FINITE_VERB,
    BASE_VERB,
    PARTICIPLE,
    GERUND,
    ADJECTIVE,
    ADVERB,
    PUNCTUATION;

    /** Whether a word of this sort can stand inside a noun phrase. */
    boolean isNominal() {
        return this == DETERMINER
                || this == POSSESSIVE
                || this == NUMBER
                || this == NOUN
                || this == NAME
                || this == ADJECTIVE;
    }

    boolean isHead() {
        return this == NOUN || this == NAME || this == NUMBER;
    }
}
