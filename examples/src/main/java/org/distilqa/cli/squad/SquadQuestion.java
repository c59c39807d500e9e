package org.distilqa.cli.squad;

import java.util.List;

/**
 * A question of a SQuAD file.
 *
 * @param id its id, by which predictions name it
 * @param question the question
 * @param context the paragraph
 * @param answers the texts that are right; empty if the paragraph holds no answer
 * @param mayBeImpossible whether the file is one whose questions say if they have an answer (SQuAD 2.0)
 */
public record SquadQuestion(
        String id, String question, String context, List<String> answers, boolean mayBeImpossible) {}
