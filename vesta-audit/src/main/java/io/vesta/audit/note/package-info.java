/** C2SP signed notes, verifier keys and checkpoints; needs the JDK alone. */
@NullMarked
package io.vesta.audit.note;

import org.jspecify.annotations.NullMarked;
