package org.distilqa.models.bundled;

import org.distilqa.model.ModelResources;

/** The small trained model, whose files are beside this class. */
public final class BundledModel implements ModelResources {
    /** Says that the model is here; as the service loader makes it. */
    public BundledModel() {}
}
