package org.distilqa.search;

import java.util.Set;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.util.BytesRef;
import org.distilqa.search.DocumentAnswer.Passage;
import org.distilqa.text.Document;

/** What Lucene's documents have in them: records of documents of ours, and their passages. */
final class PassageFields {
    /** Of both: the name of the document, as one word. */
    static final String DOCUMENT = "document";

    /** Of passages: the words that a search finds. */
    static final String WORDS = "words";

    /** Of records, which tells them from passages. */
    static final String KIND = "kind";

    static final String RECORD = "record";

    /** The longest name, in UTF-16 units: Lucene's longest word has 32,766 bytes. */
    static final int LONGEST_NAME = 10_000;

    private static final String STATE = "state";
    private static final String FAILURE = "failure";
    private static final String TITLE = "title";
    private static final String TEXT = "text";
    private static final String START = "start";
    private static final String PLACES = "places";

    private PassageFields() {}

    static org.apache.lucene.document.Document record(DocumentRecord document) {
        org.apache.lucene.document.Document record = new org.apache.lucene.document.Document();
        record.add(new StringField(KIND, RECORD, Field.Store.NO));
        record.add(new StringField(DOCUMENT, document.name(), Field.Store.YES));
        record.add(new StoredField(STATE, document.state()));
        record.add(new StoredField(FAILURE, document.failure()));
        return record;
    }

    static DocumentRecord record(org.apache.lucene.document.Document record) {
        return new DocumentRecord(record.get(DOCUMENT), record.get(STATE), record.get(FAILURE));
    }

    static org.apache.lucene.document.Document passage(Document document, PassageSplitter.Stretch stretch) {
        String text = document.text().substring(stretch.start(), stretch.end());
        LinePages places = LinePages.of(document.places(), stretch.start(), stretch.end());
        org.apache.lucene.document.Document passage = new org.apache.lucene.document.Document();
        passage.add(new StringField(DOCUMENT, document.name(), Field.Store.YES));
        passage.add(new StoredField(TITLE, document.title()));
        passage.add(new StoredField(TEXT, text));
        passage.add(new StoredField(START, stretch.start()));
        passage.add(new StoredField(PLACES, places.encoded()));
        passage.add(new TextField(WORDS, text, Field.Store.NO));
        if (!document.title().equals(document.name())) {
            passage.add(new TextField(WORDS, document.title(), Field.Store.NO));
        }
        return passage;
    }

    static IndexedPassage passage(org.apache.lucene.document.Document passage, float score) {
        BytesRef places = passage.getBinaryValue(PLACES);
        return new IndexedPassage(
                passage.get(DOCUMENT),
                passage.get(TITLE),
                new Passage(
                        passage.get(TEXT),
                        passage.getField(START).numericValue().intValue()),
                LinePages.decoded(places.bytes, places.offset, places.length),
                score);
    }

    /** What a search loads of a passage. */
    static Set<String> stored() {
        return Set.of(DOCUMENT, TITLE, TEXT, START, PLACES);
    }
}
