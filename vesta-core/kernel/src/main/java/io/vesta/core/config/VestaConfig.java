package io.vesta.core.config;

import com.fasterxml.uuid.UUIDClock;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import io.vesta.core.config.internal.RecordBinder;
import io.vesta.core.error.CoreError;
import io.vesta.core.error.VestaException;
import io.vesta.core.plugin.PluginContext;
import io.vesta.core.plugin.PluginRegistry;
import io.vesta.core.plugin.VestaPlugin;
import io.vesta.core.secret.Secret;
import io.vesta.core.secret.SecretSource;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.Dialect;
import io.vesta.core.storage.UnitOfWork;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * All that a host hands over: database, clock, executor, randomness, secrets, plug-ins and
 * properties. Vesta starts no thread of its own and closes none of these. Immutable and
 * thread-safe, as far as what was handed over is.
 */
public final class VestaConfig {

  private static final String PREFIX = "vesta.";

  private final Database database;
  private final Clock clock;
  private final Executor executor;
  private final Random random;
  private final SecretSource secrets;
  private final PluginRegistry plugins;
  private final Map<String, String> properties;
  private final TimeBasedEpochGenerator ids;
  private final Set<String> claimed = ConcurrentHashMap.newKeySet();

  private VestaConfig(Builder b) {
    database = b.database;
    clock = b.clock;
    executor = b.executor;
    random = b.random;
    secrets = b.secrets;
    plugins = new PluginRegistry(b.plugins);
    properties = Map.copyOf(b.properties);
    ids = new TimeBasedEpochGenerator(random, new Millis(clock));
    plugins.descriptors().forEach(plugin -> claimed.add(pluginPrefix(plugin.id())));
  }

  /**
   * Starts a configuration: system UTC clock, work on the calling thread, secure randomness, no
   * secrets, no plug-ins, no properties.
   *
   * @param database where Vesta's tables are
   */
  public static Builder builder(Database database) {
    return new Builder(database);
  }

  /** Where Vesta's tables are; never null. */
  public Database database() {
    return database;
  }

  /** The only clock of this machine that Vesta looks at; never null. */
  public Clock clock() {
    return clock;
  }

  /** Where Vesta runs what need not be done at once; never null. */
  public Executor executor() {
    return executor;
  }

  /** The only source of randomness; never null. */
  public Random random() {
    return random;
  }

  /** Where secrets come from; never null. */
  public SecretSource secrets() {
    return secrets;
  }

  /** The installed plug-ins; never null. */
  public PluginRegistry plugins() {
    return plugins;
  }

