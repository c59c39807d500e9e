package org.distilqa.decoding;

import org.distilqa.DeviceException;
import org.distilqa.window.Window;

/**
 * What the network said of a stretch of the context in one window: for each token its start and its end logit, less that of
 * the window's {@code [CLS]}, and what the passage's weight adds. So "no answer" has 0 and 0 in every window, and what windows say can be compared.
 *
 * @param first the number of the stretch's first token in the whole context
 * @param start for each token of the stretch, how likely the answer starts there
 * @param end how likely it ends there
 */
public record Reading(int first, double[] start, double[] end) {

    /**
     * What was said of the stretch of a window.
     *
     * @param window the window
     * @param startLogits the start logits of the window's tokens
     * @param endLogits their end logits
     * @param logWeight the logarithm of what a span's likelihood is multiplied by; a start and an end have half of it each
     * @return the reading
     * @throws DeviceException if a logit that counts is not a finite number
     */
    public static Reading of(Window window, float[] startLogits, float[] endLogits, double logWeight) {
        int position = window.contextStart();
        int tokens = window.stretch().tokens();
        return new Reading(
                window.stretch().first(),
                relative(startLogits, position, tokens, logWeight / 2),
                relative(endLogits, position, tokens, logWeight / 2));
    }

    private static double[] relative(float[] logits, int from, int tokens, double added) {
        double noAnswer = requireFinite(logits[0]);
        double[] relative = new double[tokens];
        for (int i = 0; i < tokens; i++) {
            relative[i] = requireFinite(logits[from + i]) - noAnswer + added;
        }
        return relative;
    }

    private static float requireFinite(float logit) {
        if (!Float.isFinite(logit)) {
            throw new DeviceException("the device returned a logit that is not a finite number: " + logit);
        }
        return logit;
    }

    /** One more than the number of the last token. */
    int limit() {
        return first + start.length;
    }
}
