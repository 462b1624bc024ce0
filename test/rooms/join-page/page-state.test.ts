import { describe, expect, it } from 'vitest';
import { type Caption, reduceCaptions } from '../../../workers/pages/join/captions/caption-log.ts';
import { describeFile } from '../../../workers/pages/common/file-text.ts';
import { type ChatLog, reduceChat } from '../../../workers/pages/join/chat-log.ts';
import {
  backoffMs,
  type RoomCursor,
  nextCursor,
  socketEndOf,
  type RoomServerFrame,
} from '../../../workers/pages/join/frames.ts';
import {
  type ConsentList,
  describeRecordings,
  reduceConsents,
  type RecordingList,
  reduceRecordings,
} from '../../../workers/pages/join/panels/recording-list.ts';
import { type Roster, reduceRoster } from '../../../workers/pages/join/roster.ts';
import {
  describeCaptionProblem,
  describeStartProblem,
  errorTextFor,
  initialsOf,
} from '../../../workers/pages/join/texts.ts';
import {
  ROOM_CLOSE_CODES,
  ROOM_SUBPROTOCOL,
  roomServerFrameSchema,
} from '../../../src/realtime/protocol/index.ts';
import { PING_SECONDS, PING_TEXT } from '../../../src/realtime/sockets/index.ts';
import * as mine from '../../../workers/pages/join/frames.ts';

const at = '2026-01-05T09:30:00.000Z';
const ADA = 'gst_01jd3v7q8gf4kr2x6a0w9mznpe';
const BOB = 'usr_01jd3v7q8gf4kr2x6a0w9mznpf';
const messageId = (last: string) => `msg_01jd3v7q8gf4kr2x6a0w9mznp${last}`;

/** A frame of the protocol. */
const frame = (value: Record<string, unknown>): RoomServerFrame => roomServerFrameSchema.parse(value);
const event = (seq: number, value: Record<string, unknown>) => frame({ seq, at, ...value });

const person = (identity: string, name: string) => ({
  identity,
  name,
  role: 'participant',
  kind: 'guest',
  participantId: null,
  status: 'active',
  handRaisedAt: null,
  joinedAt: at,
});

const welcome = frame({
  type: 'welcome',
  cursor: { epoch: 'e1', seq: 7 },
  you: {
    identity: ADA,
    name: 'Ada',
    role: 'participant',
    participantId: null,
    features: { chat: true, files: true, captions: true, screenShare: true, recording: false },
    readSeq: 0,
  },
  roster: [person(ADA, 'Ada')],
  state: {
    name: null,
    locked: false,
    features: {},
    spotlight: null,
    call: null,
    polls: [],
    breakouts: [],
    recordings: [],
    recordingConsents: [],
    streams: [],
    captions: null,
  },
  lobby: null,
  move: null,
  limits: { frameBytes: 65_536, framesPerSecond: 20, pingSeconds: 30 },
});

const reduceFrames = <S>(
  reduce: (state: S, frame: RoomServerFrame) => S,
  first: S,
  ...frames: RoomServerFrame[]
): S => frames.reduce(reduce, first);

describe('the page’s socket rules', () => {
  it('use the server’s protocol constants and close codes', () => {
    expect([mine.SUBPROTOCOL, mine.PING_TEXT, mine.PING_SECONDS]).toEqual([
      ROOM_SUBPROTOCOL,
      PING_TEXT,
      PING_SECONDS,
    ]);
  });

  it('resume after the last event that was received', () => {
    const lowered = (seq: number) => event(seq, { type: 'hand.lowered', identity: ADA, by: null });
    const cursor = reduceFrames<RoomCursor | null>(
      nextCursor,
      null,
      welcome,
      lowered(8),
      lowered(9),
      lowered(8),
    );
    expect(cursor).toEqual({ epoch: 'e1', seq: 9 });
    expect(reduceFrames<RoomCursor | null>(nextCursor, cursor, frame({ type: 'pong' }))).toEqual(cursor);
  });

  it('reconnect after a break, and not after a removal or an end', () => {
    const endings = Object.fromEntries(
      Object.entries(ROOM_CLOSE_CODES).map(([name, { code }]) => [name, socketEndOf(code, true)]),
    );
    expect(endings).toMatchObject({
      removed: 'removed',
      roomEnded: 'ended',
      decided: 'decided',
      replaced: 'replaced',
      silent: 'resume',
      lagging: 'resume',
      crowded: 'resume',
    });
    expect([socketEndOf(1006, true), socketEndOf(1006, false)]).toEqual(['resume', 'ask']);
  });

  it('wait longer with each attempt, within bounds and with jitter', () => {
    const waits = Array.from({ length: 12 }, (_, attempt) => backoffMs(attempt, 1));
    expect(waits.toSorted((a, b) => a - b)).toEqual(waits);
    expect(waits.at(-1)).toBe(10_000);
    expect(backoffMs(3, 0)).toBe(backoffMs(3, 1) / 2);
  });
});

