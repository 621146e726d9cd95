package org.sipward.net;

import java.util.SplittableRandom;

/**
 * Hashes text and addresses that attackers choose. Each instance has a random seed: without knowing it, an attacker
 * cannot aim addresses at one bucket, or make several accounts look like one.
 *
 * <p>Immutable and thread-safe.
 */
public final class SeededHash {
    private final long seed = new SplittableRandom().nextLong();

    /** Returns the hash of one number. */
    public long of(long number) {
        return mix(number ^ seed);
    }

    /** Returns the hash of two numbers, in this order. */
    public long of(long first, long second) {
        return mix(of(first) ^ second);
    }

    /** Returns the hash of three numbers, in this order. */
    public long of(long first, long second, long third) {
        return mix(of(first, second) ^ third);
    }

    /** Returns the hash of a text with one char per byte, in time linear in its length. */
    public long of(String text) {
        int length = text.length();
        long hash = of(length);
        long block = 0;
        for (int i = 0; i < length; i++) {
            block = (block << 8) ^ text.charAt(i);
            if ((i & 7) == 7) {
                hash = mix(hash ^ block);
                block = 0;
            }
        }
        return mix(hash ^ block ^ seed);
    }

    /** Scales a hash to a number below the limit. Unlike a remainder, this costs no division. */
    public static int scale(long hash, int limit) {
        return (int) (((hash >>> 32) * limit) >>> 32);
    }

    /** The finalizer of MurmurHash3: every bit of the input changes every bit of the output. */
    private static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
