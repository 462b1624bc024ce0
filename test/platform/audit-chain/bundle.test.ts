import { beforeAll, describe, expect, it } from 'vitest';
import { hashEntry } from '../../../src/platform/audit-chain/audit-chain.rules.ts';
import { type ChainEntry, verifyBundle, writeBundle } from '../../../src/platform/audit-chain/index.ts';
import {
  EMPTY_CHAIN,
  type ChainHead,
  computeSeals,
} from '../../../src/platform/audit-chain/audit-chain.rules.ts';
import { commitmentOf } from '../../../src/kernel/audit/index.ts';
import { createAttestationReader, createSigner, type Signer } from '../../../src/kernel/crypto/index.ts';
import { randomSecrets } from '../../support/environment.ts';

const ORGANIZATION = 'org_one';
const COUNT = 6;
const EXPORTED_AT = '2026-02-01T00:00:00.000Z';
const clock = { now: () => Date.parse(EXPORTED_AT) };

function newSigner(): Signer {
  const [id = '', material = ''] = randomSecrets().SIGNING_KEYS.split(':');
  return createSigner([{ id, material }], 'http://auralink.test', clock);
}

let signer: Signer;
let entries: ChainEntry[];

async function entry(index: number): Promise<ChainEntry> {
  const personal = { ip: '203.0.113.7', after: { index, nested: { b: 1, a: [2] } } };
  const salts = { ip: `salt-a-${index}`, after: `salt-b-${index}` };
  return {
    id: `aud_${index}`,
    organizationId: ORGANIZATION,
    actorKind: 'user',
    actorId: 'usr_one',
    action: 'thing.changed',
    severity: 'info',
    targetType: 'thing',
    targetId: `thing_${index}`,
    requestId: 'req_one',
    createdAt: new Date(Date.parse('2026-01-01T00:00:00.000Z') + index * 1000).toISOString(),
    userAgent: null,
    before: null,
    ...personal,
    salts,
    commitments: {
      ip: await commitmentOf(salts.ip, personal.ip),
      after: await commitmentOf(salts.after, personal.after),
    },
    erasedAt: null,
    seq: null,
    previousHash: null,
    hash: null,
  };
}

async function sealed(plain: ChainEntry[]): Promise<ChainEntry[]> {
  const seals = await computeSeals(EMPTY_CHAIN, plain);
  return plain.map((each, index) => ({ ...each, ...seals[index]! }));
}

const headOf = (list: readonly ChainEntry[]): ChainHead => {
  const last = list.findLast((each) => each.seq !== null);
  return { seq: last?.seq ?? 0, hash: last?.hash ?? EMPTY_CHAIN.hash };
};

const checkpoint = (head: ChainHead, sealedAt = '2026-01-31T00:00:00.000Z', by = signer) =>
  by.attest(
    { organizationId: ORGANIZATION, count: head.seq, headHash: head.hash, sealedAt },
    'audit-checkpoint+jwt',
  );

/** The file that the product writes for these entries, also for those of a manipulated database. */
async function bundleOf(list: ChainEntry[], checkpoints: string[], by = signer): Promise<string[]> {
  const source = (async function* () {
    yield* list;
  })();
  const header = {
    organizationId: ORGANIZATION,
    range: { from: null, to: null },
    exportedAt: EXPORTED_AT,
    previous: EMPTY_CHAIN,
    jwks: await by.jwks(),
    checkpoints,
  };
  const lines: string[] = [];
  for await (const line of writeBundle(header, source, (claims, type) => by.attest({ ...claims }, type)))
    lines.push(line);
  return lines;
}

async function verify(lines: string[], checkpoints: string[] = []) {
  const reader = createAttestationReader(await signer.jwks());
  const source = (async function* () {
    yield* lines;
  })();
  return verifyBundle(source, { createReader: () => reader.read, checkpoints });
}

const codesOf = async (lines: string[], checkpoints: string[] = []) =>
  (await verify(lines, checkpoints)).problems.map((each) => each.code);

beforeAll(async () => {
  signer = newSigner();
  entries = await sealed(await Promise.all(Array.from({ length: COUNT }, (_, index) => entry(index + 1))));
});

