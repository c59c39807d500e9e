package org.distilqa.examples.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A service that answers questions over HTTP. */
@SpringBootApplication
class AnswersApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(AnswersApplication.class, arguments);
    }
}
