import { describe, expect, it } from 'vitest';
import { momentSchema, momentSince1970Schema, timeZoneSchema } from '../../../src/kernel/core/index.ts';

describe('a moment', () => {
  it.each([
    ['2026-12-01T09:00:00Z', '2026-12-01T09:00:00.000Z'],
    ['2026-12-01T09:00:00+00:00', '2026-12-01T09:00:00.000Z'],
    ['2026-12-01T09:00:00.123456+00:00', '2026-12-01T09:00:00.123Z'],
    ['2026-12-01T09:00:00+05:30', '2026-12-01T03:30:00.000Z'],
    ['2026-12-01T23:30:00-08:00', '2026-12-02T07:30:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s is %s', (text, utc) => {
    expect(momentSchema.parse(text)).toBe(utc);
  });

  it.each([
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '+010000-01-01T00:00:00Z',
    '-000001-01-01T00:00:00Z',
  ])('%s lies outside of what the database holds and is refused', (text) => {
    expect(momentSchema.safeParse(text).success).toBe(false);
  });

  it.each([
    '2026-12-01T09:00:00',
    '2026-12-01',
    '2026-02-30T00:00:00Z',
    '2026-12-01T25:00:00Z',
    '2026-12-01T09:00:00+25:00',
    'tomorrow',
    '',
  ])('%j is refused with an example of the form', (text) => {
    const { error } = momentSchema.safeParse(text);
    expect(error?.issues.map(({ message }) => message)).toEqual([
      'must be a date and time with Z or an offset, such as 2026-01-05T09:30:00Z',
    ]);
  });

  it('of which intervals are counted is not before 1970, in UTC', () => {
    expect(momentSince1970Schema.safeParse('1969-12-31T23:30:00-01:00').success).toBe(true);
    expect(momentSince1970Schema.safeParse('1970-01-01T00:30:00+01:00').success).toBe(false);
  });
});

describe('a time zone', () => {
  it.each(['Europe/Madrid', 'UTC', 'Asia/Kolkata', 'Etc/GMT+5', 'EST5EDT'])('%s is an IANA name', (name) => {
    expect(timeZoneSchema.parse(name)).toBe(name);
  });

  it.each(['Europe/Atlantis', '', '../../etc', 'Europe/Madrid\u0000', '+05:30', '-08:00', '+0530', '+05'])(
    '%j is refused',
    (name) => {
      expect(timeZoneSchema.safeParse(name).success).toBe(false);
    },
  );
});
