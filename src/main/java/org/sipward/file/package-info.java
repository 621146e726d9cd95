/**
 * Reads small files that a person wrote, such as a configuration, a list of addresses or a password; says why if it
 * cannot.
 *
 * <p>Uses no other package of Sipward. The package {@code source.file} reads logs, which grow and rotate.
 */
@NullMarked
package org.sipward.file;

import org.jspecify.annotations.NullMarked;
