package org.distilqa.device;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.distilqa.DeviceUnavailableException;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.internal.LibraryFault;
import org.distilqa.internal.Services;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the devices that the class path or module path offers, ranks them, opens one, and explains why not another. Safe for use by
 * many threads.
 */
public final class Devices {
    /** The name that asks for the available device of the highest priority. */
    public static final String AUTO = "auto";

    private static final Logger LOG = LoggerFactory.getLogger(Devices.class);

    private Devices() {}

    /**
     * The providers that can be loaded, available or not.
     *
     * @return the providers, the highest priority first, by name where priorities are equal
     */
    public static List<DeviceProvider> providers() {
        return ranked(Services.load(DeviceProvider.class).providers());
    }

    /**
     * Whether a provider's device can be opened here. Unlike {@link DeviceProvider#availability()} it never throws, even if a
     * library that the provider needs is missing or of the wrong version.
     *
     * @param provider the provider
     * @return available with a description, or not with the reason in words
     */
    public static Availability availability(DeviceProvider provider) {
        try {
            return provider.availability();
        } catch (RuntimeException e) {
            LOG.debug("device {} failed to say whether it is available", provider.name(), e);
            return Availability.unavailable(e.toString());
        } catch (Error e) {
            LibraryFault.rethrowUnlessOne(e);
            LOG.debug("device {} failed to say whether it is available", provider.name(), e);
            return Availability.unavailable(LibraryFault.explain(e));
        }
    }

    /**
     * Opens a device.
     *
     * @param name a provider's name, or {@link #AUTO} for the available provider of the highest priority; why the others
     *     were passed over is logged
     * @param options settings of the device
     * @return the device, which the caller closes
     * @throws DeviceUnavailableException if there is no such device or it cannot be opened; the message names the devices
     *     that exist and why each is or is not available
     * @throws org.distilqa.InvalidConfigurationException if the device refuses an option
     */
    public static Device open(String name, DeviceOptions options) {
        Services<DeviceProvider> found = Services.load(DeviceProvider.class);
        return open(name, options, ranked(found.providers()), found.failures());
    }

    static Device open(String name, DeviceOptions options, List<DeviceProvider> providers, List<String> failures) {
        return name.equals(AUTO)
                ? openBest(options, providers, failures)
                : openNamed(name, options, providers, failures);
    }

    private static Device openBest(DeviceOptions options, List<DeviceProvider> providers, List<String> failures) {
        List<String> passedOver = new ArrayList<>(failures);
        List<String> notOpened = new ArrayList<>();
        for (DeviceProvider provider : providers) {
            Availability availability = availability(provider);
            if (!availability.available()) {
                LOG.info("device {} is not available: {}", provider.name(), availability.explanation());
                passedOver.add(provider.name() + " is not available: " + availability.explanation());
                continue;
            }
            try {
                Device device = open(provider, options);
                LOG.info("device {}: {}", provider.name(), device.info().description());
                return device;
            } catch (DeviceUnavailableException e) {
                LOG.warn("device {} could not be opened: {}", provider.name(), e.getMessage());
                notOpened.add(provider.name() + " could not be opened: " + e.getMessage());
                passedOver.add(notOpened.get(notOpened.size() - 1));
            } catch (InvalidConfigurationException e) {
                if (notOpened.isEmpty()) {
                    throw e;
                }
                // The options may have been meant for the one before.
                throw new InvalidConfigurationException(String.join("; ", notOpened) + "; and " + e.getMessage(), e);
            }
        }
        throw new DeviceUnavailableException(
                passedOver.isEmpty()
                        ? "no device is on the class path; add a dependency on distilqa-device-cpu"
                        : "no device is available; " + String.join("; ", passedOver));
    }

    private static Device openNamed(
            String name, DeviceOptions options, List<DeviceProvider> providers, List<String> failures) {
        Optional<DeviceProvider> provider =
                providers.stream().filter(p -> p.name().equals(name)).findFirst();
        if (provider.isEmpty()) {
            throw new DeviceUnavailableException(
                    "there is no device \"" + name + "\"; " + explanation(providers, failures));
        }
        Availability availability = availability(provider.get());
        if (!availability.available()) {
            throw new DeviceUnavailableException("device " + name + " is not available: " + availability.explanation());
        }
        Device device = open(provider.get(), options);
        LOG.info("device {}: {}", name, device.info().description());
        return device;
    }

    private static Device open(DeviceProvider provider, DeviceOptions options) {
        try {
            return provider.open(options);
        } catch (Error e) {
            LibraryFault.rethrowUnlessOne(e);
            throw new DeviceUnavailableException(
                    "device " + provider.name() + " failed: " + LibraryFault.explain(e), e);
        }
    }

    private static String explanation(List<DeviceProvider> providers, List<String> failures) {
        List<String> lines = new ArrayList<>();
        for (DeviceProvider provider : providers) {
            Availability availability = availability(provider);
            lines.add(provider.name() + (availability.available() ? " (available: " : " (not available: ")
                    + availability.explanation() + ")");
        }
        lines.addAll(failures);
        return lines.isEmpty()
                ? "no device is on the class path; add a dependency on distilqa-device-cpu"
                : "there are auto, which takes the best available, and "
                        + lines.stream().collect(Collectors.joining(", "));
    }

    private static List<DeviceProvider> ranked(List<DeviceProvider> providers) {
        return providers.stream()
                .sorted(Comparator.comparingInt(DeviceProvider::priority)
                        .reversed()
                        .thenComparing(DeviceProvider::name))
                .toList();
    }
}
