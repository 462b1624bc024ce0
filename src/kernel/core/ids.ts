import { z } from '@hono/zod-openapi';
import { createRandomSource } from './random-source.ts';

/**
 * The kinds of ids and their prefixes. An id is a TypeID (https://github.com/jetify-com/typeid, version 0.3.0): `prefix_` +
 * a UUIDv7 in Crockford's base 32 (26 characters, lower-case), so that ids of a kind sort by creation time. Modules add
 * their prefix here, which keeps prefixes unique.
 */
export const ID_PREFIXES = {
  agent: 'agent',
  agentAssignment: 'aas',
  agentConversation: 'cnv',
  agentMessage: 'agm',
  aiAlert: 'aal',
  aiAnswer: 'aia',
  aiBatch: 'bat',
  aiProviderKey: 'apk',
  apiKey: 'key',
  auditLog: 'aud',
  billingRepair: 'bre',
  breakout: 'brk',
  bucket: 'bkt',
  call: 'call',
  callAgent: 'agt',
  callOutcome: 'cou',
  callQuestion: 'cqn',
  caption: 'cap',
  checkpoint: 'chk',
  compression: 'cmp',
  compressionAlert: 'cal',
  compressionConfig: 'cfg',
  contact: 'con',
  correction: 'cor',
  costInsight: 'cin',
  credential: 'crd',
  emailChange: 'emc',
  entitlementGrant: 'egr',
  feedback: 'fbk',
  file: 'file',
  fileLink: 'flk',
  generation: 'gen',
  glossary: 'gls',
  guest: 'gst',
  ingress: 'ing',
  invitation: 'inv',
  invoice: 'ivc',
  lease: 'lse',
  link: 'lnk',
  lobbyEntry: 'lob',
  mcpConnection: 'mcn',
  mcpToolCall: 'mtc',
  meetingWorkflow: 'mwf',
  member: 'mem',
  memory: 'mmr',
  message: 'msg',
  moderationCheck: 'mdc',
  moderationPolicy: 'mdp',
  moderationReview: 'mdr',
  operation: 'op',
  organization: 'org',
  outbox: 'evt',
  participant: 'prt',
  phoneCall: 'phc',
  phoneNumber: 'phn',
  phoneTrunk: 'pht',
  poll: 'pol',
  preCallTest: 'pct',
  priceVersion: 'prv',
  rating: 'rat',
  recognition: 'rcg',
  recommendation: 'rcm',
  recording: 'rec',
  recordingConsent: 'rcc',
  refreshToken: 'rft',
  report: 'rpt',
  request: 'req',
  ring: 'rng',
  room: 'room',
  sample: 'smp',
  sendSession: 'sse',
  session: 'ses',
  stream: 'str',
  streamTarget: 'stt',
  subscription: 'sub',
  summary: 'sum',
  team: 'team',
  teamRun: 'tmr',
  teamTurn: 'tmt',
  thoughtChain: 'thc',
  transcription: 'trn',
  usageEvent: 'use',
  user: 'usr',
  verification: 'vrf',
  workflowRun: 'mwr',
} as const;

export type IdKind = keyof typeof ID_PREFIXES;

/** A well-formed id for examples in the documentation. */
export const exampleId = (kind: IdKind): string => `${ID_PREFIXES[kind]}_01jd3v7q8gf4kr2x6a0w9mznpe`;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const BODY = '[0-7][0-9a-hjkmnp-tv-z]{25}';

/** Makes ids; passed as an argument so that tests can predict them. */
export interface Ids {
  /** A new id of the kind, ordered after every id made at an earlier millisecond. */
  create(kind: IdKind): string;
  /** `bytes` random bytes from a cryptographic source. */
  random(bytes: number): Uint8Array<ArrayBuffer>;
}

/** RFC 9562 UUID version 7: 48 bits of milliseconds, version, variant, 74 random bits. */
function uuidV7(nowMs: number, random: Uint8Array): Uint8Array {
  const bytes = random.slice(0, 16);
  let ms = nowMs;
  for (let i = 5; i >= 0; i--) {
    bytes[i] = ms % 256;
    ms = Math.floor(ms / 256);
  }
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  return bytes;
}

/** Each pair of characters, by the ten bits that it stands for. */
const PAIRS = Array.from({ length: 1024 }, (_, bits) => `${ALPHABET[bits >> 5]}${ALPHABET[bits & 31]}`);

/** Encodes 128 bits as 26 characters of Crockford's base 32, most significant first; keeps the order of the bytes. */
export function encodeBase32(bytes: Uint8Array): string {
  let out = '';
  let buffer = 0;
  let bits = 2; // 130 bits hold 128: the first character carries two leading zero bits
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    if (bits < 10) continue;
    bits -= 10;
    out += PAIRS[buffer >> bits];
    buffer &= (1 << bits) - 1;
  }
  return bits < 5 ? out : out + ALPHABET[buffer >> (bits - 5)];
}

/** The id that a moment and 16 bytes make: always the same for the same ones. */
export const idOf = (kind: IdKind, ms: number, bytes: Uint8Array): string =>
  `${ID_PREFIXES[kind]}_${encodeBase32(uuidV7(ms, bytes))}`;

/** The lowest id that can be made at a moment; those that were made earlier are below it. */
export const firstIdAt = (kind: IdKind, ms: number): string =>
  idOf(kind, Math.max(0, ms), new Uint8Array(16));

export function createIds(now: () => number): Ids {
  const random = createRandomSource();
  return {
    create: (kind) => idOf(kind, now(), random(16)),
    random,
  };
}

const schemas = new Map<IdKind, z.ZodType<string>>();

/** The schema of an id of one kind; an id of another kind or form does not pass. */
export function idSchema(kind: IdKind): z.ZodType<string> {
  let schema = schemas.get(kind);
  if (!schema) {
    const prefix = ID_PREFIXES[kind];
    schema = z
      .string()
      .regex(new RegExp(`^${prefix}_${BODY}$`), `must be an id of the form ${prefix}_…`)
      .openapi({ example: `${prefix}_01jd3v7q8gf4kr2x6a0w9mznpe` });
    schemas.set(kind, schema);
  }
  return schema;
}
