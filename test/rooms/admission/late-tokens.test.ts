import { decodeJwt } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { TOKEN_LEEWAY_SECONDS } from '../../../src/calls/clusters/index.ts';
import { type Attendee, createMeeting, type Meeting } from '../../support/meeting.ts';
import { reportClusterEvents } from '../../support/report-cluster-events.ts';
import { randomFrom } from '../../support/random.ts';
import { withFreshToken } from '../../support/tokens.ts';
import type { Person } from '../../support/app.ts';

const ROUNDS = 200;
const CAPACITY = 3;
/** How long a token lasts that a cluster gives to people who are connected. */
const RENEWED_SECONDS = 600;

/** A token that somebody holds: until when the cluster takes it, with the leeway of its JWT library. */
interface HeldToken {
  callId: string;
  takenUntilMs: number;
  /** Whether it came from the cluster, while its owner was connected. */
  isRenewed: boolean;
}

let meeting: Meeting;
let people: Person[];
let held: Map<string, HeldToken>;

beforeEach(async () => {
  meeting = await createMeeting({ capacity: CAPACITY, departureTimeoutSeconds: 86_400 });
  const { app, host } = meeting;
  held = new Map();
  people = [];
  for (let each = 0; each < 8; each++)
    people.push(await app.person({ role: 'member', organizationId: host.organizationId }));
});

const nowMs = () => meeting.app.clock.now();
const isPresent = ({ userId }: Person) =>
  [...meeting.app.liveKit.cluster.rooms.values()].some(({ participants }) => participants.has(userId));
const presentCount = () => people.filter(isPresent).length;

function hold({ userId }: Person, callId: string, lifeSeconds: number, isRenewed: boolean): void {
  const takenUntilMs = nowMs() + (lifeSeconds + TOKEN_LEEWAY_SECONDS) * 1000;
  held.set(userId, { callId, takenUntilMs, isRenewed });
}

/** Asks for a token. @returns the code of the refusal */
async function ask(person: Person): Promise<string | undefined> {
  const { token } = await withFreshToken(meeting.app, person, 'member');
  const { body } = await meeting.send('POST', '/token', { token }, {});
  if (body.status !== 'admitted') return body.code;
  const { exp, nbf } = decodeJwt(body.token);
  hold(person, body.callId, exp! - nbf!, false);
  return undefined;
}

/** Connects with the token that the person holds, if the cluster still takes it. */
function connect(person: Person): boolean {
  const token = held.get(person.userId);
  if (!token || token.takenUntilMs < nowMs() || isPresent(person)) return false;
  meeting.app.liveKit.cluster.join(token.callId, person.userId, { name: 'Ada' });
  return true;
}

/** Of the people who hold a token and are not connected, the one whose token is taken no longer first. */
function lastHolder(): Person | undefined {
  const untilMs = ({ userId }: Person) => held.get(userId)?.takenUntilMs ?? 0;
  const holders = people.filter((person) => !isPresent(person) && untilMs(person) >= nowMs());
  return holders
    .toSorted((one, other) => untilMs(one) - untilMs(other))
    .find((each) => untilMs(each) < nowMs() + 60_000);
}

function leave(person: Person): void {
  const { callId } = held.get(person.userId)!;
  meeting.app.liveKit.cluster.leave(callId, person.userId);
  hold(person, callId, RENEWED_SECONDS, true);
}

describe('a room with a capacity', () => {
  it('is never over it when tokens are used as late as the cluster takes them, in 200 rounds', async () => {
    const random = randomFrom(20_261_128);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
    let late = 0;
    let refused = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const person = pick(people);
      const holder = lastHolder() ?? person;
      if (isPresent(person)) {
        if (random() < 0.5) leave(person);
        // Most people close the page, and their renewed token with it.
        if (!isPresent(person) && random() < 0.8) held.delete(person.userId);
      } else if (random() < 0.4) {
        if ((await ask(person)) === 'rooms.full') refused++;
      } else if (connect(holder)) {
        late++;
        // Only a token that the cluster renewed outlives its seat; its owner is disconnected as soon as that is reported.
        if (!held.get(holder.userId)!.isRenewed) expect(presentCount()).toBeLessThanOrEqual(CAPACITY);
      }
      await reportClusterEvents(meeting.app);
      await reportClusterEvents(meeting.app);
      expect(presentCount()).toBeLessThanOrEqual(CAPACITY);
      meeting.app.clock.advanceSeconds(Math.floor(random() * 20));
    }
    expect([late, refused].every((count) => count > 10)).toBe(true);
  });

  it('gives no seat away while a cluster would take the token for it', async () => {
    const first = people.slice(0, CAPACITY);
    for (const person of first) expect(await ask(person)).toBeUndefined();
    meeting.app.clock.advanceSeconds(60 + TOKEN_LEEWAY_SECONDS);
    expect(await ask(people[CAPACITY]!)).toBe('rooms.full');
    expect(first.map(connect)).toEqual([true, true, true]);
    await reportClusterEvents(meeting.app);
    expect(presentCount()).toBe(CAPACITY);
  });

  it('disconnects a person who returns by a renewed token when others have taken all seats', async () => {
    const [first, ...others] = people;
    expect(await ask(first!)).toBeUndefined();
    connect(first!);
    await reportClusterEvents(meeting.app);
    leave(first!);
    await reportClusterEvents(meeting.app);
    meeting.app.clock.advanceSeconds(200);
    for (const person of others.slice(0, CAPACITY)) {
      expect(await ask(person)).toBeUndefined();
      connect(person);
    }
    await reportClusterEvents(meeting.app);
    connect(first!);
    await reportClusterEvents(meeting.app);
    expect([isPresent(first!), presentCount()]).toEqual([false, CAPACITY]);
  });
});

describe('a full room', () => {
  let host: Attendee | undefined;

  it('refuses members, but never its host', async () => {
    for (const person of people.slice(0, CAPACITY)) expect(await ask(person)).toBeUndefined();
    expect(await ask(people[CAPACITY]!)).toBe('rooms.full');
    host = await meeting.join({ person: meeting.host });
    expect(host.participantId).toMatch(/^prt_/);
    for (const person of people.slice(0, CAPACITY)) connect(person);
    await reportClusterEvents(meeting.app);
    expect(presentCount()).toBe(CAPACITY);
    expect(meeting.mediaParticipants(host.callId).has(meeting.host.userId)).toBe(true);
  });

  it('of type one_to_one has a seat for its creator only: it holds two people', async () => {
    meeting = await createMeeting({ type: 'one_to_one' });
    const { app, host: creator } = meeting;
    const { organizationId } = creator;
    people = [];
    for (const role of ['member', 'member', 'admin'] as const)
      people.push(await app.person({ role, organizationId }));
    const join = ({ token }: Person) => meeting.send('POST', '/token', { token }, {});
    for (const person of people.slice(0, 2)) expect((await join(person)).status).toBe(200);
    expect((await join(people[2]!)).body).toMatchObject({ code: 'rooms.full' });
    expect((await join(creator)).status).toBe(200);
  });
});
