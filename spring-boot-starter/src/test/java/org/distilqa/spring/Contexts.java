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

    private Contexts() {}

    static ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withUserConfiguration(Application.class)
                .withPropertyValues("distilqa.model=bundled", "distilqa.device=cpu");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    static FaultInjectingDevice device() {
        return new FaultInjectingDevice("cpu", Devices.open("cpu", DeviceOptions.none()));
    }
}
