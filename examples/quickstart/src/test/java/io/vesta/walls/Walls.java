package io.vesta.walls;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.google.inject.AbstractModule;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.vesta.approval.outbox.DeliveryChannel;
import io.vesta.core.config.VestaModule;
import io.vesta.core.error.VestaException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** The rules of the house. Each has a deliberate break in {@link WallsTest}. */
final class Walls {

  private static final List<String> FEATURES =
      List.of("rbac", "audit", "approval", "proof", "identity", "llm");

  private static final String[] LIBRARY = {
    "io.vesta.core..",
    "io.vesta.rbac..",
    "io.vesta.audit..",
    "io.vesta.approval..",
    "io.vesta.proof..",
    "io.vesta.identity..",
    "io.vesta.llm.."
  };

  private static final DescribedPredicate<JavaClass> IN_LIBRARY = resideInAnyPackage(LIBRARY);

  /** What a host must be free to choose another version of. */
  private static final Set<String> HIDDEN_LIBRARIES =
      Set.of(
          "com.fasterxml",
          "com.google.common",
          "com.github.benmanes",
          "com.nimbusds",
          "org.hibernate",
          "com.google.inject");

  private static final Pattern PASSWORD =
      Pattern.compile("(?i)passw|passphrase|ResourceOwner|java\\.net\\.Authenticator");

  private Walls() {}

