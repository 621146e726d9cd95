/**
 * Reads YAML into a tree of values that know their places, and collects the errors in it.
 *
 * <p>A file goes in; {@link org.sipward.yaml.Node}s come out, each with its {@link org.sipward.yaml.Place}: file, line
 * and path. A {@link org.sipward.yaml.Section} reads values by key; it notes each {@link org.sipward.yaml.Problem} and
 * goes on. This package knows none of Sipward's keys.
 */
@NullMarked
package org.sipward.yaml;

import org.jspecify.annotations.NullMarked;
