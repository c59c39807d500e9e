/**
 * A {@link org.distilqa.QuestionAnswerer} as a bean of Spring Boot: see {@link org.distilqa.spring.DistilQaAutoConfiguration}.
 */
package org.distilqa.spring;
