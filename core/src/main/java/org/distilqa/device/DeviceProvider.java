package org.distilqa.device;

/**
 * A kind of device, found by {@link java.util.ServiceLoader}. Writing a backend takes three classes: this one, named in
 * {@code META-INF/services/org.distilqa.device.DeviceProvider}, a {@link Device} and a {@link Program}. The module
 * {@code distilqa-device-conformance} has the tests that it should pass.
 *
 * <p>An implementation has a public constructor without parameters that does no work and cannot fail; native libraries are
 * first touched in {@link #availability()}. It is safe for use by many threads.
 */
public interface DeviceProvider {

    /**
     * The name a user chooses the device by.
     *
     * @return lower-case letters, digits and {@code -}, such as {@code cpu}; not {@code auto}
     */
    String name();

    /**
     * The rank among the available devices when the user asks for {@code auto}: the highest wins. The reference device
     * {@code cpu} has 0; a faster one for the same processor should have 100, an accelerator 1000.
     *
     * @return the priority
     */
    int priority();

    /**
     * Whether the device can be opened on this machine. Must not throw, must not keep anything open, and should take well
     * under a second.
     *
     * @return available with a description, or not with the reason in words
     */
    Availability availability();

    /**
     * Opens the device.
     *
     * @param options settings of this device; a provider refuses the names it does not know
     * @return the open device, which the caller closes
     * @throws org.distilqa.DeviceUnavailableException if the device cannot be opened here
     * @throws org.distilqa.InvalidConfigurationException if an option is unknown or its value out of range
     */
    Device open(DeviceOptions options);
}
