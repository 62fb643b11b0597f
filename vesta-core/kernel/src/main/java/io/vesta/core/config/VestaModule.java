package io.vesta.core.config;

/**
 * A part of Vesta that can be wired in. Each artifact has exactly one ({@code RbacModule}, {@code
 * AuditModule}, ...), which is a Guice module too: a Guice host installs it, every other host gives
 * it to {@code Vesta.create}.
 */
public interface VestaModule {}
