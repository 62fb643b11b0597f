package io.vesta.approval.lint;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberToTimeZonesMapper;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The recipient's clock does not allow it: what {@code recipientLocalTime} says, else {@code
 * recipientZone}, else every zone that {@code recipientPhone} may be in. Says nothing if none of
 * them is known, because the gate asks again when the message is due; an unreadable one counts as
 * not allowed.
 *
 * @param from from when on it is allowed
 * @param until from when on it is too late
 * @param sundayFrom the same for Sundays
 * @param sundayUntil the same for Sundays
 */
record QuietTime(LocalTime from, LocalTime until, LocalTime sundayFrom, LocalTime sundayUntil)
    implements Detector {

  @Override
  public List<Span> find(Reading reading) {
    try {
      return clocks(reading).stream().allMatch(this::allows) ? List.of() : List.of(Span.MESSAGE);
    } catch (DateTimeException | NumberParseException e) {
      return List.of(Span.MESSAGE);
    }
  }

  private boolean allows(LocalDateTime at) {
    boolean sunday = at.getDayOfWeek() == DayOfWeek.SUNDAY;
    LocalTime time = at.toLocalTime();
    return !time.isBefore(sunday ? sundayFrom : from)
        && time.isBefore(sunday ? sundayUntil : until);
  }

  private static List<LocalDateTime> clocks(Reading reading) throws NumberParseException {
    Map<String, String> context = reading.input().context();
    String local = context.get("recipientLocalTime");
    if (local != null) {
      return List.of(LocalDateTime.parse(local));
    }
    String zone = context.get("recipientZone");
    if (zone != null) {
      return List.of(LocalDateTime.ofInstant(reading.now(), ZoneId.of(zone)));
    }
    List<LocalDateTime> clocks = new ArrayList<>();
    String phone = context.get("recipientPhone");
    if (phone != null) {
      for (String name :
          PhoneNumberToTimeZonesMapper.getInstance()
              .getTimeZonesForNumber(PhoneNumberUtil.getInstance().parse(phone, "US"))) {
        clocks.add(LocalDateTime.ofInstant(reading.now(), ZoneId.of(name)));
      }
    }
    return clocks;
  }
}
