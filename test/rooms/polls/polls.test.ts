import { beforeEach, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import { sendFrame } from '../../support/send-frame.ts';
import { type Attendee, createMeeting, type Meeting } from '../../support/meeting.ts';

let meeting: Meeting;

beforeEach(async () => {
  meeting = await createMeeting();
});

const question = { question: 'Tea or coffee?', options: ['Tea', 'Coffee', 'Water'] };
const open = (more: Record<string, unknown> = {}, by: { token: string } = meeting.host) =>
  meeting.send('POST', '/polls', by, { ...question, ...more });
const openAndGetId = async (more: Record<string, unknown> = {}): Promise<string> => {
  const made = await open(more);
  expect(made).toMatchObject({ status: 201 });
  return made.body.id as string;
};
const read = (pollId: string, by: { token: string } = meeting.host) =>
  meeting.send('GET', `/polls/${pollId}`, by);
const vote = (pollId: string, by: { token: string }, ...choices: string[]) =>
  meeting.send('PUT', `/polls/${pollId}/vote`, by, { choices });
const close = (pollId: string, by: { token: string } = meeting.host) =>
  meeting.send('POST', `/polls/${pollId}/close`, by);
const votesIn = (body: { options: { votes: number | null }[] }) => body.options.map(({ votes }) => votes);
const people = async (count: number): Promise<Attendee[]> => {
  const all = [];
  for (let at = 0; at < count; at++) all.push(await meeting.join({ connect: false }));
  return all;
};

describe('a poll', () => {
  it('is opened by a moderator and shows to everybody in the live room', async () => {
    const [ada] = await people(1);
    expect((await open({}, ada)).body.code).toBe('moderation.not_moderator');
    const made = await open();
    expect(made.headers.get('location')).toBe(`/api/v1/rooms/${meeting.roomId}/polls/${made.body.id}`);
    expect(made.body).toMatchObject({
      status: 'open',
      maxChoices: 1,
      anonymous: false,
      voters: 0,
      voted: false,
      options: [{ optionId: '1', text: 'Tea', votes: 0 }, { optionId: '2' }, { optionId: '3' }],
    });
    expect(meeting.commandsOf('poll.opened')).toMatchObject([{ poll: { pollId: made.body.id, voters: 0 } }]);
    await meeting.app.drain();
    expect(new Set(meeting.commandsOf('poll.opened').map(({ key }) => key)).size).toBe(1);
  });

  it.each([
    ['one option', { options: ['Tea'] }],
    ['too many options', { options: Array.from({ length: 21 }, (_, at) => `Option ${at}`) }],
    ['an option twice', { options: ['Tea', ' Tea '] }],
    ['an empty option', { options: ['Tea', ' '] }],
    ['more choices than options', { maxChoices: 4 }],
    ['no question', { question: '' }],
    ['text that the database cannot store', { question: 'Tea\u0000?' }],
    ['an unknown field', { secret: true }],
  ])('refuses %s', async (_what, wrong) => {
    expect(await open(wrong)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  });

  it('is opened once per idempotency key', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const path = `/api/v1/rooms/${meeting.roomId}/polls`;
    const openWithKey = () =>
      meeting.app.send('POST', path, { token: meeting.host.token, body: question, headers });
    const [first, again] = [await openWithKey(), await openWithKey()];
    expect(again).toMatchObject({ status: 201, body: first.body });
  });

  it('is listed with its results, newest first', async () => {
    const ids = [];
    for (let at = 0; at < 3; at++) {
      ids.unshift(await openAndGetId());
      meeting.app.clock.advanceSeconds(1);
    }
    const [ada] = await people(1);
    await vote(ids[2]!, ada!, '2');
    const first = await meeting.send('GET', '/polls?limit=2', ada!);
    const rest = await meeting.send('GET', `/polls?limit=2&cursor=${first.body.nextCursor}`, ada!);
    const all = [...first.body.data, ...rest.body.data];
    expect(all.map(({ id }) => id)).toEqual(ids);
    expect(all[2]).toMatchObject({ voters: 1, voted: true, ownChoices: ['2'] });
    expect(all[0]).toMatchObject({ voters: 0, voted: false, ownChoices: null });
  });

  it('is deleted with its votes, and no other poll with it', async () => {
    const pollId = await openAndGetId();
    const other = await openAndGetId();
    const [ada] = await people(1);
    await vote(pollId, ada!, '1');
    const remove = (by: { token: string }) => meeting.send('DELETE', `/polls/${pollId}`, by);
    expect((await remove(ada!)).status).toBe(403);
    expect((await remove(meeting.host)).status).toBe(204);
    expect((await read(pollId)).body.code).toBe('polls.not_found');
    expect((await vote(pollId, ada!, '1')).body.code).toBe('polls.not_found');
    expect(await ownerSql('select 1 from poll_votes where poll_id = $1', [pollId])).toEqual([]);
    expect((await read(other)).body).toMatchObject({ id: other, status: 'open' });
    const closedAt = expect.any(String);
    expect(meeting.commandsOf('poll.closed')).toMatchObject([
      { poll: { pollId, status: 'closed', closedAt } },
    ]);
  });

  it('that is deleted while it is open discloses no result that not everybody could see', async () => {
    const [ada] = await people(1);
    for (const resultsShown of ['after_close', 'after_vote', 'always']) {
      const pollId = await openAndGetId({ resultsShown });
      await vote(pollId, ada!, '1');
      await meeting.send('DELETE', `/polls/${pollId}`, meeting.host);
    }
    await meeting.app.drain();
    const shown = meeting
      .commandsOf('poll.closed')
      .map(({ poll }) => [poll.voters, poll.options[0]!.votes].join());
    expect([...new Set(shown)].toSorted()).toEqual([',', '1,1']);
  });

  it('is one of at most 50 open ones in its room, also when many are opened at once', async () => {
    const { app } = meeting;
    const [first] = [await openAndGetId(), await openAndGetId()];
    await ownerSql(
      `insert into polls select (jsonb_populate_record(p, jsonb_build_object('id', 'pol_filler' || n))).*
       from polls p, generate_series(1, 46) n where p.id = $1`,
      [first],
    );
    const answers = await Promise.all([1, 2, 3, 4].map(() => open()));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 201, 409, 409]);
    expect((await open()).body.code).toBe('polls.too_many_open');
    await close(first);
    expect((await open()).status).toBe(201);
    const other = await createMeeting({}, app);
    expect((await other.send('POST', '/polls', other.host, question)).status).toBe(201);
  });

  it('is not found in another room or organization', async () => {
    const pollId = await openAndGetId();
    const other = await createMeeting({}, meeting.app);
    expect((await other.send('GET', `/polls/${pollId}`, other.host)).body.code).toBe('polls.not_found');
    expect((await read(pollId, other.host)).body.code).toBe('rooms.not_found');
  });
});

