import { describe, expect, it } from 'vitest';
import { type LocalFrame, type Person, step } from '../../../src/meetings/live-state/index.ts';
import type { RoomRole } from '../../../src/meetings/realtime/index.ts';

const ON = { chat: true, files: true, captions: true, screenShare: true, recording: true };
const MESSAGE = 'msg_01jd3v7q8gf4kr2x6a0w9mznpe';
const NOW_MS = Date.parse('2026-01-05T09:30:00.000Z');
const ID = 'frame-1-abcdef';

const person = (role: RoomRole, rest: Partial<Person> = {}): Person => ({
  identity: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
  name: 'Ada',
  role,
  kind: 'user',
  participantId: null,
  callId: null,
  userId: null,
  linkId: null,
  features: ON,
  issuedAtMs: 0,
  sinceMs: 0,
  status: 'active',
  handRaisedAt: null,
  joinedAt: '2026-01-05T09:00:00.000Z',
  seenAtMs: 0,
  readSeq: 3,
  ...rest,
});

function run(frame: LocalFrame, who: Person, features: object = {}) {
  const facts = {
    name: null,
    features,
    locked: false,
    spotlight: null,
    call: null,
    endedAtMs: null,
  };
  const people = new Map([[who.identity, who]]);
  const state = { facts, people, polls: new Map(), breakouts: new Map(), lobby: new Map() };
  const message = { identity: who.identity, threadId: null, deleted: false };
  const known = { message, captionVersion: 0, captionFinal: false, newMessageId: MESSAGE };
  return step(frame, who, { state, known, headSeq: 10, nowMs: NOW_MS });
}

const codeOf = (act: () => unknown): string => {
  try {
    act();
    return 'accepted';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

const caption = {
  type: 'caption',
  segmentId: 's',
  version: 1,
  speaker: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
  language: 'en',
  text: 'x',
  final: false,
} as const;

const FRAMES: Record<string, LocalFrame> = {
  typing: { type: 'typing', on: true },
  reaction: { type: 'reaction', emoji: '👍' },
  'media.hint': { type: 'media.hint', hint: { camera: true } },
  'presence.update': { type: 'presence.update', id: ID, status: 'away' },
  'hand.raise': { type: 'hand.raise', id: ID },
  'chat.send': { type: 'chat.send', id: ID, text: 'hi', replyTo: null },
  'chat.edit': { type: 'chat.edit', id: ID, messageId: MESSAGE, text: 'hi' },
  'chat.delete': { type: 'chat.delete', id: ID, messageId: MESSAGE },
  'chat.react': { type: 'chat.react', id: ID, messageId: MESSAGE, emoji: '👍', on: true },
  'chat.read': { type: 'chat.read', seq: 5 },
  caption,
};

const MAY: Record<RoomRole, string[]> = (() => {
  const listens = Object.keys(FRAMES).filter((type) => type !== 'caption' && type !== 'media.hint');
  const takesPart = [...listens, 'media.hint'];
  return {
    host: takesPart,
    moderator: takesPart,
    participant: takesPart,
    viewer: listens,
    agent: [...takesPart, 'caption'],
    observer: [],
  };
})();

describe('a role', () => {
  it.each(Object.entries(MAY))('%s may do this and nothing else: %j', (role, may) => {
    const accepted = Object.entries(FRAMES)
      .filter(([, frame]) => codeOf(() => run(frame, person(role as RoomRole))) === 'accepted')
      .map(([type]) => type);
    expect(accepted.toSorted()).toEqual(may.toSorted());
  });
});

describe('a feature that is off', () => {
  it.each(['typing', 'chat.send', 'chat.edit', 'chat.delete', 'chat.react', 'chat.read'])(
    'chat: %s is refused, for the room as for the person',
    (type) => {
      const frame = FRAMES[type]!;
      expect(codeOf(() => run(frame, person('host'), { chat: false }))).toBe('realtime.not_allowed');
      const who = person('host', { features: { ...ON, chat: false } });
      expect(codeOf(() => run(frame, who, { chat: true }))).toBe('realtime.not_allowed');
    },
  );

  it('captions and shared screens', () => {
    expect(codeOf(() => run(caption, person('agent'), { captions: false }))).toBe('realtime.not_allowed');
    const screen: LocalFrame = { type: 'media.hint', hint: { screenShare: true } };
    expect(codeOf(() => run(screen, person('host'), { screenShare: false }))).toBe('realtime.not_allowed');
    expect(codeOf(() => run(screen, person('host')))).toBe('accepted');
  });
});

describe('a step', () => {
  it('decides without changing what it was given', () => {
    const who = Object.freeze(person('host'));
    for (const frame of Object.values(FRAMES)) if (frame.type !== 'caption') run(frame, who);
    expect(who).toEqual(person('host'));
  });

  it('gives the same answer to the same question', () => {
    const raise = () => run(FRAMES['hand.raise']!, person('host'));
    expect(raise()).toEqual(raise());
    expect(raise()).toMatchObject({
      changes: [{ thing: 'person', value: { handRaisedAt: '2026-01-05T09:30:00.000Z' } }],
      events: [{ type: 'hand.raised' }],
    });
  });

  it('that changes nothing makes no event', () => {
    const raised = person('host', { handRaisedAt: '2026-01-05T09:00:00.000Z', status: 'away' });
    for (const type of ['hand.raise', 'presence.update'])
      expect(run(FRAMES[type]!, raised)).toMatchObject({ changes: [], events: [], passing: [] });
  });

  it('does not believe in events that have not happened', () => {
    expect(run({ type: 'chat.read', seq: 999 }, person('host'))).toMatchObject({
      changes: [{ value: { readSeq: 10 } }],
    });
    expect(run({ type: 'chat.read', seq: 2 }, person('host'))).toMatchObject({ changes: [], passing: [] });
  });
});
