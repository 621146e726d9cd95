package org.sipward.kernel;

/** Says whether this is the native program, which can call the C library, or a JVM. */
final class NativeProgram {
    private NativeProgram() {}

    /** On a JVM, a class that names a class of GraalVM must not be loaded: those classes are not shipped. */
    static boolean isThis() {
        return "runtime".equals(System.getProperty("org.graalvm.nativeimage.imagecode"));
    }
}
