package org.distilqa.device;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.distilqa.InvalidConfigurationException;

/**
 * Settings for a device, as names and values in text, so that a command line or a configuration file can carry them to a
 * backend that neither knows. Immutable.
 *
 * @param values the settings by name
 */
public record DeviceOptions(Map<String, String> values) {

    /**
     * Copies the settings.
     *
     * @param values the settings by name
     */
    public DeviceOptions {
        values = Map.copyOf(values);
    }

    /**
     * No settings: every device's defaults.
     *
     * @return empty options
     */
    public static DeviceOptions none() {
        return new DeviceOptions(Map.of());
    }

    /**
     * These options with one more, or another value of one.
     *
     * @param name the setting's name
     * @param value its value
     * @return new options
     */
    public DeviceOptions with(String name, String value) {
        Map<String, String> copy = new TreeMap<>(values);
        copy.put(name, value);
        return new DeviceOptions(copy);
    }

    /**
     * The value of a setting.
     *
     * @param name the setting's name
     * @return its value, or empty if it was not given
     */
    public Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /**
     * The value of a setting that is a whole number.
     *
     * @param name the setting's name
     * @param defaultValue what it is if it was not given
     * @param minimum the smallest value allowed
     * @param maximum the largest value allowed
     * @return the value
     * @throws InvalidConfigurationException if the value is not a whole number in that range
     */
    public int integer(String name, int defaultValue, int minimum, int maximum) {
        String text = values.get(name);
        if (text == null) {
            return defaultValue;
        }
        try {
            int value = Integer.parseInt(text.strip());
            if (value >= minimum && value <= maximum) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Refused below, as any other value out of range.
        }
        throw new InvalidConfigurationException("device option " + name + " is \"" + text
                + "\"; it must be a whole number from " + minimum + " to " + maximum);
    }

    /**
     * The value of a setting that is one of a few words.
     *
     * @param name the setting's name
     * @param defaultValue what it is if it was not given
     * @param choices the words allowed
     * @return the value
     * @throws InvalidConfigurationException if the value is not among the choices
     */
    public String choice(String name, String defaultValue, Set<String> choices) {
        String value = values.getOrDefault(name, defaultValue);
        if (!choices.contains(value)) {
            throw new InvalidConfigurationException(
                    "device option " + name + " is \"" + value + "\"; it must be one of " + new TreeSet<>(choices));
        }
        return value;
    }

    /**
     * Refuses names that a device does not know, so that a misspelt setting is not ignored.
     *
     * @param device the device's name, for the message
     * @param known the names it knows
     * @throws InvalidConfigurationException if there is a setting of another name
     */
    public void requireKnown(String device, Set<String> known) {
        Set<String> unknown = new TreeSet<>(values.keySet());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new InvalidConfigurationException("device " + device + " has no option " + String.join(", ", unknown)
                    + (known.isEmpty() ? "; it has none" : "; it has " + String.join(", ", new TreeSet<>(known))));
        }
    }
}
