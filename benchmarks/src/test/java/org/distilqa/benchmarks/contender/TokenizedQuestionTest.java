package org.distilqa.benchmarks.contender;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.distilqa.model.ModelFiles;
import org.distilqa.tokenizer.Tokenizer;
import org.distilqa.tokenizer.Tokenizers;
import org.junit.jupiter.api.Test;

class TokenizedQuestionTest {
    @Test
    void windowsHoldTheQuestionAndShare128TokensOfTheContext() {
        try (Tokenizer tokenizer = Tokenizers.open(ModelFiles.of(SharedFiles.goldenCheckpoint()))) {
            Question question =
                    new Question("who was it?", "one two three four five six seven ".repeat(100), List.of());
            List<TokenizedQuestion.Window> windows =
                    TokenizedQuestion.of(tokenizer, List.of(question)).get(0).windows();
            int[] asked = tokenizer.tokenize(question.question()).ids();
            int[] context = tokenizer.tokenize(question.context()).ids();
            int step = 384 - asked.length - 3 - 128;
            assertThat(windows).hasSize(1 + (context.length - (384 - asked.length - 3) + step - 1) / step);
            for (int i = 0; i < windows.size(); i++) {
                int[] ids = windows.get(i).ids();
                assertThat(ids.length).isLessThanOrEqualTo(384);
                assertThat(ids[0]).isEqualTo(tokenizer.classToken());
                assertThat(Arrays.copyOfRange(ids, 1, asked.length + 1)).isEqualTo(asked);
                assertThat(ids[asked.length + 1]).isEqualTo(tokenizer.separatorToken());
                assertThat(ids[ids.length - 1]).isEqualTo(tokenizer.separatorToken());
                assertThat(Arrays.copyOfRange(ids, asked.length + 2, ids.length - 1))
                        .isEqualTo(Arrays.copyOfRange(context, i * step, i * step + ids.length - asked.length - 3));
                // Its tokenizer tells the context's tokens from the question's.
                assertThat(tokenizer.givesTokenTypes()).isTrue();
                assertThat(windows.get(i).secondSegment()).isEqualTo(asked.length + 2);
            }
        }
    }
}