describe('the roster of the page', () => {
  const roster = (...frames: RoomServerFrame[]) =>
    reduceFrames<Roster>(reduceRoster, new Map(), welcome, ...frames);
  const joined = event(8, { type: 'presence.joined', person: person(BOB, 'Bob') });

  it('adds people who join and removes people who leave', () => {
    expect([...roster(joined).keys()]).toEqual([ADA, BOB]);
    expect([...roster(joined, event(9, { type: 'presence.left', identity: ADA })).keys()]).toEqual([BOB]);
    const removed = event(9, { type: 'participant.removed', identity: BOB, reason: 'x', by: null });
    expect([...roster(joined, removed).keys()]).toEqual([ADA]);
    expect([...roster(joined, welcome).keys()]).toEqual([ADA]);
  });

  it('raises hands, and lowers one or all of them', () => {
    const up = (seq: number, identity: string) => event(seq, { type: 'hand.raised', identity });
    const down = (identity: string | null) => event(11, { type: 'hand.lowered', identity, by: null });
    const hands = (list: Roster) => [...list.values()].map(({ handRaisedAt }) => handRaisedAt !== null);
    const both = [joined, up(9, ADA), up(10, BOB)];
    expect(hands(roster(...both))).toEqual([true, true]);
    expect(hands(roster(...both, down(ADA)))).toEqual([false, true]);
    expect(hands(roster(...both, down(null)))).toEqual([false, false]);
  });

  it('updates role and presence', () => {
    const changed = roster(
      event(8, { type: 'participant.role', identity: ADA, role: 'moderator', by: null }),
      event(9, { type: 'presence.updated', identity: ADA, status: 'away' }),
      event(10, { type: 'presence.updated', identity: BOB, status: 'away' }),
    );
    expect([...changed.values()]).toEqual([expect.objectContaining({ role: 'moderator', status: 'away' })]);
  });
});

describe('the chat log of the page', () => {
  const said = (seq: number, last: string, text: string) =>
    event(seq, {
      type: 'chat.message',
      messageId: messageId(last),
      identity: ADA,
      name: 'Ada',
      text,
      files: [],
      threadId: null,
      replyTo: null,
    });
  const page = frame({
    type: 'chat.page',
    id: 'history-1',
    data: [
      {
        messageId: messageId('1'),
        identity: BOB,
        name: 'Bob',
        text: 'earlier',
        files: [],
        threadId: null,
        replyTo: null,
        sentAt: at,
        editedAt: at,
        deletedAt: null,
        reactions: [{ emoji: '👍', identities: [ADA] }],
      },
    ],
    nextCursor: null,
  });
  const log = (...frames: RoomServerFrame[]) => reduceFrames<ChatLog>(reduceChat, new Map(), ...frames);
  const texts = (list: ChatLog) => [...list.values()].map(({ text }) => text);

  it('keeps the order when the history arrives after newer messages', () => {
    expect(texts(log(said(8, '2', 'now'), page))).toEqual(['earlier', 'now']);
  });

  it('contains a message once, however often it arrives', () => {
    expect(texts(log(said(8, '2', 'now'), said(8, '2', 'now')))).toEqual(['now']);
  });

  it('applies edits, deletions and reactions', () => {
    const id = { messageId: messageId('1') };
    const changed = log(
      page,
      event(9, { type: 'chat.edited', ...id, identity: BOB, text: 'better' }),
      event(10, { type: 'chat.reaction', ...id, identity: BOB, emoji: '👍', on: true }),
      event(11, { type: 'chat.reaction', ...id, identity: ADA, emoji: '👍', on: false }),
    );
    const [message] = changed.values();
    expect(message).toMatchObject({ text: 'better', edited: true });
    expect([...message!.reactions.get('👍')!]).toEqual([BOB]);
    const gone = reduceChat(changed, event(12, { type: 'chat.deleted', ...id, by: BOB }));
    expect([...gone.values()]).toEqual([expect.objectContaining({ text: '', deleted: true })]);
  });

  it('has the files of a message until it is deleted, and none where a frame names none', () => {
    const shown = {
      fileId: 'file_1',
      name: 'plan.pdf',
      contentType: 'application/pdf',
      sizeBytes: 48_213,
      preview: null,
    };
    const sent = { ...said(8, '2', 'The plan'), files: [shown] } as RoomServerFrame;
    const { files: _none, ...plain } = said(9, '3', 'Thanks') as RoomServerFrame & { files: unknown };
    const all = log(sent, plain);
    expect([...all.values()].map(({ files }) => files)).toEqual([[shown], []]);
    const gone = reduceChat(all, event(12, { type: 'chat.deleted', messageId: messageId('2'), by: BOB }));
    expect([...gone.values()][0]!.files).toEqual([]);
  });

  it.each([
    ['plan.pdf', 999, 'plan.pdf (999 B)'],
    ['plan.pdf', 48_213, 'plan.pdf (48 kB)'],
    ['film.mp4', 1_500_000, 'film.mp4 (1.5 MB)'],
    ['film.mp4', 4_000_000_000_000, 'film.mp4 (4000 GB)'],
    [null, null, 'A file that is not shared any more'],
  ])('says of the file %s of %s bytes: %s', (name, sizeBytes, text) => {
    expect(describeFile({ name, sizeBytes })).toBe(text);
  });
});

