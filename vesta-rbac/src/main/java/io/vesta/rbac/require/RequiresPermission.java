package io.vesta.rbac.require;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method runs only if whoever acts now may do an action on the record in the argument that is
 * marked with {@link On}; otherwise it throws {@link io.vesta.core.access.AccessDeniedException}
 * with a public reason.
 *
 * <p>It counts for objects that Guice makes, where {@code RbacModule.Builder#requirePermissions} is
 * installed. A method that Guice cannot guard (private, static or final, of a final class, of an
 * interface, or hidden by an override without the annotation) stops the injector, as does a record
 * of a type for which nothing tells its {@link io.vesta.core.access.Resource}. A call from within
 * the same object is guarded too; an object that the host makes with {@code new} is not.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface RequiresPermission {

  /** The permission, in the form {@code Draft.create}. */
  String value();
}
