import type { ActivityName } from './activities.ts';
import type { ChangeName } from './changes.ts';

/** The right outcome of a pair, and why; without an outcome the pair has no meaning, and the reason says so. */
export interface Cell {
  outcome: string | null;
  reason: string;
}

type Row = Partial<Record<ActivityName, Cell>>;

/** Cells with one outcome and one reason. */
const cells = (outcome: string | null, reason: string, ...activities: ActivityName[]): Row =>
  Object.fromEntries(activities.map((activity) => [activity, { outcome, reason }]));
const row = (...groups: Row[]): Row => Object.assign({}, ...groups);

const MEDIA = ['unusedToken', 'media'] as const;
const REQUESTS = ['voting', 'samples', 'operation', 'cursor'] as const;

/** For what does not touch people who are in the room already. */
const untouched = (reason: string): Row =>
  row(
    cells('in media', reason, ...MEDIA),
    cells('stays open', reason, 'socketOpen', 'otherRoom'),
    cells('opens again', reason, 'socketBroken'),
    cells('works', reason, 'ringing', 'beingRung', 'typing', ...REQUESTS),
  );

/** The media and sockets of a room that ends. */
const roomCloses = (reason: string): Row =>
  row(
    cells('not in media', reason, ...MEDIA),
    cells('closed with 4410', reason, 'socketOpen'),
    cells('realtime.room_ended', reason, 'socketBroken'),
    cells('ends with the socket', 'the live room takes it back with the socket', 'typing'),
    cells('stays open', 'another room does not end', 'otherRoom'),
  );

const NOT_OF_GUESTS = cells(
  null,
  'guests have no account: they are in one room, ring nobody, and start no operation',
  'otherRoom',
  'ringing',
  'beingRung',
  'operation',
);

const IN_THE_ROOM = 'people in the room stay as they are';

