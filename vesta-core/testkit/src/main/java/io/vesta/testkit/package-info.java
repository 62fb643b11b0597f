/**
 * Contracts of the kernel's SPIs as JUnit tests to inherit, and fakes to test against: a clock, a
 * scripted model and real database engines.
 */
@NullMarked
package io.vesta.testkit;

import org.jspecify.annotations.NullMarked;
