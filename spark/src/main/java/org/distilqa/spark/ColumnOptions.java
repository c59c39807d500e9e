package org.distilqa.spark;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.distilqa.AnswerOptions;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.InvalidRequestException;
import org.distilqa.QuestionAnswerer;
import org.distilqa.device.Devices;

/**
 * The options of a column, as {@link DistilQa#answer(org.apache.spark.sql.Column, org.apache.spark.sql.Column, Map)} lists them.
 *
 * @param engine what the engine is opened with
 * @param answer how each row is answered
 * @param failOnError whether a row that cannot be answered fails the job
 * @param utf16Offsets whether places are counted in UTF-16 units instead of characters
 */
record ColumnOptions(EngineOptions engine, AnswerOptions answer, boolean failOnError, boolean utf16Offsets) {
    private static final String DEVICE_OPTION = "device.";
    private static final Set<String> KNOWN = Set.of(
            "model",
            "revision",
            "device",
            "batchSize",
            "maxContextLength",
            "maxAnswerLength",
            "maxSequenceLength",
            "docStride",
            "maxQuestionLength",
            "handleImpossibleAnswer",
            "alignToWords",
            "secondReading",
            "onError",
            "offsets");

    /**
     * Reads them.
     *
     * @throws InvalidConfigurationException if one is unknown or has a value that it cannot have
     */
    static ColumnOptions of(Map<String, String> options) {
        Map<String, String> deviceOptions = new TreeMap<>();
        Set<String> unknown = new TreeSet<>();
        options.forEach((name, value) -> {
            if (name.startsWith(DEVICE_OPTION)) {
                deviceOptions.put(name.substring(DEVICE_OPTION.length()), value);
            } else if (!KNOWN.contains(name)) {
                unknown.add(name);
            }
        });
        if (!unknown.isEmpty()) {
            throw new InvalidConfigurationException(DistilQa.FUNCTION + " has no option " + String.join(", ", unknown)
                    + "; it has " + String.join(", ", new TreeSet<>(KNOWN)) + " and device.NAME for the device's own");
        }
        Reader reader = new Reader(options);
        EngineOptions engine = new EngineOptions(
                options.getOrDefault("model", QuestionAnswerer.BUNDLED_MODEL),
                options.getOrDefault("revision", "main"),
                options.getOrDefault("device", Devices.AUTO),
                Map.copyOf(deviceOptions),
                reader.integer("batchSize", 0, 4096),
                reader.integer("maxContextLength", 10_000_000, Integer.MAX_VALUE));
        return new ColumnOptions(
                engine,
                answerOptions(reader),
                reader.choice("onError", "column", "fail"),
                reader.choice("offsets", "characters", "utf16"));
    }

    private static AnswerOptions answerOptions(Reader reader) {
        try {
            AnswerOptions options = AnswerOptions.defaults()
                    .withHandleImpossibleAnswer(reader.choice("handleImpossibleAnswer", "false", "true"))
                    .withAlignToWords(!reader.choice("alignToWords", "true", "false"))
                    .withSecondReading(!reader.choice("secondReading", "true", "false"));
            options = reader.set("maxSequenceLength", options, options::withMaxSequenceLength);
            options = reader.set("docStride", options, options::withDocStride);
            options = reader.set("maxAnswerLength", options, options::withMaxAnswerLength);
            return reader.set("maxQuestionLength", options, options::withMaxQuestionLength);
        } catch (InvalidRequestException e) {
            throw new InvalidConfigurationException(DistilQa.FUNCTION + ": " + e.getMessage(), e);
        }
    }

    /** The type of the column. */
    StructType type() {
        StructType type = new StructType(new StructField[] {
            DataTypes.createStructField("text", DataTypes.StringType, true),
            DataTypes.createStructField("start", DataTypes.IntegerType, true),
            DataTypes.createStructField("end", DataTypes.IntegerType, true),
            DataTypes.createStructField("score", DataTypes.DoubleType, true)
        });
        return failOnError ? type : type.add("error", DataTypes.StringType, true);
    }

    private record Reader(Map<String, String> options) {
        int integer(String name, int defaultValue, int most) {
            String value = options.get(name);
            if (value == null) {
                return defaultValue;
            }
            try {
                int number = Integer.parseInt(value.strip());
                if (number >= 1 && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Refused below, as any other value out of range.
            }
            throw EngineOptions.refused(name, value, "a whole number from 1 to " + most);
        }

        AnswerOptions set(String name, AnswerOptions unchanged, IntFunction<AnswerOptions> change) {
            return options.containsKey(name) ? change.apply(integer(name, 0, AnswerOptions.MAX_LENGTH)) : unchanged;
        }

        /** Whether the option has the other value than its default. */
        boolean choice(String name, String defaultValue, String other) {
            String value = options.getOrDefault(name, defaultValue).strip();
            if (!value.equalsIgnoreCase(defaultValue) && !value.equalsIgnoreCase(other)) {
                throw EngineOptions.refused(name, value, defaultValue + " or " + other);
            }
            return value.equalsIgnoreCase(other);
        }
    }
}
