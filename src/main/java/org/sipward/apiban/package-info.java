/**
 * APIBAN's protocol: requests, pages, IDs, keys, and the meaning of an answer.
 *
 * <p>{@code Wire} sends and reads, {@code PageAnswer} decides what an answer means. This package does not judge whether
 * a list is believable, and does not ban.
 */
@NullMarked
package org.sipward.apiban;

import org.jspecify.annotations.NullMarked;