describe('voting', () => {
  it('counts one vote per identity, which can be changed', async () => {
    const pollId = await openAndGetId();
    const [ada, bob] = await people(2);
    const guest = await meeting.guest({ connect: false });
    for (const person of [ada!, bob!, guest]) expect((await vote(pollId, person, '1')).status).toBe(204);
    expect((await vote(pollId, ada!, '2')).status).toBe(204);
    const poll = (await read(pollId, ada)).body;
    expect(poll).toMatchObject({ voters: 3, voted: true, ownChoices: ['2'] });
    expect(votesIn(poll)).toEqual([2, 1, 0]);
  });

  it('cannot be repeated in a poll whose votes do not change, not even by two votes at once', async () => {
    const pollId = await openAndGetId({ changeable: false });
    const [ada, bob] = await people(2);
    expect((await vote(pollId, ada!, '1')).status).toBe(204);
    expect(await vote(pollId, ada!, '2')).toMatchObject({
      status: 409,
      body: { code: 'polls.already_voted' },
    });
    const both = await Promise.all(['1', '2'].map((choice) => vote(pollId, bob!, choice)));
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([204, 409]);
    expect((await read(pollId)).body.voters).toBe(2);
  });

  it('takes at most maxChoices of the options of the poll, each once', async () => {
    const pollId = await openAndGetId({ maxChoices: 2 });
    const [ada] = await people(1);
    expect((await vote(pollId, ada!, '1', '3')).status).toBe(204);
    for (const wrong of [['1', '2', '3'], ['1', '1'], ['4'], ['0'], ['x'], []])
      expect((await vote(pollId, ada!, ...wrong)).status).toBe(400);
    expect(votesIn((await read(pollId)).body)).toEqual([1, 0, 1]);
  });

  it('is for people who are or were in a call of the room', async () => {
    const { app, host } = meeting;
    const pollId = await openAndGetId();
    const colleague = await app.person({ role: 'member', organizationId: host.organizationId });
    expect((await vote(pollId, colleague, '1')).body.code).toBe('polls.not_voter');
    const key = await app.send('POST', '/api/v1/api-keys', {
      token: host.token,
      body: { name: 'Key', scopes: ['rooms:write'] },
    });
    expect((await vote(pollId, { token: key.body.secret }, '1')).body.code).toBe('polls.not_voter');
    const [ada] = await people(1);
    await meeting.send('POST', '/end', host, { keepOpen: true });
    expect((await vote(pollId, ada!, '1')).status).toBe(204);
    await meeting.send('DELETE', `/participants/${ada!.participantId}`, host);
    expect((await vote(pollId, ada!, '2')).body.code).toBe('rooms.removed');
    expect((await read(pollId, ada)).body.code).toBe('rooms.removed');
  });

  it('ends with the room at once: its polls close, show their results and stay closed', async () => {
    const { app, host } = meeting;
    const pollId = await openAndGetId({ resultsShown: 'after_close' });
    const [ada, bob] = await people(2);
    await vote(pollId, ada!, '1');
    await meeting.send('POST', '/end', host, {});
    expect((await vote(pollId, bob!, '1')).body.code).toBe('polls.closed');
    expect((await open()).body.code).toBe('polls.room_ended');
    await app.drain();
    const closed = (await read(pollId, ada)).body;
    expect(closed).toMatchObject({ status: 'closed', voters: 1 });
    expect(votesIn(closed)).toEqual([1, 0, 0]);
    expect(meeting.commandsOf('poll.closed').at(-1)).toMatchObject({ poll: { pollId, voters: 1 } });
    await meeting.send('PATCH', '', host, { status: 'open' });
    expect((await vote(pollId, bob!, '1')).body.code).toBe('polls.closed');
    expect((await open()).status).toBe(201);
  });

  it('stays possible when the room was opened again before its polls were closed', async () => {
    const { app, host } = meeting;
    const pollId = await openAndGetId();
    const [ada] = await people(1);
    await meeting.send('POST', '/end', host, {});
    await meeting.send('PATCH', '', host, { status: 'open' });
    await app.drain();
    expect((await vote(pollId, ada!, '1')).status).toBe(204);
  });

  it('ends when the poll closes, which waits for votes under way and counts them all', async () => {
    const pollId = await openAndGetId();
    const voters = await people(12);
    const all = await Promise.all([
      ...voters.slice(0, 6).map((person) => vote(pollId, person, '1')),
      close(pollId),
      ...voters.slice(6).map((person) => vote(pollId, person, '2')),
    ]);
    const closed = all[6]!;
    const counted = all.filter(({ status }) => status === 204).length;
    expect(all.filter(({ body }) => body?.code === 'polls.closed').length + counted).toBe(12);
    expect(closed).toMatchObject({ status: 200, body: { status: 'closed', voters: counted } });
    expect((await read(pollId)).body.voters).toBe(counted);
    expect((await vote(pollId, voters[0]!, '3')).body.code).toBe('polls.closed');
    meeting.app.clock.advanceSeconds(1);
    expect((await close(pollId)).body).toEqual(closed.body);
    await meeting.app.drain();
    const commands = meeting.commandsOf('poll.closed');
    expect(commands.at(-1)).toMatchObject({ poll: { status: 'closed', voters: counted } });
    // Closing it again is no other closing, and neither is the synchronisation a second later.
    expect(new Set(commands.map(({ key }) => key)).size).toBe(1);
    const entries = await ownerSql(
      "select id from audit_logs where action = 'poll.closed' and organization_id = $1",
      [meeting.host.organizationId],
    );
    expect(entries).toHaveLength(1);
  });

  it('loses no vote when forty arrive at once', async () => {
    const pollId = await openAndGetId();
    const voters = await people(10);
    /** As a client does, on a machine too busy for the database's time limit. */
    const voteWithRetry = async (voter: Attendee, choice: string) => {
      let answer = await vote(pollId, voter, choice);
      for (let retries = 0; answer.status === 503 && retries < 5; retries++)
        answer = await vote(pollId, voter, choice);
      return answer.status;
    };
    const statuses = await Promise.all(
      voters.flatMap((voter, at) =>
        ['1', '2', '3', String((at % 3) + 1)].map((choice) => voteWithRetry(voter, choice)),
      ),
    );
    expect(new Set(statuses)).toEqual(new Set([204]));
    const { voters: count, options } = (await read(pollId)).body;
    expect(count).toBe(10);
    expect(votesIn({ options }).reduce((a, b) => a! + b!, 0)).toBe(10);
  });
});

