/** The Merkle tree of RFC 6962, its proofs and its tiles; needs the JDK alone. */
@NullMarked
package io.vesta.audit.tree;

import org.jspecify.annotations.NullMarked;
