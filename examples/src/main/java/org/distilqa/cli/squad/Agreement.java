package org.distilqa.cli.squad;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.distilqa.cli.io.Json;

/** How far two devices' logits are from each other. Sums only, so any number of them can be added. */
final class Agreement {
    private long count;
    private double largest;
    private double differences;
    private double sumA;
    private double sumB;
    private double squaresA;
    private double squaresB;
    private double products;

    /** Adds the logits of some tokens, one of each device for every token. */
    void add(float[] a, float[] b) {
        for (int i = 0; i < a.length; i++) {
            double difference = Math.abs((double) a[i] - b[i]);
            largest = Math.max(largest, difference);
            differences += difference;
            sumA += a[i];
            sumB += b[i];
            squaresA += (double) a[i] * a[i];
            squaresB += (double) b[i] * b[i];
            products += (double) a[i] * b[i];
        }
        count += a.length;
    }

    /** Both agreements' logits together. */
    Agreement and(Agreement other) {
        Agreement both = new Agreement();
        both.count = count + other.count;
        both.largest = Math.max(largest, other.largest);
        both.differences = differences + other.differences;
        both.sumA = sumA + other.sumA;
        both.sumB = sumB + other.sumB;
        both.squaresA = squaresA + other.squaresA;
        both.squaresB = squaresB + other.squaresB;
        both.products = products + other.products;
        return both;
    }

    double largestDifference() {
        return largest;
    }

    double meanDifference() {
        return differences / count;
    }

    /** Pearson's correlation: 1 if the one device's logits are a multiple of the other's, plus a constant. */
    double correlation() {
        double covariance = products - sumA * sumB / count;
        double varianceA = squaresA - sumA * sumA / count;
        double varianceB = squaresB - sumB * sumB / count;
        return covariance / Math.sqrt(varianceA * varianceB);
    }

    ObjectNode figures() {
        return Json.object()
                .put("count", count)
                .put("largest_difference", largestDifference())
                .put("mean_difference", meanDifference())
                .put("correlation", correlation());
    }
}