describe('results', () => {
  /** A poll with one vote, and what its voter, another participant and a moderator see of the results. */
  const openWithOneVote = async (resultsShown: string) => {
    const pollId = await openAndGetId({ resultsShown });
    const [ada, bob] = await people(2);
    await vote(pollId, ada!, '1');
    const results = async () =>
      Promise.all(
        [ada!, bob!, meeting.host].map(async (person) => votesIn((await read(pollId, person)).body)),
      );
    return { pollId, results };
  };
  const [shown, hidden] = [
    [1, 0, 0],
    [null, null, null],
  ];

  it('with `always` show to everybody, and each vote updates the live room', async () => {
    const { pollId, results } = await openWithOneVote('always');
    expect(await results()).toEqual([shown, shown, shown]);
    await meeting.app.drain();
    expect(meeting.commandsOf('poll.updated')).toMatchObject([
      { poll: { pollId, voters: 1, options: [{ votes: 1 }, {}, {}] } },
    ]);
  });

  it('with `after_vote` show to people who have voted and to moderators, until the poll closes', async () => {
    const { pollId, results } = await openWithOneVote('after_vote');
    expect(await results()).toEqual([shown, hidden, shown]);
    await meeting.app.drain();
    expect(meeting.commandsOf('poll.updated')).toEqual([]);
    await close(pollId);
    expect(await results()).toEqual([shown, shown, shown]);
    expect(meeting.commandsOf('poll.closed')).toMatchObject([
      { poll: { voters: 1, options: [{ votes: 1 }, {}, {}] } },
    ]);
  });

  it('with `after_close` show to moderators alone until the poll closes', async () => {
    const { pollId, results } = await openWithOneVote('after_close');
    expect(await results()).toEqual([hidden, hidden, shown]);
    expect(meeting.commandsOf('poll.opened')).toMatchObject([
      { poll: { voters: null, options: [{ votes: null }, {}, {}] } },
    ]);
    await close(pollId);
    expect(await results()).toEqual([shown, shown, shown]);
  });
});

