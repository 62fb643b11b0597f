/** What other account stores are tested with, and providers to test against. */
@NullMarked
package io.vesta.identity.testkit;

import org.jspecify.annotations.NullMarked;
