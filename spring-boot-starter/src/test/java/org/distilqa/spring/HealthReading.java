package org.distilqa.spring;

import java.util.Map;
import org.springframework.context.ApplicationContext;
import org.springframework.util.ClassUtils;

/** What the health indicator says, in whichever version's types. */
record HealthReading(String status, Map<String, Object> details) {
    private static final String BEAN = "distilqaHealthIndicator";
    private static final boolean BOOT_3 =
            ClassUtils.isPresent("org.springframework.boot.actuate.health.HealthIndicator", null);

    static HealthReading of(ApplicationContext context) {
        return BOOT_3 ? OfBoot3.read(context) : OfBoot4.read(context);
    }

    static boolean isIn(ApplicationContext context) {
        return context.containsBean(BEAN);
    }

    /** The classes that have it in this version, and in no other. */
    static String packageOfIndicators() {
        return BOOT_3 ? "org.springframework.boot.actuate.health" : "org.springframework.boot.health.contributor";
    }

    private static final class OfBoot3 {
        static HealthReading read(ApplicationContext context) {
            org.springframework.boot.actuate.health.Health health = context.getBean(
                            BEAN, org.springframework.boot.actuate.health.HealthIndicator.class)
                    .health();
            return new HealthReading(health.getStatus().getCode(), health.getDetails());
        }
    }

    private static final class OfBoot4 {
        static HealthReading read(ApplicationContext context) {
            org.springframework.boot.health.contributor.Health health = context.getBean(
                            BEAN, org.springframework.boot.health.contributor.HealthIndicator.class)
                    .health();
            return new HealthReading(health.getStatus().getCode(), health.getDetails());
        }
    }
}
