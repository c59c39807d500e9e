package org.distilqa;

import java.util.ArrayList;
import java.util.List;

/**
 * What the network said of a stretch of the context in one window: for each token its start and its end logit, less that of
 * the window's {@code [CLS]}. So "no answer" has 0 and 0 in every window, and what windows say can be compared.
 *
 * @param first the number of the stretch's first token in the whole context
 * @param start for each token of the stretch, how likely the answer starts there
 * @param end how likely it ends there
 */
record Reading(int first, double[] start, double[] end) {

    /**
     * What was said of the stretches of a window.
     *
     * @param startLogits the start logits of the window's tokens
     * @param endLogits their end logits
     * @return a reading for each stretch
     * @throws DeviceException if a logit that counts is not a finite number
     */
    static List<Reading> of(Window window, float[] startLogits, float[] endLogits) {
        List<Reading> readings = new ArrayList<>(window.stretches().size());
        int position = window.contextStart();
        for (Window.Stretch stretch : window.stretches()) {
            readings.add(new Reading(
                    stretch.first(),
                    relative(startLogits, position, stretch.tokens()),
                    relative(endLogits, position, stretch.tokens())));
            position += stretch.tokens();
        }
        return readings;
    }

    private static double[] relative(float[] logits, int from, int tokens) {
        double noAnswer = requireFinite(logits[0]);
        double[] relative = new double[tokens];
        for (int i = 0; i < tokens; i++) {
            relative[i] = requireFinite(logits[from + i]) - noAnswer;
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