describe('an anonymous poll', () => {
  it('stores no link between votes and voters, and still takes one vote from each', async () => {
    const { app, host, roomId } = meeting;
    const pollId = await openAndGetId({ anonymous: true });
    const other = await openAndGetId({ anonymous: true });
    const [ada] = await people(1);
    for (const id of [pollId, pollId, other]) await vote(id, ada!, '2');
    const poll = (await read(pollId, ada)).body;
    expect(poll).toMatchObject({ anonymous: true, voters: 1, voted: true, ownChoices: null });
    expect((await meeting.send('GET', `/polls/${pollId}/votes`, host)).body.code).toBe('polls.anonymous');
    const rows = await ownerSql<{ voter: string; user_id: null }>(
      'select voter, user_id from poll_votes where poll_id = any($1)',
      [[pollId, other]],
    );
    expect(rows.every(({ voter, user_id: userId }) => /^[0-9a-f]{64}$/.test(voter) && userId === null)).toBe(
      true,
    );
    expect(new Set(rows.map(({ voter }) => voter)).size).toBe(2);
    await app.drain();
    const traces = await Promise.all([
      ownerSql('select * from outbox where organization_id = $1 and type = $2', [
        host.organizationId,
        'poll.changed',
      ]),
      ownerSql('select * from audit_logs where organization_id = $1 and after::text like $2', [
        host.organizationId,
        `%${pollId}%`,
      ]),
    ]);
    expect(
      JSON.stringify([traces, app.liveRooms.appliedCommands.filter((each) => each.roomId === roomId)]),
    ).not.toContain(ada!.identity);
  });
});

