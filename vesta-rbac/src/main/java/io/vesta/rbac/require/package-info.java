/** Methods that ask for a permission before they run. */
@NullMarked
package io.vesta.rbac.require;

import org.jspecify.annotations.NullMarked;
