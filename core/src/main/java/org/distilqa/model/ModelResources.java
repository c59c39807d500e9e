package org.distilqa.model;

/**
 * Says that a module brings a model among its resources, as {@code distilqa-bundled-model} does. Core's module uses this, so that
 * a module that provides it is part of the program without being required by anyone.
 */
public interface ModelResources {}
