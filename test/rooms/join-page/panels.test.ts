import { describe, expect, it } from 'vitest';
import { type LobbyList, reduceLobby } from '../../../workers/pages/join/panels/lobby-list.ts';
import { splitLinks } from '../../../workers/pages/join/panels/message-links.ts';
import { listPeople } from '../../../workers/pages/join/panels/people.ts';
import {
  addOwnPolls,
  isVotable,
  type OwnPoll,
  type PollLog,
  reducePolls,
} from '../../../workers/pages/join/panels/poll-log.ts';
import { reduceFlags } from '../../../workers/pages/join/panels/room-flags.ts';
import type { PersonView, RoomServerFrame } from '../../../workers/pages/join/frames.ts';
import { listScreenViewers } from '../../../workers/pages/join/screen-viewers.ts';
import { isGuest } from '../../../workers/pages/join/texts.ts';
import { roomServerFrameSchema } from '../../../src/realtime/protocol/index.ts';

const at = '2026-01-05T09:30:00.000Z';
const ADA = 'gst_01jd3v7q8gf4kr2x6a0w9mznpe';
const BOB = 'usr_01jd3v7q8gf4kr2x6a0w9mznpf';
const POLL = 'pol_01jd3v7q8gf4kr2x6a0w9mznpe';
const ENTRY = 'lob_01jd3v7q8gf4kr2x6a0w9mznpe';

const frame = (value: Record<string, unknown>): RoomServerFrame =>
  roomServerFrameSchema.parse({ seq: 1, at, ...value });

describe('a message in the chat', () => {
  const linksOf = (text: string) =>
    splitLinks(text).flatMap((part) => (typeof part === 'string' ? [] : [[part.url, part.host]]));

  it('has links for https addresses, without the punctuation of the sentence', () => {
    expect(splitLinks('See https://example.com/a?b=1, and (https://example.org).')).toEqual([
      'See ',
      { text: 'https://example.com/a?b=1', url: 'https://example.com/a?b=1', host: undefined },
      ', and (',
      { text: 'https://example.org', url: 'https://example.org/', host: undefined },
      ').',
    ]);
  });

  it('has no links of other schemes, or with a name before the host', () => {
    for (const text of [
      'http://example.com',
      'javascript:alert(1)',
      'data:text/html,x',
      'https://bank.example@evil.example/',
      'https://',
      'example.com',
    ])
      expect(linksOf(text)).toEqual([]);
  });

  it('shows the real host of a link that looks like another one', () => {
    expect(linksOf('https://аpple.example/login')).toEqual([
      ['https://xn--pple-43d.example/login', 'xn--pple-43d.example'],
    ]);
    expect(linksOf('https://EXAMPLE.com')).toEqual([['https://example.com/', undefined]]);
  });

  it('keeps all of its text', () => {
    const text = 'a https://b.example/c d\nhttps://e.example! f';
    const shown = splitLinks(text).map((part) => (typeof part === 'string' ? part : part.text));
    expect(shown.join('')).toBe(text);
  });
});

describe('the people in the call', () => {
  const person = (identity: string, part: Partial<PersonView>): [string, PersonView] => [
    identity,
    {
      identity,
      name: identity,
      role: 'participant',
      kind: 'guest',
      participantId: null,
      status: 'active',
      handRaisedAt: null,
      joinedAt: at,
      ...part,
    },
  ];

  it('are those with a socket and those with media alone, each once', () => {
    const roster = new Map([person(ADA, { name: 'Ada' })]);
    const listed = listPeople(
      roster,
      new Map([
        [ADA, 'Ada'],
        ['ext_phone', 'A phone'],
      ]),
    );
    expect(listed.map(({ name }) => name)).toEqual(['A phone', 'Ada']);
    expect(listed[0]).toMatchObject({ identity: 'ext_phone', participantId: null, role: undefined });
  });

  it('begin with raised hands', () => {
    const roster = new Map([person(BOB, { name: 'Bob', handRaisedAt: at }), person(ADA, { name: 'Ada' })]);
    expect(listPeople(roster, new Map()).map(({ name }) => name)).toEqual(['Bob', 'Ada']);
  });

  it('are marked as guests by their identity', () => {
    expect([ADA, BOB, 'ext_ada', 'agt_ada'].filter(isGuest)).toEqual([ADA]);
  });
});

