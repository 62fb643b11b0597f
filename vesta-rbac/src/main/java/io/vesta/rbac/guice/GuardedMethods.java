package io.vesta.rbac.guice;

import com.google.inject.Injector;
import com.google.inject.TypeLiteral;
import com.google.inject.matcher.Matcher;
import com.google.inject.spi.ConstructorBinding;
import com.google.inject.spi.InstanceBinding;
import com.google.inject.spi.ProvisionListener;
import com.google.inject.spi.TypeEncounter;
import com.google.inject.spi.TypeListener;
import io.vesta.core.error.VestaException;
import io.vesta.rbac.RbacError;
import io.vesta.rbac.policy.Permission;
import io.vesta.rbac.require.On;
import io.vesta.rbac.require.RequiresPermission;
import jakarta.inject.Inject;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Holds every object that Guice makes or is handed to this: what is annotated is guarded, or the
 * injector does not start, or the object is not given out. Nothing is left unguarded in silence.
 */
final class GuardedMethods implements TypeListener, ProvisionListener {

  /** What Guice guards; a bridge calls the method that it bridges to. */
  static final Matcher<Method> MATCHER = GuardedMethods::isAnnotated;

  private static final String ENHANCED = "$$EnhancerByGuice$$";

  private final Set<Class<?>> resolvable;

  /**
   * @param resolvable the parameter types of which a record is known
   */
  GuardedMethods(Set<Class<?>> resolvable) {
    this.resolvable = Set.copyOf(resolvable);
  }

  @Override
  public <I> void hear(TypeLiteral<I> type, TypeEncounter<I> encounter) {
    faults(type.getRawType()).forEach(encounter::addError);
  }

  /** Objects of a provider did not pass Guice's constructor, so nothing guards them. */
  @Override
  public <T> void onProvision(ProvisionInvocation<T> provision) {
    if (!(provision.getBinding() instanceof ConstructorBinding<?>)) {
      requireGuarded(provision.provision());
    }
  }

  /** Objects that were handed over did not pass it either; runs when the injector is made. */
  @Inject
  void check(Injector injector) {
    injector
        .getAllBindings()
        .values()
        .forEach(
            binding -> {
              if (binding instanceof InstanceBinding<?> instance) {
                requireGuarded(instance.getInstance());
              }
            });
  }

  private static void requireGuarded(@Nullable Object object) {
    if (object != null
        && !object.getClass().getName().contains(ENHANCED)
        && hierarchy(object.getClass()).anyMatch(one -> annotated(one).findAny().isPresent())) {
      throw new VestaException(
          RbacError.METHOD_UNGUARDED,
          object.getClass().getSimpleName()
              + " has methods that require a permission, and Guice did not make it; bind its class,"
              + " not an object or a provider");
    }
  }

  /** Why methods of a class cannot be guarded, a sentence for each; empty if all can be. */
  private List<String> faults(Class<?> type) {
    List<String> faults = new ArrayList<>();
    Set<String> overridden = new HashSet<>();
    for (Class<?> one : hierarchy(type).toList()) {
      annotated(one)
          .forEach(
              method ->
                  fault(type, method, overridden)
                      .ifPresent(
                          why ->
                              faults.add(
                                  one.getSimpleName()
                                      + "."
                                      + method.getName()
                                      + " requires a permission, and "
                                      + why)));
      Arrays.stream(one.getDeclaredMethods())
          .filter(method -> !isAnnotated(method) && !method.isSynthetic())
          .forEach(method -> overridden.add(signature(method)));
    }
    return faults;
  }

  private Optional<String> fault(Class<?> type, Method method, Set<String> overridden) {
    int kind = method.getModifiers();
    List<Integer> marked = marked(method);
    String why = null;
    if (Modifier.isPrivate(kind) || Modifier.isStatic(kind) || Modifier.isFinal(kind)) {
      why = "is private, static or final; Guice can only guard what it can override";
    } else if (Modifier.isFinal(type.getModifiers())) {
      why = "its class is final; Guice can only guard what it can extend";
    } else if (method.getDeclaringClass().isInterface()) {
      why = "is of an interface; annotate the method of the class";
    } else if (overridden.contains(signature(method))) {
      why = type.getSimpleName() + " overrides it without the annotation; repeat it there";
    } else if (marked.size() != 1) {
      why = "has " + marked.size() + " arguments marked with @On; mark one";
    } else if (!resolvable.contains(method.getParameterTypes()[marked.get(0)])) {
      why = "nothing tells the record behind its argument; give the module a resource for its type";
    } else if (!isPermission(method.getAnnotation(RequiresPermission.class))) {
      why = "its permission is not of the form Draft.create";
    }
    return Optional.ofNullable(why);
  }

  /** The place of the argument on which the permission is asked for. */
  static int recordOf(Method method) {
    return marked(method).get(0);
  }

  private static List<Integer> marked(Method method) {
    return IntStream.range(0, method.getParameterCount())
        .filter(place -> method.getParameters()[place].isAnnotationPresent(On.class))
        .boxed()
        .toList();
  }

  private static boolean isPermission(@Nullable RequiresPermission required) {
    try {
      return required != null && !Permission.of(required.value()).type().name().isEmpty();
    } catch (VestaException e) {
      return false;
    }
  }

  private static boolean isAnnotated(Method method) {
    return !method.isSynthetic() && method.isAnnotationPresent(RequiresPermission.class);
  }

  private static Stream<Method> annotated(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods()).filter(GuardedMethods::isAnnotated);
  }

  private static String signature(Method method) {
    return method.getName() + Arrays.toString(method.getParameterTypes());
  }

  /** The class, its superclasses from below, then every interface of theirs. */
  private static Stream<Class<?>> hierarchy(Class<?> type) {
    List<Class<?>> classes = new ArrayList<>();
    for (Class<?> one = type; one != null && one != Object.class; one = one.getSuperclass()) {
      classes.add(one);
    }
    List<Class<?>> all = new ArrayList<>(classes);
    classes.forEach(one -> interfaces(one, all));
    return all.stream().distinct();
  }

  private static void interfaces(Class<?> type, List<Class<?>> into) {
    for (Class<?> one : type.getInterfaces()) {
      into.add(one);
      interfaces(one, into);
    }
  }
}
