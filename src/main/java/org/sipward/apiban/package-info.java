/**
 * APIBAN's protocol, once: requests, pages, IDs, keys, and what an answer means.
 *
 * <p>{@code Wire} asks and reads, {@code PageAnswer} decides what the answer means. Nothing here judges whether a list is
 * believable, and nothing bans.
 */
@NullMarked
package org.sipward.apiban;

import org.jspecify.annotations.NullMarked;
