/**
 * Turns {@code sipward.yaml} and {@code filters/*.yaml} into one checked, immutable {@link org.sipward.config.Config}, or into the list of everything that is wrong with them.
 *
 * <p>Knows what can be configured, and nothing of who uses it.
 */
@NullMarked
package org.sipward.config;

import org.jspecify.annotations.NullMarked;