it('an unchanged log is valid, and its unsealed entries are named', async () => {
  const late = { ...(await entry(COUNT + 1)), id: 'aud_late' };
  const report = await verify(await bundleOf([...entries, late], [await checkpoint(headOf(entries))]));
  expect(report).toEqual({
    valid: true,
    organizationId: ORGANIZATION,
    sealed: COUNT,
    unsealed: ['aud_late'],
    problems: [],
  });
});

type Tamper = (list: ChainEntry[], at: number) => ChainEntry[] | Promise<ChainEntry[]>;
const edit =
  (change: (target: ChainEntry) => Partial<ChainEntry>): Tamper =>
  (list, at) =>
    list.map((each, index) => (index === at ? { ...each, ...change(each) } : each));

/** Ways to manipulate an entry, and the problem that is reported although the product then signs the file. */
const TAMPERS: Record<string, [tamper: Tamper, code: string]> = {
  'an edited action': [edit(() => ({ action: 'x' })), 'altered'],
  'an edited actor': [edit(() => ({ actorId: 'usr_two' })), 'altered'],
  'an edited target': [edit(() => ({ targetId: 'other' })), 'altered'],
  'an edited severity': [edit(() => ({ severity: 'critical' })), 'altered'],
  'an edited time': [edit(() => ({ createdAt: '2020-01-01T00:00:00.000Z' })), 'altered'],
  'an edited request id': [edit(() => ({ requestId: 'req_two' })), 'altered'],
  'an edited organization': [edit(() => ({ organizationId: 'org_two' })), 'foreign_entry'],
  'an edited address': [edit(() => ({ ip: '198.51.100.1' })), 'personal_field_changed'],
  'an edited value': [edit(() => ({ after: { index: 0 } })), 'personal_field_changed'],
  'an added value': [edit(() => ({ before: { index: 0 } })), 'personal_field_changed'],
  'a removed value': [edit(() => ({ after: null })), 'personal_field_missing'],
  'another salt': [edit(({ salts }) => ({ salts: { ...salts, ip: 'x' } })), 'personal_field_changed'],
  'another commitment': [edit(() => ({ commitments: {}, ip: null, after: null })), 'altered'],
  'an edit with its own hash recomputed': [
    async (list, at) => {
      const target = { ...list[at]!, action: 'x' };
      const hash = await hashEntry(target, target.seq!, target.previousHash!);
      return list.map((each, index) => (index === at ? { ...target, hash } : each));
    },
    'broken_link or checkpoint_mismatch',
  ],
  'a rewritten rest of the chain': [
    async (list, at) => sealed(list.map((each, index) => (index === at ? { ...each, action: 'x' } : each))),
    'checkpoint_mismatch',
  ],
  'a deletion': [(list, at) => list.toSpliced(at, 1), 'missing_entries or cut_tail'],
  'a deletion with the rest sealed again': [
    (list, at) => sealed(list.toSpliced(at, 1)),
    'checkpoint_mismatch or cut_tail',
  ],
  'an insertion': [
    async (list, at) =>
      list.toSpliced(at, 0, {
        ...(await entry(99)),
        seq: at + 1,
        previousHash: 'x',
        hash: 'y',
      }),
    'altered',
  ],
  'an insertion with the rest sealed again': [
    async (list, at) => sealed(list.toSpliced(at, 0, await entry(99))),
    'checkpoint_mismatch',
  ],
  'a copy': [(list, at) => list.toSpliced(at, 0, list[at]!), 'out_of_order'],
  'a swap with the next': [
    (list, at) => {
      const other = at === COUNT - 1 ? at - 1 : at + 1;
      return list.map((each, index) => (index === at ? list[other]! : index === other ? list[at]! : each));
    },
    'out_of_order',
  ],
  'a swap that changes the numbers too': [
    (list, at) => {
      const other = at === COUNT - 1 ? at - 1 : at + 1;
      const placed = (from: number, to: number) => ({ ...list[from]!, seq: list[to]!.seq });
      return list.map((each, index) =>
        index === at ? placed(other, at) : index === other ? placed(at, other) : each,
      );
    },
    'altered',
  ],
  'a cut tail': [(list, at) => list.slice(0, at), 'cut_tail'],
};

