/** A delivery channel that writes RFC 5322 messages into a folder. */
@NullMarked
package io.vesta.examples.quickstart.mail;

import org.jspecify.annotations.NullMarked;
