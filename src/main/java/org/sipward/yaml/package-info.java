/**
 * Reads YAML into a tree that knows its places, and collects what is wrong with it.
 *
 * <p>A file goes in; {@link org.sipward.yaml.Node}s come out, each with its {@link org.sipward.yaml.Place}: file, line and
 * path. A {@link org.sipward.yaml.Section} is asked for values by key and notes each {@link org.sipward.yaml.Problem} instead
 * of stopping at it. Knows no key of ours.
 */
@NullMarked
package org.sipward.yaml;

import org.jspecify.annotations.NullMarked;
