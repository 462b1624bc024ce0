import { describe, expect, it } from 'vitest';
import { type LocalFrame, type LivePerson, decideFrame } from '../../../src/realtime/room-state/index.ts';
import type { RoomRole } from '../../../src/realtime/protocol/index.ts';

const ALL_FEATURES = { chat: true, files: true, captions: true, screenShare: true, recording: true };
const MESSAGE_ID = 'msg_01jd3v7q8gf4kr2x6a0w9mznpe';
const NOW_MS = Date.parse('2026-01-05T09:30:00.000Z');
const FRAME_ID = 'frame-1-abcdef';

const person = (role: RoomRole, rest: Partial<LivePerson> = {}): LivePerson => ({
  identity: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
  name: 'Ada',
  role,
  kind: 'user',
  participantId: null,
  callId: null,
  userId: null,
  linkId: null,
  features: ALL_FEATURES,
  issuedAtMs: 0,
  sinceMs: 0,
  status: 'active',
  handRaisedAt: null,
  joinedAt: '2026-01-05T09:00:00.000Z',
  seenAtMs: 0,
  readSeq: 3,
  ...rest,
});

function decide(frame: LocalFrame, sender: LivePerson, features: object = {}) {
  const facts = {
    name: null,
    features,
    locked: false,
    spotlight: null,
    call: null,
    recordings: [],
    streams: [],
    endedAtMs: null,
  };
  const people = new Map([[sender.identity, sender]]);
  const state = { facts, people, polls: new Map(), breakouts: new Map(), lobby: new Map() };
  const message = { identity: sender.identity, threadId: null, deleted: false };
  const lookups = {
    message,
    files: [],
    reactions: [],
    captionVersion: 0,
    captionFinal: false,
    newMessageId: MESSAGE_ID,
  };
  return decideFrame(frame, sender, { state, lookups, headSeq: 10, nowMs: NOW_MS });
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
  'presence.update': { type: 'presence.update', id: FRAME_ID, status: 'away' },
  'hand.raise': { type: 'hand.raise', id: FRAME_ID },
  'chat.send': { type: 'chat.send', id: FRAME_ID, text: 'hi', replyTo: null },
  'chat.edit': { type: 'chat.edit', id: FRAME_ID, messageId: MESSAGE_ID, text: 'hi' },
  'chat.delete': { type: 'chat.delete', id: FRAME_ID, messageId: MESSAGE_ID },
  'chat.react': { type: 'chat.react', id: FRAME_ID, messageId: MESSAGE_ID, emoji: '👍', on: true },
  'chat.read': { type: 'chat.read', seq: 5 },
  caption,
};

const ALLOWED_FRAMES: Record<RoomRole, string[]> = (() => {
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
  it.each(Object.entries(ALLOWED_FRAMES))('%s may send these frames and no others: %j', (role, may) => {
    const accepted = Object.entries(FRAMES)
      .filter(([, frame]) => codeOf(() => decide(frame, person(role as RoomRole))) === 'accepted')
      .map(([type]) => type);
    expect(accepted.toSorted()).toEqual(may.toSorted());
  });
});

describe('a feature that is off', () => {
  it.each(['typing', 'chat.send', 'chat.edit', 'chat.delete', 'chat.react', 'chat.read'])(
    'refuses %s without chat, whether it is off for the room or for the person',
    (type) => {
      const frame = FRAMES[type]!;
      expect(codeOf(() => decide(frame, person('host'), { chat: false }))).toBe('realtime.not_allowed');
      const sender = person('host', { features: { ...ALL_FEATURES, chat: false } });
      expect(codeOf(() => decide(frame, sender, { chat: true }))).toBe('realtime.not_allowed');
    },
  );

  it('refuses captions and shared screens', () => {
    expect(codeOf(() => decide(caption, person('agent'), { captions: false }))).toBe('realtime.not_allowed');
    const screen: LocalFrame = { type: 'media.hint', hint: { screenShare: true } };
    expect(codeOf(() => decide(screen, person('host'), { screenShare: false }))).toBe('realtime.not_allowed');
    expect(codeOf(() => decide(screen, person('host')))).toBe('accepted');
  });
});

describe('decideFrame', () => {
  it('does not change its arguments', () => {
    const sender = Object.freeze(person('host'));
    for (const frame of Object.values(FRAMES)) if (frame.type !== 'caption') decide(frame, sender);
    expect(sender).toEqual(person('host'));
  });

  it('returns the same outcome for the same arguments', () => {
    const raise = () => decide(FRAMES['hand.raise']!, person('host'));
    expect(raise()).toEqual(raise());
    expect(raise()).toMatchObject({
      changes: [{ record: 'person', value: { handRaisedAt: '2026-01-05T09:30:00.000Z' } }],
      events: [{ type: 'hand.raised' }],
    });
  });

  it('returns no event when nothing changes', () => {
    const raised = person('host', { handRaisedAt: '2026-01-05T09:00:00.000Z', status: 'away' });
    for (const type of ['hand.raise', 'presence.update'])
      expect(decide(FRAMES[type]!, raised)).toMatchObject({ changes: [], events: [], transient: [] });
  });

  it('does not accept a read mark beyond the last event', () => {
    expect(decide({ type: 'chat.read', seq: 999 }, person('host'))).toMatchObject({
      changes: [{ value: { readSeq: 10 } }],
    });
    expect(decide({ type: 'chat.read', seq: 2 }, person('host'))).toMatchObject({
      changes: [],
      transient: [],
    });
  });
});