  /**
   * The time on which all nodes agree, to the millisecond: that of the database server, so that a
   * node whose clock is wrong ends nobody's lease. If the host handed over a clock, or the database
   * is a file on this machine, it is {@link #clock}'s.
   *
   * @param work the open unit of work
   */
  public Instant now(UnitOfWork work) {
    Instant now = clock.instant();
    if (work.dialect() == Dialect.POSTGRESQL && clock.equals(Clock.systemUTC())) {
      now =
          work.handle()
              .createQuery("select clock_timestamp()")
              .mapTo(OffsetDateTime.class)
              .one()
              .toInstant();
    }
    return now.truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * A new id: UUID version 7 (RFC 9562), ascending within this configuration even when the clock
   * goes back.
   */
  public UUID newId() {
    return ids.generate();
  }

  /**
   * A secret that must be there.
   *
   * @param name its name
   * @throws VestaException if the source has none of that name
   */
  public Secret secret(String name) {
    return secrets
        .find(name)
        .orElseThrow(
            () ->
                new VestaException(
                    CoreError.CONFIG_INVALID,
                    "the secret " + name + " is missing; add it to the secret source"));
  }

  /**
   * Binds the properties under a prefix to a record: component {@code maxItems} from {@code
   * <prefix>.maxItems}, nested records from deeper keys. Supported are text, numbers, booleans,
   * enums, {@link java.time.Duration} (ISO-8601), {@link java.nio.file.Path}, {@link java.net.URI},
   * {@link Secret}, and lists and nested records of these. The record gives its own defaults for
   * null in its compact constructor and its constraints as Jakarta Validation annotations.
   *
   * @param prefix such as {@code vesta.audit}
   * @param type the record
   * @throws ConfigurationException with every fault at once: unknown keys, values of the wrong
   *     form, broken constraints
   */
  public <T extends Record> T bind(String prefix, Class<T> type) {
    claimed.add(prefix + ".");
    return RecordBinder.bind(properties, prefix, type);
  }

  /**
   * Makes an implementation of an SPI from an installed plug-in, configured by the properties under
   * {@code vesta.plugin.<id>.}
   *
   * @param spi the SPI
   * @param name the implementation's name
   * @throws VestaException if no plug-in offers it
   */
  public <T> T fromPlugin(Class<T> spi, String name) {
    return plugins.create(
        spi, name, id -> new PluginContext(under(pluginPrefix(id)), clock, executor, this::secret));
  }

  private static String pluginPrefix(String id) {
    return PREFIX + "plugin." + id + ".";
  }

  private Map<String, String> under(String prefix) {
    Map<String, String> found = new HashMap<>();
    properties.forEach(
        (key, value) -> {
          if (key.startsWith(prefix)) {
            found.put(key.substring(prefix.length()), value);
          }
        });
    return found;
  }

  /**
   * The keys that begin with {@code vesta.} and belong to nothing: no record was bound from their
   * prefix, and no plug-in of their id is installed. They are probably misspelt.
   */
  public List<String> unclaimed() {
    return properties.keySet().stream()
        .filter(key -> key.startsWith(PREFIX))
        .filter(key -> claimed.stream().noneMatch(key::startsWith))
        .sorted()
        .toList();
  }

  /** Names only: values may be secrets. */
  @Override
  public String toString() {
    return "VestaConfig" + new TreeMap<>(properties).keySet();
  }

  /** Collects a configuration; not thread-safe. */
  public static final class Builder {

    private final Database database;
    private Clock clock = Clock.systemUTC();
    private Executor executor = Runnable::run;
    private Random random = new SecureRandom();
    private SecretSource secrets = name -> Optional.empty();
    private final List<VestaPlugin> plugins = new ArrayList<>();
    private final Map<String, String> properties = new HashMap<>();

    private Builder(Database database) {
      this.database = Objects.requireNonNull(database, "database");
    }

    /** The only clock that Vesta looks at. */
    public Builder clock(Clock value) {
      clock = Objects.requireNonNull(value, "clock");
      return this;
    }

    /** Where Vesta runs what need not be done at once; Vesta never shuts it down. */
    public Builder executor(Executor value) {
      executor = Objects.requireNonNull(value, "executor");
      return this;
    }

    /** The only source of randomness; must be a {@link SecureRandom} outside tests. */
    public Builder random(Random value) {
      random = Objects.requireNonNull(value, "random");
      return this;
    }

    /** Where secrets come from. */
    public Builder secrets(SecretSource value) {
      secrets = Objects.requireNonNull(value, "secrets");
      return this;
    }

    /** Installs a plug-in. */
    public Builder plugin(VestaPlugin value) {
      plugins.add(Objects.requireNonNull(value, "plugin"));
      return this;
    }

    /** Installs every plug-in that {@link java.util.ServiceLoader} finds in a class loader. */
    public Builder discoverPlugins(ClassLoader loader) {
      plugins.addAll(PluginRegistry.discover(loader));
      return this;
    }

    /** One property. */
    public Builder property(String key, String value) {
      properties.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, key));
      return this;
    }

    /** Many properties. */
    public Builder properties(Map<String, String> values) {
      values.forEach(this::property);
      return this;
    }

    /**
     * The configuration.
     *
     * @throws VestaException if a plug-in is refused
     */
    public VestaConfig build() {
      return new VestaConfig(this);
    }
  }

  /** Lends the host's clock to the id generator. */
  private static final class Millis extends UUIDClock {

    private final Clock clock;

    Millis(Clock clock) {
      this.clock = clock;
    }

    @Override
    public long currentTimeMillis() {
      return clock.millis();
    }
  }
}