describe('the polls', () => {
  const poll = (part: Record<string, unknown> = {}) => ({
    pollId: POLL,
    question: 'When?',
    options: [
      { optionId: '1', text: 'Now', votes: null },
      { optionId: '2', text: 'Later', votes: null },
    ],
    maxChoices: 1,
    anonymous: false,
    status: 'open',
    voters: null,
    openedAt: at,
    closedAt: null,
    ...part,
  });
  const own = (part: Partial<OwnPoll> = {}): OwnPoll => ({
    id: POLL,
    options: [{ optionId: '1', votes: 3 }],
    changeable: false,
    voted: true,
    ownChoices: ['1'],
    ...part,
  });
  const opened = reducePolls(new Map(), frame({ type: 'poll.opened', poll: poll() }));
  const only = (log: PollLog) => log.get(POLL)!;

  it('can be voted in until they are closed', () => {
    expect(isVotable(only(opened))).toBe(true);
    const closed = reducePolls(
      opened,
      frame({ type: 'poll.closed', poll: poll({ status: 'closed', closedAt: at }) }),
    );
    expect(isVotable(only(closed))).toBe(false);
  });

  it('can be voted in again only where votes are changeable', () => {
    expect(isVotable(only(addOwnPolls(opened, [own()])))).toBe(false);
    expect(isVotable(only(addOwnPolls(opened, [own({ changeable: true })])))).toBe(true);
  });

  it('show results that only those see who have voted', () => {
    expect(only(addOwnPolls(opened, [own()])).options.map(({ votes }) => votes)).toEqual([3, null]);
  });

  it('keep the own vote when new results come', () => {
    const updated = reducePolls(addOwnPolls(opened, [own()]), frame({ type: 'poll.updated', poll: poll() }));
    expect(only(updated).own?.ownChoices).toEqual(['1']);
  });
});

it('the lobby holds those who wait, until it is decided', () => {
  const entry = { lobbyEntryId: ENTRY, identity: ADA, name: 'Ada', requestedAt: at };
  const waiting: LobbyList = reduceLobby(new Map(), frame({ type: 'lobby.waiting', entry }));
  expect([...waiting.keys()]).toEqual([ENTRY]);
  const decided = {
    type: 'lobby.decided',
    lobbyEntryId: ENTRY,
    identity: ADA,
    decision: 'admitted',
    by: null,
  };
  expect(reduceLobby(waiting, frame(decided)).size).toBe(0);
});

it('lock and spotlight are as the last frame says', () => {
  const none = { locked: false, spotlight: null };
  const locked = reduceFlags(none, frame({ type: 'room.locked', locked: true, by: null }));
  expect(reduceFlags(locked, frame({ type: 'spotlight.changed', identity: BOB, by: null }))).toEqual({
    locked: true,
    spotlight: BOB,
  });
});

describe('a shared screen', () => {
  it('names the agents that see it, to the person who shares it', () => {
    const agent = {
      identity: 'agt_1',
      name: 'Help (AI agent, sees shared screens)',
      attributes: { seesScreens: 'true' },
    };
    const others = [agent, { identity: ADA, name: 'Ada', attributes: {} }];
    const viewersOf = (isScreenShareEnabled: boolean) =>
      listScreenViewers({
        localParticipant: { isScreenShareEnabled },
        remoteParticipants: new Map(others.map((each) => [each.identity, each])),
      });
    expect(viewersOf(true)).toEqual([agent.name]);
    expect(viewersOf(false)).toEqual([]);
  });
});
