package org.distilqa.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import org.distilqa.QuestionAnswerer;
import org.distilqa.device.Availability;
import org.distilqa.device.DeviceInfo;

/**
 * Whether the server answers, for whatever watches over it.
 *
 * @param answerer what answers
 * @param admission which lets requests in, until the server closes
 */
record Health(QuestionAnswerer answerer, Admission admission) {

    void send(Context context) {
        Availability availability =
                admission.isClosing() ? Availability.unavailable("the server is closing") : answerer.availability();
        ObjectNode health = Json.object()
                .put("status", availability.available() ? "UP" : "DOWN")
                .put("explanation", availability.explanation());
        ArrayNode devices = health.putArray("devices");
        for (DeviceInfo device : answerer.devices()) {
            ObjectNode facts = devices.addObject().put("name", device.name()).putObject("facts");
            device.facts().forEach(facts::put);
        }
        context.status(availability.available() ? 200 : 503)
                .contentType("application/json")
                .result(health.toString());
    }
}
