/**
 * Keeps bans, history and cursors over a restart: HSQLDB, embedded.
 *
 * <p>This package turns SQL exceptions into {@code IOException}s. No other package sees them.
 */
@NullMarked
package org.sipward.store;

import org.jspecify.annotations.NullMarked;
