package io.vesta.core.config.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.dataformat.javaprop.JavaPropsMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.vesta.core.config.ConfigurationException;
import io.vesta.core.secret.Secret;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.ValidatorFactory;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import org.jspecify.annotations.Nullable;

/** Binds properties to records and collects every fault before it gives up. */
public final class RecordBinder {

  private RecordBinder() {}

  /** See {@link io.vesta.core.config.VestaConfig#bind}. */
  public static <T extends Record> T bind(
      Map<String, String> properties, String prefix, Class<T> type) {
    Map<String, String> own = new HashMap<>();
    properties.forEach(
        (key, value) -> {
          if (key.startsWith(prefix + ".")) {
            own.put(key.substring(prefix.length() + 1), value);
          }
        });
    Faults faults = new Faults(prefix);
    T bound = read(own, type, faults);
    if (bound != null) {
      validate(bound, faults);
    }
    if (bound == null || !faults.found.isEmpty()) {
      throw new ConfigurationException(List.copyOf(faults.found));
    }
    return bound;
  }

  private static <T> @Nullable T read(Map<String, String> own, Class<T> type, Faults faults) {
    JavaPropsMapper mapper =
        JavaPropsMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(new SimpleModule().addDeserializer(Secret.class, new SecretDeserializer()))
            .addHandler(faults)
            .build();
    try {
      return mapper.readMapAs(own, type);
    } catch (JsonMappingException e) {
      // Jackson's message quotes the value: only the path is told.
      String path =
          e.getPath().stream()
              .map(JsonMappingException.Reference::getFieldName)
              .collect(Collectors.joining("."));
      faults.add(path, "has a value of the wrong form");
    } catch (IOException e) {
      faults.add("", "cannot be read");
    }
    return null;
  }

  private static void validate(Object bound, Faults faults) {
    try (ValidatorFactory factory =
        Validation.byDefaultProvider()
            .configure()
            // Without expression language: one jar and one injection surface fewer.
            .messageInterpolator(new ParameterMessageInterpolator())
            .buildValidatorFactory()) {
      for (ConstraintViolation<Object> violation : factory.getValidator().validate(bound)) {
        faults.add(violation.getPropertyPath().toString(), violation.getMessage());
      }
    }
  }

  /** Notes faults instead of stopping at the first. */
  private static final class Faults extends DeserializationProblemHandler {

    private final String prefix;
    private final TreeSet<String> found = new TreeSet<>();

    Faults(String prefix) {
      this.prefix = prefix;
    }

    void add(String path, String what) {
      found.add((path.isEmpty() ? prefix : prefix + "." + path) + " " + what);
    }

    private static String path(JsonStreamContext context) {
      return context.pathAsPointer().toString().replaceFirst("/", "").replace('/', '.');
    }

    private void add(DeserializationContext context, String what) {
      add(path(context.getParser().getParsingContext()), what);
    }

    @Override
    public boolean handleUnknownProperty(
        DeserializationContext context,
        JsonParser parser,
        JsonDeserializer<?> deserializer,
        Object beanOrClass,
        String name)
        throws IOException {
      // The parser may have moved on to a sibling: only the object around is sure.
      JsonStreamContext around = parser.getParsingContext().getParent();
      String parent = around == null ? "" : path(around);
      add(parent.isEmpty() ? name : parent + "." + name, "is not a known key");
      parser.skipChildren();
      return true;
    }

    @Override
    public @Nullable Object handleWeirdStringValue(
        DeserializationContext context, Class<?> target, String value, String message) {
      add(context, "has a value that is no " + target.getSimpleName());
      return absent(target);
    }

    @Override
    public @Nullable Object handleUnexpectedToken(
        DeserializationContext context,
        JavaType target,
        JsonToken token,
        JsonParser parser,
        String message)
        throws IOException {
      add(context, "has deeper keys where one value is expected, or the other way round");
      parser.skipChildren();
      return absent(target.getRawClass());
    }

    private static @Nullable Object absent(Class<?> target) {
      return target.isPrimitive()
          ? java.lang.reflect.Array.get(java.lang.reflect.Array.newInstance(target, 1), 0)
          : null;
    }
  }

  /** Takes a secret's text without letting Jackson quote it. */
  private static final class SecretDeserializer extends StdScalarDeserializer<Secret> {

    private static final long serialVersionUID = 1L;

    SecretDeserializer() {
      super(Secret.class);
    }

    @Override
    public @Nullable Secret deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (!parser.hasToken(JsonToken.VALUE_STRING)) {
        return (Secret) context.handleUnexpectedToken(Secret.class, parser);
      }
      String text = parser.getText();
      return text.isEmpty() ? null : Secret.of(text);
    }
  }
}
