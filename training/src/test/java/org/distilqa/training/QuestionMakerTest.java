package org.distilqa.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuestionMakerTest {
    @TempDir
    private Path directory;

    private Tagger tagger;
    private QuestionMaker maker;

    @BeforeEach
    void readASmallWordNet() throws IOException {
        Lexicon lexicon = new Lexicon(SmallWordNet.write(directory));
        tagger = new Tagger(lexicon);
        maker = new QuestionMaker(lexicon, Set.of("Ada"), new Random(3));
    }

    /** The rules draw lots, so a sentence is asked about often: all "question = answer" that come. */
    private Set<String> questions(String sentence) {
        Set<String> questions = new TreeSet<>();
        for (int i = 0; i < 300; i++) {
            maker.questions(tagger.tag(sentence), List.of())
                    .forEach(question -> questions.add(
                            question.text() + " = " + sentence.substring(question.start(), question.end())));
        }
        return questions;
    }

    @Test
    void asksForTheSubject() {
        assertThat(questions("Ada Quill finished the old bridge in 1912."))
                .contains("Who finished the old bridge in 1912? = Ada Quill");
    }

    @Test
    void asksForATimeWithTheVerbsBaseForm() {
        assertThat(questions("Ada Quill finished the old bridge in 1912."))
                .contains("When did Ada Quill finish the old bridge? = 1912");
    }

    @Test
    void movesTheAuxiliaryBeforeTheSubject() {
        assertThat(questions("The bridge was built by Ada Quill in Lund."))
                .contains("Where was the bridge built by Ada Quill? = Lund");
    }

    @Test
    void answersHowManyWithTheNumberAlone() {
        assertThat(questions("The old bridge has seven lamps."))
                .anySatisfy(question ->
                        assertThat(question).startsWith("How many lamps ").endsWith(" = seven"));
    }
}