/** What is right when something happens to somebody while they are doing something: the specification of these pairs. */
export const PAIRS: Readonly<Record<ChangeName, Row>> = {
  signedOut: row(
    cells('auth.invalid_token', 'every request rests on the session', 'waiting', 'beingRung', ...REQUESTS),
    cells('not in media', 'media rests on the session', 'media'),
    cells('closed with 4401', 'a socket rests on the session, in every room', 'socketOpen', 'otherRoom'),
    cells('realtime.credential_ended', 'a ticket rests on the session', 'socketBroken'),
    cells('ends with the socket', 'the live room takes it back with the socket', 'typing'),
    cells('works', 'a ring is of the person, who may be signed in on another device', 'ringing'),
  ),
  removed: row(
    cells(null, 'somebody who waits is no participant: they are denied, not removed', 'waiting'),
    cells('not in media', 'a removal ends media, whatever token is still unused', ...MEDIA),
    cells('closed with 4403', 'a removal ends the sockets of the room', 'socketOpen'),
    cells('realtime.removed', 'no ticket outlives the removal', 'socketBroken'),
    cells('ends with the socket', 'the live room takes it back with the socket', 'typing'),
    cells('stays open', 'they were removed from one room', 'otherRoom'),
    cells('works', 'the other person may come; the room lets them in on its own terms', 'ringing'),
    cells('works', 'accepting answers the caller; the room still keeps them out', 'beingRung'),
    cells('rooms.removed', 'what belongs to the room is closed to them', 'voting', 'cursor'),
    cells('works', 'they describe the call they were in, up to the removal', 'samples'),
    cells('works', 'an operation belongs to the organization', 'operation'),
  ),
  demoted: row(
    cells(null, 'somebody who waits is no participant: they have no role to lose', 'waiting'),
    untouched('a viewer stays in the call, and votes; only what they may publish changes'),
  ),
  suspended: row(
    cells(
      'auth.outdated_token',
      'every request rests on the membership',
      'waiting',
      'beingRung',
      ...REQUESTS,
    ),
    cells('not in media', 'media rests on the membership, whatever token is still unused', ...MEDIA),
    cells('closed with 4403', 'the rooms of the organization are closed to them', 'socketOpen', 'otherRoom'),
    cells('realtime.removed', 'the rooms of the organization are closed to them', 'socketBroken'),
    cells('ends with the socket', 'the live room takes it back with the socket', 'typing'),
  ),
  blocked: row(
    cells('waiting', 'a block is private, and says nothing about rooms that others share', 'waiting'),
    untouched('a block is private, and says nothing about rooms that others share'),
  ),
  linkRevoked: row(
    cells('rooms.denied', 'a link that admits no newcomers admits no person that only waited', 'waiting'),
    untouched('people that came before keep what the link gave them'),
    NOT_OF_GUESTS,
  ),
  linkChanged: row(
    cells('waiting', 'only the chat is gone', 'waiting'),
    untouched('only the chat is gone'),
    NOT_OF_GUESTS,
  ),
  lobbyOn: row(
    cells('waiting', 'a lobby that is on already stays on', 'waiting'),
    untouched('a lobby is for newcomers'),
  ),
  lobbyOff: row(
    cells('admitted', 'nothing keeps them waiting any longer', 'waiting'),
    untouched(IN_THE_ROOM),
  ),
  locked: row(
    cells('rooms.locked', 'a lock is for everybody that was not admitted yet', 'waiting'),
    untouched('a lock is for newcomers'),
  ),
  capacityLowered: row(
    cells('waiting', 'they wait for a moderator; seats are counted when they come in', 'waiting'),
    untouched('people with a seat keep it, and newcomers find none'),
  ),
  roomEnded: row(
    cells('rooms.ended', 'nobody joins a room that has ended', 'waiting'),
    roomCloses('the call ends with its room'),
    cells('works', 'they describe the call they were in', 'samples'),
    cells('works', 'an operation belongs to the organization', 'operation'),
    cells('works', 'polls of a room that has ended can still be read', 'cursor'),
  ),
  roomDeleted: row(
    cells('rooms.not_found', 'the room does not exist any longer', 'waiting', 'voting', 'cursor'),
    roomCloses('the call ends with its room'),
    cells('works', 'the history of calls stays, and so does their quality', 'samples'),
    cells('works', 'an operation belongs to the organization', 'operation'),
  ),
  organizationDeleted: row(
    roomCloses('all rooms of the organization end'),
    cells('closed with 4410', 'all rooms of the organization end', 'otherRoom'),
    cells(
      'auth.outdated_token',
      'every request rests on the organization',
      'waiting',
      'ringing',
      'beingRung',
      ...REQUESTS,
    ),
  ),
  moved: row(
    cells(null, 'somebody who waits has no seat to be moved from', 'waiting'),
    untouched(
      'the socket of the room shows the way to the other one; what they had in this one stays theirs',
    ),
    cells(
      'in media',
      'their media end when they enter the other room, at the latest after half a minute',
      'media',
    ),
  ),
  brokenOut: row(
    cells(null, 'somebody who waits has no seat to be sent from', 'waiting'),
    untouched('the socket of the room shows the way to the group; what they had in this one stays theirs'),
    cells(
      'in media',
      'their media end when they enter the group, at the latest after half a minute',
      'media',
    ),
  ),
  clusterAway: row(
    cells('waiting', 'the lobby needs no cluster', 'waiting'),
    untouched('rooms, sockets and requests need no answer of the cluster'),
  ),
};

/** Pairs whose right outcome is still to be decided or built, each with what is open about it; they come before `PAIRS`. */
export const OPEN: Readonly<Partial<Record<ChangeName, Partial<Record<ActivityName, string>>>>> = {
  signedOut: { unusedToken: 'whether a media token that is still unused ends with the session' },
  suspended: { ringing: 'whether the ring of a suspended caller ends at once' },
  roomEnded: {
    ringing: 'whether a ring ends with its room',
    beingRung: 'whether a ring ends with its room',
    voting: 'whether polls close with their room',
  },
  roomDeleted: {
    ringing: 'whether a ring ends with its room',
    beingRung: 'whether a ring ends with its room',
  },
  moved: { unusedToken: 'whether a token for the room they left still lets them in' },
  brokenOut: { unusedToken: 'whether a token for the room they left still lets them in' },
};
