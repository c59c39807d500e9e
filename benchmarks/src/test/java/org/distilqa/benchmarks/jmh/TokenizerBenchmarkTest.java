package org.distilqa.benchmarks.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.util.List;
import org.distilqa.benchmarks.contender.SharedFiles;
import org.distilqa.tokenizer.TokenizedText;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TokenizerBenchmarkTest {
    @ParameterizedTest
    @EnumSource
    void givesBothTokenizersTheSameWork(TokenizerBenchmark.Texts texts) throws IOException {
        List<TokenizedText> java = tokens(TokenizerBenchmark.Kind.JAVA, texts);
        List<TokenizedText> library = tokens(TokenizerBenchmark.Kind.NATIVE, texts);
        assertThat(java).hasSameSizeAs(library);
        for (int i = 0; i < java.size(); i++) {
            assertThat(java.get(i).ids().length).isGreaterThan(5);
            // Half a minute faster than AssertJ's containsExactly, for a book.
            assertArrayEquals(library.get(i).ids(), java.get(i).ids());
            assertArrayEquals(library.get(i).ends(), java.get(i).ends());
        }
    }

    private static List<TokenizedText> tokens(TokenizerBenchmark.Kind kind, TokenizerBenchmark.Texts texts)
            throws IOException {
        TokenizerBenchmark benchmark = new TokenizerBenchmark();
        benchmark.model = SharedFiles.goldenCheckpoint().toString();
        benchmark.data = SharedFiles.xquad().toString();
        benchmark.kind = kind;
        benchmark.texts = texts;
        benchmark.open();
        try {
            return benchmark.tokenize();
        } finally {
            benchmark.close();
        }
    }
}
