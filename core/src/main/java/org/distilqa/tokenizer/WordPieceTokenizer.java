package org.distilqa.tokenizer;

import org.distilqa.ClosedException;
import org.distilqa.InvalidModelException;
import org.distilqa.tokenizer.definition.AddedToken;
import org.distilqa.tokenizer.definition.UnicodeText;

/**
 * BERT's tokenizer: the text is normalized, split at white space, punctuation and Chinese characters, and each word is split
 * into the longest pieces of the vocabulary, from left to right (Devlin et al., 2018; Wu et al., 2016). Ids, places and words
 * are those of Hugging Face's tokenizers, except that special tokens written in a text are text.
 *
 * <p>Half a surrogate pair is taken for the replacement character. The time is proportional to the text's length.
 */
final class WordPieceTokenizer implements Tokenizer {
    /** A text is normalized in parts of this many UTF-16 units and a few more, which stay in the processor's cache. */
    private static final int PART = 4096;

    private static final int ASCII = 128;

    private final BertTokenizerDefinition definition;
    private final BertNormalizer normalizer;
    private final WordPieces vocabulary;

    /** Where in the vocabulary's trie the pieces begin that continue a word. */
    private final int continuation;

    /** Added tokens that are looked for in the text as it stands. */
    private final AddedTokenMatcher plainTokens;

    /** Added tokens that are looked for in the normalized text. */
    private final AddedTokenMatcher normalizedTokens;

    /** Of each ASCII character {@link Characters#WHITE_SPACE}, {@link Characters#PUNCTUATION} or 0. */
    private final byte[] ascii = new byte[ASCII];

    private volatile boolean closed;

    WordPieceTokenizer(BertTokenizerDefinition definition) {
        this.definition = definition;
        this.normalizer = definition.normalizer();
        this.vocabulary = definition.vocabulary();
        this.continuation = vocabulary.node(definition.continuingPrefix());
        this.plainTokens = new AddedTokenMatcher(
                definition.addedTokens().stream()
                        .filter(token -> !token.special() && !token.normalized())
                        .toList(),
                content -> content);
        this.normalizedTokens = new AddedTokenMatcher(
                definition.addedTokens().stream()
                        .filter(token -> !token.special() && token.normalized())
                        .toList(),
                normalizer::normalize);
        for (int character = 0; character < ASCII; character++) {
            ascii[character] = (byte) separation(Characters.properties(character));
        }
    }

    private static int separation(int properties) {
        return properties & (Characters.WHITE_SPACE | Characters.PUNCTUATION);
    }

    @Override
    public TokenizedText tokenize(String text) {
        if (closed) {
            throw new ClosedException("the tokenizer was closed");
        }
        return new Splitting(UnicodeText.wellFormed(text)).tokens();
    }

    /** One text on its way into tokens. */
    private final class Splitting {
        private final String text;
        private final NormalizedText normalized = new NormalizedText();
        private final TokenList tokens;

        Splitting(String text) {
            this.text = text;
            this.tokens = new TokenList(16 + text.length() / 4);
        }

        TokenizedText tokens() {
            if (plainTokens.isEmpty()) {
                normalize(0, text.length());
            } else {
                plainTokens.split(text, new AddedTokenMatcher.Parts() {
                    @Override
                    public void text(int from, int to) {
                        normalize(from, to);
                    }

                    @Override
                    public void token(AddedToken token, int from, int to) {
                        tokens.add(token.id(), from, to);
                        tokens.endWord();
                    }
                });
            }
            return tokens.tokens();
        }

        private void normalize(int from, int to) {
            if (!normalizedTokens.isEmpty()) {
                normalizePart(from, to);
                splitAtAddedTokens();
                return;
            }
            int end;
            for (int start = from; start < to; start = end) {
                end = Math.min(to, start + PART);
                while (end < to && !isSeparate(end)) {
                    end++;
                }
                normalizePart(start, end);
                words(0, normalized.length());
            }
        }

        private void normalizePart(int from, int to) {
            normalized.clear();
            normalizer.normalize(text, from, to, normalized);
        }

        /**
         * Whether a character of the text is in no word, so that the text can be cut before it. Of white space that is removed
         * as a control character, and of what becomes something else, that is not said.
         */
        private boolean isSeparate(int unit) {
            int properties = Characters.properties(text.charAt(unit));
            return separation(properties) != 0
                            && (properties & (Characters.CONTROL | Characters.DECOMPOSES | Characters.COMBINES)) == 0
                    || normalizer.separateChinese() && Characters.isChinese(text.charAt(unit));
        }

        private void splitAtAddedTokens() {
            normalizedTokens.split(normalized.toString(), new AddedTokenMatcher.Parts() {
                @Override
                public void text(int from, int to) {
                    words(from, to);
                }

                @Override
                public void token(AddedToken token, int from, int to) {
                    tokens.add(token.id(), normalized.start(from), normalized.end(to - 1));
                    tokens.endWord();
                }
            });
        }

        /** Splits a part of the normalized text at white space and around punctuation. */
        private void words(int from, int to) {
            int start = from;
            int characters = 0;
            int next;
            for (int i = from; i < to; i = next) {
                char unit = normalized.unit(i);
                next = i + 1;
                int separation;
                if (unit < ASCII) {
                    separation = ascii[unit];
                } else {
                    int character = normalized.codePoint(i);
                    next = i + Character.charCount(character);
                    separation = separation(Characters.properties(character));
                }
                if (separation == 0) {
                    characters++;
                    continue;
                }
                word(start, i, characters);
                if (separation == Characters.PUNCTUATION) {
                    word(i, next, 1);
                }
                start = next;
                characters = 0;
            }
            word(start, to, characters);
        }

        private void word(int from, int to, int characters) {
            if (from == to) {
                return;
            }
            int before = tokens.size();
            if (characters > definition.maxCharactersPerWord() || !pieces(from, to)) {
                tokens.takeBack(before);
                tokens.add(unknownToken(), normalized.start(from), normalized.end(to - 1));
            }
            tokens.endWord();
        }

        /** Adds the pieces of a word; false if the vocabulary has not all of them. */
        private boolean pieces(int from, int to) {
            int next;
            for (int start = from; start < to; start = next) {
                int node = start == from ? WordPieces.ROOT : continuation;
                int id = WordPieces.NONE;
                next = start;
                for (int i = start; i < to; i++) {
                    node = vocabulary.next(node, normalized.unit(i));
                    if (node == WordPieces.NONE) {
                        break;
                    }
                    if (vocabulary.id(node) != WordPieces.NONE) {
                        id = vocabulary.id(node);
                        next = i + 1;
                    }
                }
                if (id == WordPieces.NONE) {
                    return false;
                }
                tokens.add(id, normalized.start(start), normalized.end(next - 1));
            }
            return true;
        }
    }

    private int unknownToken() {
        if (definition.unknownToken() == WordPieces.NONE) {
            throw new InvalidModelException(definition.source()
                    + ": cannot split a text into tokens: it is not all in the vocabulary, which has no token for what is"
                    + " unknown");
        }
        return definition.unknownToken();
    }

    @Override
    public int classToken() {
        return definition.classToken();
    }

    @Override
    public int separatorToken() {
        return definition.separatorToken();
    }

    @Override
    public int vocabularySize() {
        return definition.vocabularySize();
    }

    @Override
    public boolean givesTokenTypes() {
        return definition.givesTokenTypes();
    }

    @Override
    public void close() {
        closed = true;
    }
}
