package org.distilqa.opening;

import java.util.Optional;
import org.distilqa.model.Checkpoint;
import org.distilqa.model.HubOptions;
import org.distilqa.tokenizer.Tokenizer;

/**
 * The model that an answerer is to use.
 *
 * @param name its name, as {@link Checkpoint#load} takes it
 * @param revision the revision of a repository on the hub
 * @param hub how the hub is reached; empty for what the environment says
 * @param checkpoint one that is open already, in place of that name's
 * @param tokenizer one that is open already, in place of that of the model's files
 */
public record ModelChoice(
        String name,
        String revision,
        Optional<HubOptions> hub,
        Optional<Checkpoint> checkpoint,
        Optional<Tokenizer> tokenizer) {}
