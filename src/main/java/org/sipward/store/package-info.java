/**
 * Keeps bans, history and cursors over a restart: HSQLDB, embedded.
 *
 * <p>SQL exceptions are turned into {@code IOException}s here and are not known elsewhere.
 */
@NullMarked
package org.sipward.store;

import org.jspecify.annotations.NullMarked;
