import { Temporal } from 'temporal-polyfill';
import type { Read } from './money.ts';

const pattern =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/i;

/**
 * A date or a time as ISO text in UTC, to the millisecond; null for MySQL's way to say that there is none, 0000-00-00.
 * @param zone where clocks showed it, such as Europe/Tallinn; not asked when the text names its offset. @param twice is called when they showed it
 * twice, as summer time ended; the earlier is taken.
 */
export function utcTime(
  text: string,
  zone: string,
  twice: () => void = () => undefined,
): Read<string | null> {
  if (/^0000-00-00([T ]00:00:00(\.0+)?)?([+-]00)?$/.test(text.trim())) return { value: null };
  const [, date, time = '00:00', offset] = pattern.exec(text.trim()) ?? [];
  if (date === undefined) return { reason: `"${text}" is no date like 2024-12-31 or 2024-12-31 23:59:00` };
  try {
    const clock = Temporal.PlainDateTime.from(`${date}T${time}`, { overflow: 'reject' });
    const at = clock.toZonedDateTime(offset ? offsetZone(offset) : zone);
    if (!at.toPlainDateTime().equals(clock))
      return { reason: `${text} was on no clock in ${zone}: it was put forward` };
    if (!offset && isTwice(at)) twice();
    const iso = at.toInstant().toString({ fractionalSecondDigits: 3 });
    // Postgres knows no year 0.
    return /^(?!0000)\d/.test(iso) ? { value: iso } : { reason: `${text} is not in the calendar` };
  } catch {
    return { reason: `${text} is not in the calendar` };
  }
}

/** Whether clocks show the time again an hour or so later. */
function isTwice(at: Temporal.ZonedDateTime): boolean {
  if (at.timeZoneId === 'UTC') return false;
  return !at.toPlainDateTime().toZonedDateTime(at.timeZoneId, { disambiguation: 'later' }).equals(at);
}

/** `+02` as Temporal wants it. */
function offsetZone(offset: string): string {
  if (/^(z|utc)$/i.test(offset)) return 'UTC';
  const [, sign, hours, minutes = '00'] = /^([+-])(\d\d):?(\d\d)?$/.exec(offset)!;
  return `${sign}${hours}:${minutes}`;
}

/** Whether there is such a time zone. */
export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
