/**
 * Small files that a person wrote, such as a configuration, a list of addresses or a password: read whole, or refused with
 * the reason.
 *
 * <p>Uses nothing of ours. Logs, which grow and rotate, are read by {@code source.file}.
 */
@NullMarked
package org.sipward.file;

import org.jspecify.annotations.NullMarked;
