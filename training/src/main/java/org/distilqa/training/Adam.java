package org.distilqa.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.Map;

/** Adam (Kingma and Ba, 2015), with the gradient's norm over all parameters held below a bound. */
final class Adam {
    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.98f;
    private static final float EPSILON = 1e-8f;
    private static final double LARGEST_NORM = 1;

    private final Map<String, NDArray> parameters;
    private final Map<String, NDArray> means = new LinkedHashMap<>();
    private final Map<String, NDArray> variances = new LinkedHashMap<>();

    Adam(Map<String, NDArray> parameters, NDManager manager) {
        this.parameters = parameters;
        parameters.forEach((name, parameter) -> {
            means.put(name, manager.zeros(parameter.getShape()));
            variances.put(name, manager.zeros(parameter.getShape()));
        });
    }

    Map<String, NDArray> means() {
        return means;
    }

    Map<String, NDArray> variances() {
        return variances;
    }

    /**
     * Moves all parameters by their gradients.
     *
     * @param step from 0
     * @param rate the learning rate
     * @return the gradient's norm before it was bounded
     */
    double update(NDManager manager, int step, double rate) {
        Map<String, NDArray> gradients = new LinkedHashMap<>();
        NDArray squares = manager.zeros(new ai.djl.ndarray.types.Shape(1));
        for (Map.Entry<String, NDArray> entry : parameters.entrySet()) {
            NDArray gradient = entry.getValue().getGradient();
            gradient.attach(manager);
            gradients.put(entry.getKey(), gradient);
            squares.addi(gradient.square().sum());
        }
        double norm = Math.sqrt(squares.getFloat(0));
        if (!Double.isFinite(norm)) {
            return norm;
        }
        double scale = Math.min(1, LARGEST_NORM / (norm + 1e-6));
        double corrected = rate * Math.sqrt(1 - Math.pow(BETA2, step + 1)) / (1 - Math.pow(BETA1, step + 1));
        parameters.forEach((name, parameter) -> {
            NDArray gradient = gradients.get(name);
            gradient.muli((float) scale);
            NDArray mean = means.get(name);
            NDArray variance = variances.get(name);
            mean.muli(BETA1).addi(gradient.mul(1 - BETA1));
            variance.muli(BETA2).addi(gradient.square().muli(1 - BETA2));
            // Results belong to the manager of the array that was asked, which here outlives the step.
            NDArray deviation = variance.sqrt();
            deviation.attach(manager);
            NDArray change = mean.div(deviation.addi(EPSILON));
            change.attach(manager);
            change.muli((float) corrected);
            parameter.setRequiresGradient(false);
            parameter.subi(change);
            parameter.setRequiresGradient(true);
        });
        return norm;
    }
}
