package org.distilqa.search;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.distilqa.text.Document;
import org.distilqa.text.DocumentException;

/** Brings an index up to date with a folder, once. */
final class FolderUpdate {
    private final PassageIndex index;
    private final Path folder;
    private final FolderFiles files;

    /** What could not be read, each with the reason. */
    private final List<String> unreadable;

    /** Of the folder, what the index knows and the files so far have not shown. */
    private final Map<String, DocumentRecord> known = new HashMap<>();

    private int added;
    private int changed;
    private int unchanged;

    /**
     * @param folder an absolute path
     * @param files what is in it
     * @param unreadable what the files have told of already; goes into the report with what is found out later
     */
    FolderUpdate(PassageIndex index, Path folder, FolderFiles files, List<String> unreadable) {
        this.index = index;
        this.folder = folder;
        this.files = files;
        this.unreadable = unreadable;
    }

    FolderReport run(IndexingProgress progress) {
        index.forEachDocument(document -> {
            if (!document.state().isEmpty() && Path.of(document.name()).startsWith(folder)) {
                known.put(document.name(), document);
            }
        });
        int done = 0;
        for (Map.Entry<Path, String> file : files.states().entrySet()) {
            take(file.getKey(), file.getValue());
            done++;
            progress.taken(done, files.states().size());
            if (done % DocumentAnswerer.COMMIT_AFTER == 0) {
                index.commit();
            }
        }
        known.keySet().forEach(index::remove);
        index.commit();
        if (added + changed + unchanged == 0) {
            throw new IndexException(folder + ": there is nothing in it that can be read"
                    + (unreadable.isEmpty() ? "" : ", such as " + unreadable.get(0)));
        }
        return new FolderReport(added, changed, known.size(), unchanged, unreadable);
    }

    private void take(Path file, String state) {
        DocumentRecord before = known.remove(file.toString());
        if (before != null && before.state().equals(state)) {
            if (before.failure().isEmpty()) {
                unchanged++;
            } else {
                unreadable.add(before.failure());
            }
            return;
        }
        Document document;
        try {
            document = files.read(file);
        } catch (IndexException | DocumentException e) {
            index.putFailure(new DocumentRecord(file.toString(), state, e.getMessage()));
            unreadable.add(e.getMessage());
            return;
        }
        index.put(document, state);
        if (before == null) {
            added++;
        } else {
            changed++;
        }
    }
}
