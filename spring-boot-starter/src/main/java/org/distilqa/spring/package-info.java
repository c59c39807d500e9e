/**
 * A {@link org.distilqa.QuestionAnswerer} as a bean of Spring Boot. Properties {@code distilqa.*} come in; the bean goes out, with its
 * health and its metrics where the application has those.
 *
 * <p>Read {@link org.distilqa.spring.DistilQaAutoConfiguration} first: it makes the bean of {@link org.distilqa.spring.DistilQaProperties}
 * and of every {@link org.distilqa.spring.QuestionAnswererCustomizer}. {@code LazyQuestionAnswerer} is the bean where opening is put off
 * until the first question. {@code HealthAutoConfiguration} and {@code HealthOfBoot3AutoConfiguration} are alike but for the packages of
 * Boot 4 and Boot 3 whose types they implement; what they tell is in {@code AnswererHealth}.
 */
package org.distilqa.spring;
