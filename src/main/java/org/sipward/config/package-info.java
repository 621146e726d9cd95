/**
 * Turns {@code sipward.yaml} and {@code filters/*.yaml} into one checked, immutable {@link org.sipward.config.Config}, or
 * into the list of everything that is wrong with them.
 *
 * <p>{@link org.sipward.yaml.YamlReader} makes text into a tree of {@link org.sipward.yaml.Node}s that know their
 * lines; {@link org.sipward.config.ConfigReader} and {@link org.sipward.config.FilterReader} make the trees into values,
 * and note each {@link org.sipward.yaml.Problem} on the way instead of stopping at it. Knows what can be configured,
 * and nothing of who uses it. Asks no DNS and opens no log.
 */
@NullMarked
package org.sipward.config;

import org.jspecify.annotations.NullMarked;
