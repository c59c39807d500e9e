package org.distilqa.benchmarks;

import org.distilqa.benchmarks.measurement.NetworkMeasurement.Pace;
import org.distilqa.benchmarks.service.ServiceMeasurement;

/**
 * How much is measured.
 *
 * @param pace how long the network alone takes
 * @param questions how many questions
 * @param warmUpQuestions how many of them are answered before
 * @param starts how often each contender starts
 * @param service how much is asked of a service
 */
record Extent(Pace pace, int questions, int warmUpQuestions, int starts, ServiceMeasurement.Extent service) {
    static final Extent FULL = new Extent(new Pace(5, 1.5, 0.6, 3, 0.5), 256, 32, 3, ServiceMeasurement.Extent.FULL);
    static final Extent QUICK = new Extent(new Pace(2, 0.2, 0.2, 1, 0.1), 16, 8, 1, ServiceMeasurement.Extent.QUICK);

    Extent withRounds(int rounds) {
        Pace other = new Pace(rounds, pace.warmUpSeconds(), pace.seconds(), pace.minimumRuns(), pace.peakSeconds());
        return new Extent(other, questions, warmUpQuestions, starts, service);
    }

    Extent withQuestions(int count) {
        return new Extent(pace, count, warmUpQuestions, starts, service);
    }
}
