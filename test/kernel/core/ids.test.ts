import { describe, expect, it } from 'vitest';
import {
  createIds,
  encodeBase32,
  firstIdAt,
  ID_PREFIXES,
  type IdKind,
  idOf,
  idSchema,
} from '../../../src/kernel/core/index.ts';

/** The vectors of TypeID 0.3.0 for a UUID and its suffix. */
const VALID: [name: string, uuid: string, suffix: string][] = [
  ['nil', '00000000-0000-0000-0000-000000000000', '00000000000000000000000000'],
  ['one', '00000000-0000-0000-0000-000000000001', '00000000000000000000000001'],
  ['ten', '00000000-0000-0000-0000-00000000000a', '0000000000000000000000000a'],
  ['sixteen', '00000000-0000-0000-0000-000000000010', '0000000000000000000000000g'],
  ['thirty-two', '00000000-0000-0000-0000-000000000020', '00000000000000000000000010'],
  ['the largest', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '7zzzzzzzzzzzzzzzzzzzzzzzzz'],
  ['the alphabet', '0110c853-1d09-52d8-d73e-1194e95b5f19', '0123456789abcdefghjkmnpqrs'],
  ['a UUIDv7', '01890a5d-ac96-774b-bcce-b302099a8057', '01h455vb4pex5vsknk084sn02q'],
];

/** The vectors of TypeID 0.3.0 for suffixes that are none. */
const INVALID: [name: string, suffix: string][] = [
  ['25 characters', '1234567890123456789012345'],
  ['27 characters', '123456789012345678901234567'],
  ['a space', '1234567890123456789012345 '],
  ['upper case', '0123456789ABCDEFGHJKMNPQRS'],
  ['hyphens', '123456789-123456789-123456'],
  ['letters outside of the alphabet', 'ooooooiiiiiiuuuuuuulllllll'],
  ["Crockford's ambiguous letters", 'i23456789ol23456789oi23456'],
  ["Crockford's hyphens", '123456789-0123456789-0123456'],
  ['more than 128 bits', '8zzzzzzzzzzzzzzzzzzzzzzzzz'],
];

const KINDS = Object.keys(ID_PREFIXES) as IdKind[];

describe('an id is a TypeID', () => {
  it.each(VALID)('with the suffix of the specification: %s', (_name, uuid, suffix) => {
    expect(encodeBase32(Buffer.from(uuid.replaceAll('-', ''), 'hex'))).toBe(suffix);
    expect(idSchema('room').parse(`room_${suffix}`)).toBe(`room_${suffix}`);
  });

  it.each(INVALID)('and no text with another suffix: %s', (_name, suffix) => {
    expect(idSchema('room').safeParse(`room_${suffix}`).success).toBe(false);
  });

  it.each(['', '_', 'ROOM_', ' room_', 'room__', '_room_', 'röom_', 'org_'])(
    'and no text with another prefix: "%s"',
    (prefix) => {
      expect(idSchema('room').safeParse(`${prefix}01h455vb4pex5vsknk084sn02q`).success).toBe(false);
    },
  );

  it('with a prefix of at most 63 lower-case letters and inner underscores, one for each kind', () => {
    const prefixes = Object.values(ID_PREFIXES);
    for (const prefix of prefixes) expect(prefix).toMatch(/^[a-z]([a-z_]{0,61}[a-z])?$/);
    expect(new Set(prefixes).size).toBe(prefixes.length);
  });

  it('with a new UUIDv7 of the moment it is made', () => {
    let nowMs = 1_700_000_000_000;
    const ids = createIds(() => nowMs);
    const made = KINDS.map((kind) => {
      nowMs += 1;
      return ids.create(kind);
    });
    for (const [index, kind] of KINDS.entries()) expect(idSchema(kind).parse(made[index])).toBe(made[index]);
    const suffixes = made.map((id) => id.slice(id.lastIndexOf('_') + 1));
    expect(suffixes).toEqual(suffixes.toSorted());
    for (const [index, kind] of KINDS.entries()) {
      expect(firstIdAt(kind, 1_700_000_000_001 + index) <= made[index]!).toBe(true);
      expect(made[index]! < firstIdAt(kind, 1_700_000_000_002 + index)).toBe(true);
    }
  });

  it('with the version and variant of RFC 9562, whatever the random bits are', () => {
    for (const [fill, hex] of [
      [0x00, '01890a5dac9670008000000000000000'],
      [0xff, '01890a5dac967fffbfffffffffffffff'],
    ] as const) {
      const id = idOf('room', 0x0189_0a5d_ac96, new Uint8Array(16).fill(fill));
      expect(id).toBe(`room_${encodeBase32(Buffer.from(hex, 'hex'))}`);
    }
  });
});
