/** The steps that login and consent share; not for hosts. */
@NullMarked
package io.vesta.identity.login.internal;

import org.jspecify.annotations.NullMarked;