  static final ArchRule A_FEATURE_DEPENDS_ON_THE_KERNEL_ALONE =
      classes()
          .that(
              resideInAnyPackage(
                  "io.vesta.rbac..",
                  "io.vesta.audit..",
                  "io.vesta.approval..",
                  "io.vesta.proof..",
                  "io.vesta.identity..",
                  "io.vesta.llm.."))
          .should(
              new ArchCondition<>("depend on no other artifact of ours but the kernel") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                  String own = artifact(type);
                  for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    String other = artifact(dependency.getTargetClass());
                    if (!other.isEmpty() && !other.equals(own) && !other.equals("core")) {
                      events.add(
                          SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                    }
                  }
                }
              });

  static final ArchRule THE_KERNEL_DEPENDS_ON_NO_FEATURE =
      noClasses()
          .that(resideInAPackage("io.vesta.core.."))
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.vesta..").and(not(resideInAPackage("io.vesta.core.."))));

  static final ArchRule INTERNAL_PACKAGES_BELONG_TO_THEIR_ARTIFACT =
      classes()
          .should(
              new ArchCondition<>("use the internal packages of their own artifact only") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                  for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass();
                    if (target.getPackageName().startsWith("io.vesta.")
                        && (target.getPackageName() + ".").contains(".internal.")
                        && !artifact(target).equals(artifact(type))) {
                      events.add(
                          SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                    }
                  }
                }
              });

  static final ArchRule GUICE_STAYS_IN_ITS_ROOMS =
      noClasses()
          .that(IN_LIBRARY.and(not(resideInAnyPackage("..guice..", "..internal.."))))
          .should()
          .dependOnClassesThat(resideInAPackage("com.google.inject.."));

  static final ArchRule PUBLIC_SIGNATURES_SHOW_NO_HIDDEN_LIBRARY =
      classes()
          .that(IN_LIBRARY.and(not(resideInAPackage("..internal.."))))
          .and()
          .arePublic()
          .should(
              new ArchCondition<>("have public signatures free of " + HIDDEN_LIBRARIES) {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                  boolean wiring = type.getPackageName().contains(".guice");
                  type.getMembers().stream()
                      .filter(Walls::visible)
                      .forEach(
                          member ->
                              typesOf(member)
                                  .filter(shown -> hidden(shown, wiring))
                                  .forEach(
                                      shown ->
                                          events.add(
                                              SimpleConditionEvent.violated(
                                                  member,
                                                  member.getFullName()
                                                      + " shows "
                                                      + shown.getName()))));
                }
              });

  static final ArchRule PACKAGES_OF_A_MODULE_HAVE_NO_CYCLE =
      slices().matching("io.vesta.(*).(*)..").should().beFreeOfCycles();

  static final ArchRule PORTS_AND_SPIS_NEED_ONLY_THE_PLATFORM =
      noClasses()
          .that(
              resideInAnyPackage(
                  "io.vesta.core.id..",
                  "io.vesta.core.error..",
                  "io.vesta.core.access..",
                  "io.vesta.core.audit..",
                  "io.vesta.core.llm..",
                  "io.vesta.core.secret..",
                  "io.vesta.core.plugin.."))
          .should()
          .dependOnClassesThat(
              not(resideInAnyPackage("java..", "javax..", "org.jspecify..", "io.vesta.core..")));

  static final ArchRule THE_VERIFIER_NEEDS_ONLY_THE_PLATFORM =
      noClasses()
          .that(
              resideInAnyPackage(
                  "io.vesta.audit.tree..", "io.vesta.audit.note..", "io.vesta.audit.verify.."))
          .should()
          .dependOnClassesThat(
              not(
                  resideInAnyPackage(
                      "java..",
                      "org.jspecify..",
                      "io.vesta.audit.tree..",
                      "io.vesta.audit.note..",
                      "io.vesta.audit.verify..")));

  static final ArchRule TIME_THREADS_AND_RANDOMNESS_ARE_INJECTED =
      noClasses()
          .that(IN_LIBRARY)
          .should()
          .callCodeUnitWhere(
              new DescribedPredicate<JavaCall<?>>(
                  "the call takes time, a thread or randomness by itself") {
                @Override
                public boolean test(JavaCall<?> call) {
                  String owner = call.getTargetOwner().getName();
                  String name = call.getName();
                  boolean noArguments = call.getTarget().getRawParameterTypes().isEmpty();
                  return switch (owner) {
                    case "java.time.Instant",
                        "java.time.LocalDate",
                        "java.time.LocalDateTime",
                        "java.time.ZonedDateTime",
                        "java.time.OffsetDateTime" ->
                        name.equals("now") && noArguments;
                    case "java.lang.System" ->
                        name.equals("currentTimeMillis") || name.equals("exit");
                    case "java.lang.Thread" -> name.equals("<init>") || name.equals("sleep");
                    case "java.util.concurrent.Executors" -> name.startsWith("new");
                    case "java.util.concurrent.ForkJoinPool" -> name.equals("commonPool");
                    case "java.util.UUID" -> name.equals("randomUUID");
                    case "java.lang.Math" -> name.equals("random");
                    default ->
                        name.equals("parallelStream")
                            || name.equals("parallel") && owner.startsWith("java.util.stream");
                  };
                }
              });

  static final ArchRule NOTHING_PRINTS =
      noClasses()
          .that(IN_LIBRARY.and(not(resideInAPackage("io.vesta.audit.verify.."))))
          .should()
          .accessFieldWhere(
              new DescribedPredicate<>("the field is System.out or System.err") {
                @Override
                public boolean test(com.tngtech.archunit.core.domain.JavaFieldAccess access) {
                  return access.getTargetOwner().getName().equals("java.lang.System");
                }
              });

  static final ArchRule STATIC_FIELDS_ARE_CONSTANTS =
      fields()
          .that()
          .areDeclaredInClassesThat(IN_LIBRARY)
          .and()
          .areStatic()
          .should()
          .beFinal()
          .andShould(
              new ArchCondition<JavaField>("hold no thread-bound state") {
                @Override
                public void check(JavaField field, ConditionEvents events) {
                  if (field.getRawType().isAssignableTo(ThreadLocal.class)) {
                    events.add(
                        SimpleConditionEvent.violated(
                            field, field.getFullName() + " is a ThreadLocal"));
                  }
                }
              });

  static final ArchRule PACKAGES_ARE_NULL_MARKED =
      classes()
          .that(IN_LIBRARY.or(resideInAnyPackage("io.vesta.testkit..", "io.vesta.examples..")))
          .should(
              new ArchCondition<>("lie in a package that is @NullMarked") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                  JavaPackage home = type.getPackage();
                  if (!home.isAnnotatedWith(NullMarked.class)) {
                    events.add(
                        SimpleConditionEvent.violated(
                            type, home.getName() + " is not @NullMarked"));
                  }
                }
              });

  static final ArchRule EXCEPTIONS_HAVE_ONE_ROOT =
      classes()
          .that(IN_LIBRARY)
          .and()
          .areAssignableTo(Throwable.class)
          .should()
          .beAssignableTo(VestaException.class);

  static final ArchRule SERVICE_LOADING_NAMES_ITS_CLASS_LOADER =
      noClasses().should().callMethod(java.util.ServiceLoader.class, "load", Class.class);

  static final ArchRule MODULES_ARE_OURS_AND_FINAL =
      classes()
          .that(IN_LIBRARY)
          .and()
          .areAssignableTo(AbstractModule.class)
          .and()
          .arePublic()
          .should()
          .beAssignableTo(VestaModule.class)
          .andShould()
          .haveModifier(JavaModifier.FINAL)
          .andShould()
          .resideInAPackage("..guice");

  static final ArchRule NOTHING_BUT_THE_GATE_SENDS =
      noClasses()
          .that(not(resideInAPackage("io.vesta.approval.outbox..")))
          .should()
          .callMethodWhere(
              new DescribedPredicate<>("the call is DeliveryChannel.send") {
                @Override
                public boolean test(com.tngtech.archunit.core.domain.JavaMethodCall call) {
                  return call.getName().equals("send")
                      && call.getTargetOwner().isAssignableTo(DeliveryChannel.class);
                }
              });

  /**
   * By name, by type and by grant: whoever logs in does so at a provider. What a password would be
   * called does not occur, nor does what the platform and the OAuth library have for one.
   */
  static final ArchRule IDENTITY_KNOWS_NO_PASSWORD =
      classes()
          .that(resideInAPackage("io.vesta.identity.."))
          .should(
              new ArchCondition<>("have nothing that could take or keep a password") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                  Stream<String> own =
                      Stream.concat(
                          Stream.of(type.getName()),
                          type.getMembers().stream().map(JavaMember::getFullName));
                  Stream<String> used =
                      type.getDirectDependenciesFromSelf().stream()
                          .map(dependency -> dependency.getTargetClass().getName());
                  Stream.concat(own, used)
                      .filter(name -> PASSWORD.matcher(name).find())
                      .forEach(name -> events.add(SimpleConditionEvent.violated(type, name)));
                  type.getMembers().stream()
                      .filter(member -> typesOf(member).anyMatch(Walls::charArray))
                      .forEach(
                          member ->
                              events.add(
                                  SimpleConditionEvent.violated(member, member.getFullName())));
                }
              });

  private static boolean charArray(JavaClass shown) {
    return shown.getName().equals("[C");
  }

  private static String artifact(JavaClass type) {
    String[] parts = type.getPackageName().split("\\.");
    boolean ours =
        parts.length > 2
            && parts[0].equals("io")
            && parts[1].equals("vesta")
            && (FEATURES.contains(parts[2]) || parts[2].equals("core"));
    return ours ? parts[2] : "";
  }

  private static boolean visible(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static Stream<JavaClass> typesOf(JavaMember member) {
    if (member instanceof JavaCodeUnit unit) {
      return Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream())
          .map(JavaType::getAllInvolvedRawTypes)
          .flatMap(Set::stream);
    }
    return ((JavaField) member).getType().getAllInvolvedRawTypes().stream();
  }

  private static boolean hidden(JavaClass shown, boolean wiring) {
    return HIDDEN_LIBRARIES.stream()
        .filter(library -> !(wiring && library.equals("com.google.inject")))
        .anyMatch(library -> shown.getPackageName().startsWith(library));
  }
}
