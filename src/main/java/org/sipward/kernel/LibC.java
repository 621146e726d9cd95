package org.sipward.kernel;

import org.graalvm.nativeimage.c.function.CFunction;
import org.graalvm.nativeimage.c.type.CIntPointer;
import org.graalvm.word.PointerBase;
import org.graalvm.word.SignedWord;
import org.graalvm.word.UnsignedWord;

/** Functions of the C library, as in sections 2 and 3 of the manual. For the native program only. */
final class LibC {
    private LibC() {}

    @CFunction
    static native int socket(int family, int type, int protocol);

    @CFunction
    static native int bind(int socket, PointerBase address, int size);

    @CFunction
    static native int setsockopt(int socket, int level, int option, PointerBase value, int size);

    @CFunction
    static native SignedWord send(int socket, PointerBase data, UnsignedWord size, int flags);

    /** Other threads go on, and may collect garbage, while this one waits. */
    @CFunction
    static native SignedWord recv(int socket, PointerBase data, UnsignedWord size, int flags);

    @CFunction
    static native int close(int socket);

    @CFunction
    static native SignedWord sysconf(int name);

    @CFunction
    static native int madvise(PointerBase start, UnsignedWord size, int advice);

    /**
     * Returns why the call before failed, for a message or a hint. It may be wrong: when a call returns while another
     * thread collects garbage, waiting for that thread makes further calls.
     */
    static int errno() {
        return location().read();
    }

    @CFunction(value = "__errno_location", transition = CFunction.Transition.NO_TRANSITION)
    private static native CIntPointer location();
}
