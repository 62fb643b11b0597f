/** Whose login it is: links of subjects to members, and their sessions. */
@NullMarked
package io.vesta.identity.member;

import org.jspecify.annotations.NullMarked;
