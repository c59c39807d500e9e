package org.distilqa.spring;

import org.distilqa.QuestionRequest;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;
import org.distilqa.device.conformance.FaultInjectingDevice;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

/** Applications that have what a user's would have: all auto-configurations on the class path, and the bundled model. */
final class Contexts {
    static final QuestionRequest REQUEST =
            QuestionRequest.of("Who built the mill?", "The mill was built by Ada Quill in 1912.");

    /** Sooner done with a line of text than shared out, above all on a busy machine. */
    static final DeviceOptions ONE_THREAD = DeviceOptions.none().with("threads", "1");

    private Contexts() {}

    static ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withUserConfiguration(Application.class)
                .withPropertyValues(
                        "distilqa.model=bundled", "distilqa.device=cpu", "distilqa.device-options.threads=1");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    static FaultInjectingDevice device() {
        return device("cpu");
    }

    static FaultInjectingDevice device(String name) {
        return new FaultInjectingDevice(name, Devices.open("cpu", ONE_THREAD));
    }
}
