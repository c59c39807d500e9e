package org.distilqa.opening;

import java.time.Duration;
import java.util.List;
import org.distilqa.schedule.OpenDevice;
import org.distilqa.tokenizer.Tokenizer;

/**
 * What an answerer is made of, all of it open.
 *
 * @param maxPositions what the network takes, in tokens
 * @param tokenizer splits texts
 * @param tokenizerOwned whether the tokenizer is closed with the answerer
 * @param devices run the network; those of another name than the one before are its fall-back
 * @param loading how long it took to open all this
 */
public record Parts(
        int maxPositions, Tokenizer tokenizer, boolean tokenizerOwned, List<OpenDevice> devices, Duration loading) {}
