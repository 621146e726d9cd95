/**
 * The knowledge of the running agent, as values: its state, its logs and jails, and the addresses that it has counted
 * or banned.
 *
 * <p>Everything that shows this to somebody reads the same records: answers to commands, metrics, a page. They hold
 * times, numbers and states, and words only where an operator reads them. All are immutable.
 */
@NullMarked
package org.sipward.status;

import org.jspecify.annotations.NullMarked;