const CASES = Object.entries(TAMPERS).flatMap(([name, [tamper, code]]) =>
  Array.from({ length: COUNT }, (_, at) => [name, at + 1, tamper, code] as const),
);

describe('tampering with the database before the export', () => {
  it.each(CASES)('is detected: %s (entry %i)', async (_name, place, tamper, code) => {
    const lines = await bundleOf(await tamper(entries, place - 1), [await checkpoint(headOf(entries))]);
    const found = await codesOf(lines);
    expect(code.split(' or ').some((each) => found.includes(each as never))).toBe(true);
  });

  it('is detected: a tail that was cut off with all its checkpoints, by a checkpoint kept elsewhere', async () => {
    for (let kept = 1; kept < COUNT; kept++) {
      const rest = entries.slice(0, kept);
      const lines = await bundleOf(rest, [await checkpoint(headOf(rest))]);
      expect(await codesOf(lines)).toEqual([]);
      expect(await codesOf(lines, [await checkpoint(headOf(entries))])).toEqual(['cut_tail']);
    }
  });

  it('is not reported for a checkpoint that was signed after the export and counts more', async () => {
    const lines = await bundleOf(entries.slice(0, 3), [await checkpoint(headOf(entries.slice(0, 3)))]);
    expect(await codesOf(lines, [await checkpoint(headOf(entries), '2026-02-02T00:00:00.000Z')])).toEqual([]);
  });

  it('is detected: an end without a checkpoint', async () => {
    expect(await codesOf(await bundleOf(entries, [await checkpoint(headOf(entries.slice(0, 4)))]))).toEqual([
      'checkpoint_missing',
    ]);
  });
});

describe('tampering with the signed file', () => {
  let lines: string[];
  beforeAll(async () => {
    const late = { ...(await entry(COUNT + 1)), id: 'aud_late' };
    lines = await bundleOf([...entries, late], [await checkpoint(headOf(entries))]);
  });

  it('is detected for every changed byte of every line', async () => {
    for (const [index, line] of lines.entries())
      for (let at = 0; at < line.length; at += 7) {
        const changed = line[at] === '0' ? '1' : '0';
        const broken = lines.with(index, line.slice(0, at) + changed + line.slice(at + 1));
        expect((await verify(broken)).valid, `line ${index + 1}, byte ${at + 1}`).toBe(false);
      }
  });

  it('is detected for every removed, repeated or moved line', async () => {
    for (let index = 0; index < lines.length; index++) {
      expect((await verify(lines.toSpliced(index, 1))).valid).toBe(false);
      expect((await verify(lines.toSpliced(index, 0, lines[index]!))).valid).toBe(false);
      const other = (index + 1) % lines.length;
      expect((await verify(lines.with(index, lines[other]!).with(other, lines[index]!))).valid).toBe(false);
    }
  });

  it('is detected for every end that is cut off', async () => {
    for (let kept = 0; kept < lines.length; kept++)
      expect((await verify(lines.slice(0, kept))).valid).toBe(false);
  });

  it('is detected for a file with a foreign signature', async () => {
    const outsider = newSigner();
    const forged = await bundleOf(
      entries,
      [await checkpoint(headOf(entries), undefined, outsider)],
      outsider,
    );
    expect(await codesOf(forged)).toEqual(
      expect.arrayContaining(['forged_checkpoint', 'forged_signature', 'checkpoint_missing']),
    );
  });
});

it('erasing a person from any entry leaves the chain valid', async () => {
  for (let at = 0; at < COUNT; at++) {
    const erased = entries.map((each, index) =>
      index === at
        ? { ...each, ip: null, after: null, salts: {}, erasedAt: '2026-01-20T00:00:00.000Z' }
        : each,
    );
    expect(await codesOf(await bundleOf(erased, [await checkpoint(headOf(entries))]))).toEqual([]);
  }
});
