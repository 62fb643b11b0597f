package io.vesta.rbac.guice;

import com.google.inject.Provider;
import io.vesta.core.access.AccessDeniedException;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.Resource;
import io.vesta.rbac.policy.Permission;
import io.vesta.rbac.require.RequiresPermission;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * Asks before a method with {@link RequiresPermission} runs. What it cannot tell is a refusal: no
 * actor, no argument, no record behind the argument, a record of another type.
 */
final class PermissionInterceptor implements MethodInterceptor {

  private final Provider<Authorizer> authorizer;
  private final Supplier<? extends @Nullable Actor> acting;
  private final Map<Class<?>, Function<Object, ? extends @Nullable Resource>> resources;

  PermissionInterceptor(
      Provider<Authorizer> authorizer,
      Supplier<? extends @Nullable Actor> acting,
      Map<Class<?>, Function<Object, ? extends @Nullable Resource>> resources) {
    this.authorizer = authorizer;
    this.acting = acting;
    this.resources = Map.copyOf(resources);
  }

  @Override
  public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
    Method method = invocation.getMethod();
    RequiresPermission required =
        Objects.requireNonNull(method.getAnnotation(RequiresPermission.class), "matched by it");
    Permission permission = Permission.of(required.value());
    Actor actor = acting.get();
    if (actor == null) {
      throw new AccessDeniedException("NO_ACTOR", "nobody is known to act");
    }
    int place = GuardedMethods.recordOf(method);
    Object argument = invocation.getArguments()[place];
    Function<Object, ? extends @Nullable Resource> told =
        resources.get(method.getParameterTypes()[place]);
    Resource resource = argument == null || told == null ? null : told.apply(argument);
    if (resource == null) {
      throw new AccessDeniedException("NO_RESOURCE", "there is no record to decide on");
    }
    if (!resource.type().equals(permission.type())) {
      throw new AccessDeniedException("OTHER_TYPE", "the record is not of the permission's type");
    }
    authorizer.get().decide(actor, permission.action(), resource).orThrow();
    return invocation.proceed();
  }
}