describe('the captions of the page', () => {
  const caption = (type: string, segmentId: string, version: number, text: string, language = 'en') => {
    const body = { type, segmentId, version, speaker: ADA, language, text, identity: ADA };
    return type === 'caption.final' ? event(20, body) : frame(body);
  };
  const shown = (...frames: RoomServerFrame[]) =>
    reduceFrames<readonly Caption[]>(reduceCaptions, [], ...frames).map(({ text }) => text);

  it('are the last finished segments and the unfinished ones', () => {
    const finals = ['1', '2', '3', '4'].map((id) => caption('caption.final', id, 1, `line ${id}`));
    expect(shown(...finals, caption('caption.partial', '5', 1, 'and'))).toEqual([
      'line 2',
      'line 3',
      'line 4',
      'and',
    ]);
  });

  it('are the last ones of each language, so that one does not displace another', () => {
    const final = (id: string, language: string) =>
      caption('caption.final', id, 1, `${language} ${id}`, language);
    const many = ['1', '2', '3', '4'].map((id) => final(id, 'en'));
    expect(shown(final('0', 'es'), ...many)).toEqual(['es 0', 'en 2', 'en 3', 'en 4']);
  });

  it('ignore older versions, and changes of a final segment', () => {
    const partial = (version: number, text: string) => caption('caption.partial', '1', version, text);
    expect(shown(partial(2, 'two'), partial(1, 'one'))).toEqual(['two']);
    expect(shown(partial(1, 'one'), caption('caption.final', '1', 2, 'done'), partial(3, 'late'))).toEqual([
      'done',
    ]);
  });
});

describe('the texts of the page', () => {
  it('explain every error, also an unknown one', () => {
    expect(errorTextFor('rooms.full')).toBe('The call is full.');
    expect(errorTextFor('billing.limit_reached')).toContain('no minutes left');
    expect(errorTextFor('unknown.code')).toContain('Try again');
  });

  it('ask somebody in the call who records too early to try again, and do not say that the call is over', () => {
    expect(describeStartProblem('recordings.no_call')).toMatch(/only just begun.*Try again/);
  });

  it('say why captions were not switched on or off', () => {
    expect(describeCaptionProblem('billing.feature_not_included')).toContain('not part of the plan');
    expect(describeCaptionProblem('unknown.code')).toContain('Try again');
  });

  it('make initials of any name', () => {
    expect(['Ada Lovelace', ' ada ', 'Ada B. Lovelace', '東京', '😀 x'].map(initialsOf)).toEqual([
      'AL',
      'A',
      'AB',
      '東',
      '😀X',
    ]);
  });
});

describe('the sign that the call is recorded', () => {
  const recordingId = (last: string) => `rec_01jd3v7q8gf4kr2x6a0w9mznp${last}`;
  const running = (last: string, part: Record<string, unknown>) =>
    event(8, {
      type: 'recording.running',
      recording: {
        recordingId: recordingId(last),
        kind: 'composite',
        subject: null,
        by: BOB,
        active: true,
        since: at,
        ...part,
      },
    });
  const describe = (...frames: RoomServerFrame[]) => {
    const list = reduceFrames<RecordingList>(reduceRecordings, new Map(), welcome, ...frames);
    const consents = reduceFrames<ConsentList>(reduceConsents, new Map(), welcome, ...frames);
    const nameOf = (identity: string) => (identity === BOB ? 'Bob' : undefined);
    return describeRecordings(list, consents, { self: ADA, nameOf });
  };

  it('says who records and since when, from the request on until the recording is over', () => {
    const requested = running('e', { active: false });
    expect(describe(requested)).toMatchObject({ label: 'Recording begins, asked for by Bob', active: false });
    const begun = describe(requested, running('e', {}));
    expect(begun.label).toMatch(/^Recording since .+, by Bob$/);
    expect(begun.announcement).toMatch(/^This call is being recorded by Bob, since .+\.$/);
    const over = event(9, { type: 'recording.over', recordingId: recordingId('e'), failed: false });
    expect(describe(requested, running('e', {}), over).label).toBe('');
  });

  it('says of several recordings the one that runs, whom it records, and how many there are', () => {
    const voice = { kind: 'participant', subject: ADA, by: null };
    const { label, announcement } = describe(running('e', { active: false }), running('f', voice));
    expect(label).toMatch(/^Recording since .+, by the organization \(2 recordings\)$/);
    expect(announcement).toMatch(/^You are being recorded/);
  });

  it('asks for consent where a recording needs it, and lets it be withdrawn while it holds', () => {
    const asked = running('e', { active: false, consent: 'required' });
    const answer = (consent: string) =>
      event(9, { type: 'recording.consent_changed', consent: { identity: ADA, consent } });
    expect(describe(running('e', {})).consent).toBe('none');
    expect(describe(asked)).toMatchObject({
      consent: 'asked',
      label: 'Recording waits for consent, asked for by Bob',
    });
    expect(describe(asked, answer('given')).consent).toBe('given');
    expect(describe(asked, answer('given'), answer('withdrawn')).consent).toBe('asked');
  });
});
