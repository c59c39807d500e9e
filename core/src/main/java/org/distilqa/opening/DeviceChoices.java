package org.distilqa.opening;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.distilqa.device.DeviceOptions;

/**
 * The devices that an answerer is to use.
 *
 * @param choices which, in the order in which they are named; at least one
 * @param optionsOfAll their options
 * @param optionsOfEach those of one, by its name, in place of those of all
 * @param batchSize how many windows each is given at most; empty for what it recommends
 */
public record DeviceChoices(
        List<DeviceChoice> choices,
        DeviceOptions optionsOfAll,
        Map<String, DeviceOptions> optionsOfEach,
        OptionalInt batchSize) {}
