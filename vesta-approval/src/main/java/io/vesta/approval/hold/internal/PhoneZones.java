package io.vesta.approval.hold.internal;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberToTimeZonesMapper;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import io.vesta.approval.envelope.Address;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.hold.RecipientZones;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.storage.UnitOfWork;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.Set;

/**
 * The zones that a telephone number's prefix stands for. People move and keep their number, so it
 * is an assumption, and a host that knows better says so.
 */
public final class PhoneZones implements RecipientZones {

  private final PhoneNumberUtil numbers = PhoneNumberUtil.getInstance();
  private final PhoneNumberToTimeZonesMapper mapper = PhoneNumberToTimeZonesMapper.getInstance();

  /** Reads the mapper's tables from its own resources. */
  public PhoneZones() {}

  @Override
  public Set<ZoneId> of(UnitOfWork work, BrokerageId brokerage, Channel channel, Address address) {
    return channel.equals(Channel.SMS) ? of(address.value()) : Set.of();
  }

  /** The zones of a number in E.164; empty if unknown. */
  Set<ZoneId> of(String number) {
    Set<ZoneId> zones = new HashSet<>();
    try {
      for (String name : mapper.getTimeZonesForNumber(numbers.parse(number, null))) {
        if (name.equals(PhoneNumberToTimeZonesMapper.getUnknownTimeZone())) {
          return Set.of();
        }
        zones.add(ZoneId.of(name));
      }
    } catch (NumberParseException | DateTimeException e) {
      return Set.of();
    }
    return zones;
  }
}
