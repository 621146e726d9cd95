/**
 * Turns {@code sipward.yaml} and {@code filters/*.yaml} into one checked, immutable {@link org.sipward.config.Config},
 * or into a list of all errors in them.
 *
 * <p>{@link org.sipward.yaml.YamlReader} makes text into a tree of {@link org.sipward.yaml.Node}s that know their
 * lines; {@link org.sipward.config.ConfigReader} and {@link org.sipward.config.FilterReader} make the trees into
 * values; they note each {@link org.sipward.yaml.Problem} and go on. This package knows what can be configured, but not
 * who uses it. It does not ask the DNS and opens no log.
 */
@NullMarked
package org.sipward.config;

import org.jspecify.annotations.NullMarked;