it('a vote by frame leaves no idempotency record', async () => {
  const { app } = meeting;
  const voters = [await meeting.guest({ connect: false }), await meeting.join({ connect: false })];
  for (const anonymous of [true, false]) {
    const pollId = await openAndGetId({ anonymous });
    for (const { ticket } of voters) await sendFrame(app, ticket, 'poll.vote', { pollId, choices: ['2'] });
    expect((await read(pollId)).body.voters).toBe(2);
  }
  const scopes = voters.map(({ identity }) => identity);
  expect(await ownerSql('select * from idempotency_records where scope = any($1)', [scopes])).toEqual([]);
});

it.each([
  ['is accepted when it is the same', { anonymous: false }, undefined],
  ['is refused in an anonymous poll, whatever its choices', { anonymous: true }, 'polls.already_voted'],
])('a vote that is sent again after a lost connection %s', async (_what, settings, code) => {
  const { app } = meeting;
  const pollId = await openAndGetId({ ...settings, changeable: false });
  const { ticket } = await meeting.guest({ connect: false });
  const id = crypto.randomUUID();
  const send = (...choices: string[]) => sendFrame(app, ticket, 'poll.vote', { pollId, choices }, { id });
  await send('2');
  if (code === undefined) expect(await send('2')).toBeUndefined();
  else await expect(send('2')).rejects.toMatchObject({ code });
  await expect(send('1')).rejects.toMatchObject({ code: 'polls.already_voted' });
  await close(pollId);
  expect(votesIn((await read(pollId)).body)).toEqual([0, 1, 0]);
});

describe('a poll with names', () => {
  it('lists its votes for moderators and for nobody else', async () => {
    const pollId = await openAndGetId();
    const voters = await people(3);
    for (const person of voters) await vote(pollId, person, '3');
    const list = (query: string, by: { token: string }) =>
      meeting.send('GET', `/polls/${pollId}/votes${query}`, by);
    expect((await list('', voters[0]!)).body.code).toBe('moderation.not_moderator');
    const first = await list('?limit=2', meeting.host);
    const rest = await list(`?limit=2&cursor=${first.body.nextCursor}`, meeting.host);
    expect([...first.body.data, ...rest.body.data]).toEqual(
      voters
        .map(({ identity }) => ({ identity, choices: ['3'] }))
        .toSorted((a, b) => (a.identity < b.identity ? -1 : 1)),
    );
  });
});

it('frames of polls do what the routes do', async () => {
  const { app } = meeting;
  const host = await meeting.join({ person: meeting.host, connect: false });
  const guest = await meeting.guest({ connect: false });
  const poll = (await sendFrame(app, host.ticket, 'poll.open', question)) as { id: string };
  await sendFrame(app, guest.ticket, 'poll.vote', { pollId: poll.id, choices: ['1'] });
  await expect(sendFrame(app, guest.ticket, 'poll.close', { pollId: poll.id })).rejects.toMatchObject({
    code: 'moderation.not_moderator',
  });
  expect(await sendFrame(app, host.ticket, 'poll.close', { pollId: poll.id })).toMatchObject({
    status: 'closed',
    voters: 1,
  });
  await expect(
    sendFrame(app, host.ticket, 'poll.open', { ...question, maxChoices: 9 }),
  ).rejects.toMatchObject({
    code: 'request.invalid',
  });
});
