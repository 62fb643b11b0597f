/** The command line for operators and build servers. */
@NullMarked
package io.vesta.examples.cli;

import org.jspecify.annotations.NullMarked;
