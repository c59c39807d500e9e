package org.distilqa.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The description of the endpoints, and whether responses are as it says. */
final class OpenApi {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** What this can check; a keyword beside these would be one that is not checked. */
    private static final Set<String> KEYWORDS = Set.of(
            "$ref",
            "type",
            "required",
            "properties",
            "additionalProperties",
            "items",
            "minItems",
            "enum",
            "minimum",
            "maximum",
            "minLength",
            "maxLength",
            "description",
            "default",
            "format");

    private final JsonNode document;

    OpenApi() {
        try (InputStream in = AnswerServer.class.getResourceAsStream("openapi.json")) {
            document = MAPPER.readTree(in);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Every operation, as in {@code POST /answer}. */
    Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        document.get("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(method -> operations.add(method.toUpperCase() + " " + path.getKey())));
        return operations;
    }

    /** Every status of a problem. */
    Set<String> statuses() {
        Set<String> statuses = new TreeSet<>();
        document.get("paths")
                .forEach(path -> path.forEach(
                        operation -> operation.get("responses").fieldNames().forEachRemaining(statuses::add)));
        statuses.removeIf(status -> status.compareTo("400") < 0);
        return statuses;
    }

    JsonNode schema(String name) {
        return document.at("/components/schemas/" + name);
    }

    Set<String> properties(String schema) {
        Set<String> names = new TreeSet<>();
        schema(schema).get("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Fails if the response is not one that the description has for a path that it has. */
    void check(HttpResponse<String> response) throws IOException {
        String method = response.request().method().toLowerCase();
        JsonNode operation =
                document.at("/paths").path(response.request().uri().getPath()).path(method);
        if (operation.isMissingNode()) {
            return;
        }
        JsonNode described = resolve(operation.at("/responses/" + response.statusCode()));
        assertThat(described.isMissingNode())
                .as("%s has a response %d", operation.get("operationId"), response.statusCode())
                .isFalse();
        described
                .path("headers")
                .fieldNames()
                .forEachRemaining(header -> assertThat(response.headers().firstValue(header))
                        .as(header)
                        .isPresent());
        String type = response.headers().firstValue("Content-Type").orElse("").split(";")[0];
        assertThat(described.path("content").has(type)).as("content %s", type).isTrue();
        JsonNode schema = described.get("content").get(type).get("schema");
        JsonNode body = type.contains("json") ? MAPPER.readTree(response.body()) : MAPPER.valueToTree(response.body());
        List<String> violations = new ArrayList<>();
        validate(body, schema, "", violations);
        assertThat(violations).as(response.body()).isEmpty();
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
    }

    private void validate(JsonNode value, JsonNode reference, String place, List<String> violations) {
        JsonNode schema = resolve(reference);
        schema.fieldNames().forEachRemaining(keyword -> assertThat(KEYWORDS).contains(keyword));
        if (!isOfType(value, schema.get("type").asText())) {
            violations.add(place + " is no " + schema.get("type").asText());
            return;
        }
        if (value.isNumber()
                && (value.asDouble() < schema.path("minimum").asDouble(Double.NEGATIVE_INFINITY)
                        || value.asDouble() > schema.path("maximum").asDouble(Double.POSITIVE_INFINITY))) {
            violations.add(place + " is " + value);
        }
        if (schema.has("enum")
                && !MAPPER.convertValue(schema.get("enum"), List.class).contains(value.asText())) {
            violations.add(place + " is " + value);
        }
        if (value.size() < schema.path("minItems").asInt(0)) {
            violations.add(place + " has " + value.size() + " items");
        }
        value.forEach(item -> {
            if (value.isArray()) {
                validate(item, schema.get("items"), place + "[]", violations);
            }
        });
        if (value.isObject()) {
            validateFields(value, schema, place, violations);
        }
    }

    private void validateFields(JsonNode value, JsonNode schema, String place, List<String> violations) {
        schema.path("required").forEach(name -> {
            if (!value.has(name.asText())) {
                violations.add(place + "." + name.asText() + " is missing");
            }
        });
        value.properties().forEach(field -> {
            JsonNode others = schema.path("additionalProperties");
            JsonNode type = schema.path("properties").path(field.getKey());
            if (!type.isMissingNode()) {
                validate(field.getValue(), type, place + "." + field.getKey(), violations);
            } else if (others.isObject()) {
                validate(field.getValue(), others, place + "." + field.getKey(), violations);
            } else if (others.isBoolean()) {
                violations.add(place + "." + field.getKey() + " is not described");
            }
        });
    }

    private static boolean isOfType(JsonNode value, String type) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            default -> throw new AssertionError(type);
        };
    }
}
