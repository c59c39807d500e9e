package org.distilqa.examples.spring;

import java.time.Duration;
import java.util.List;
import org.distilqa.Answer;
import org.distilqa.QuestionAnswerer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** {@code POST /answers} with a question and a context; the best answers come back. */
@RestController
class AnswersController {
    private final QuestionAnswerer answerer;
    private final Duration deadline;

    AnswersController(QuestionAnswerer answerer, @Value("${answers.deadline}") Duration deadline) {
        this.answerer = answerer;
        this.deadline = deadline;
    }

    @PostMapping("/answers")
    List<Answer> answer(@RequestBody Question question) {
        return answerer.answer(question.toRequest(deadline));
    }
}
