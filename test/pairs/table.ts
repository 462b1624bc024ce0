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

/** For a session that ends. */
const sessionEnds: Row = row(
  cells('auth.invalid_token', 'every request rests on the session', 'waiting', 'beingRung', ...REQUESTS),
  cells('not in media', 'media rests on the session, whatever token is still unused', ...MEDIA),
  cells('closed with 4401', 'a socket rests on the session, in every room', 'socketOpen', 'otherRoom'),
  cells('realtime.credential_ended', 'a ticket rests on the session', 'socketBroken'),
  cells('ends with the socket', 'the live room takes it back with the socket', 'typing'),
  cells('works', 'a ring is of the person, who may be signed in on another device', 'ringing'),
);

/** For a membership that ends. */
const membershipEnds: Row = row(
  cells('auth.outdated_token', 'every request rests on the membership', 'waiting', 'beingRung', ...REQUESTS),
  cells('not in media', 'media rests on the membership, whatever token is still unused', ...MEDIA),
  cells('closed with 4403', 'the rooms of the organization are closed to them', 'socketOpen', 'otherRoom'),
  cells('realtime.removed', 'the rooms of the organization are closed to them', 'socketBroken'),
  cells('ends with the socket', 'the live room takes it back with the socket', 'typing'),
  cells('ringing.over', 'nobody is called to somebody who cannot come', 'ringing'),
);

/** For a link that admits nobody any longer. */
const linkEnds: Row = row(
  cells('rooms.denied', 'a link that admits no newcomers admits no person that only waited', 'waiting'),
  untouched('people that came before keep what the link gave them'),
  NOT_OF_GUESTS,
);

/** For somebody who is sent to another room. */
const sentElsewhere = (destination: string): Row =>
  row(
    cells(null, 'somebody who waits has no seat to be sent from', 'waiting'),
    untouched(
      `the socket of the room shows the way to the ${destination}; what they had in this one stays theirs`,
    ),
    cells(
      'in media',
      `old media last, and an old token connects, until they enter the ${destination}, at most for half a minute`,
      ...MEDIA,
    ),
  );

const IN_THE_ROOM = 'people in the room stay as they are';

/** What is right when something happens to somebody while they are doing something: the specification of these pairs. */
export const PAIRS: Readonly<Record<ChangeName, Row>> = {
  signedOut: sessionEnds,
  passwordChanged: sessionEnds,
  removed: row(
    cells(null, 'somebody who waits is no participant: they are denied, not removed', 'waiting'),
    cells('not in media', 'a removal ends media, whatever token is still unused', ...MEDIA),
    cells('closed with 4403', 'a removal ends the sockets of the room', 'socketOpen'),
    cells('realtime.removed', 'no ticket outlives the removal', 'socketBroken'),
    cells('ends with the socket', 'the live room takes it back with the socket', 'typing'),
    cells('stays open', 'they were removed from one room', 'otherRoom'),
    cells(
      'ringing.over',
      'they can neither call others into the room nor be called into it',
      'ringing',
      'beingRung',
    ),
    cells('rooms.removed', 'what belongs to the room is closed to them', 'voting', 'cursor'),
    cells('works', 'they describe the call they were in, up to the removal', 'samples'),
    cells('works', 'an operation belongs to the organization', 'operation'),
  ),
  demoted: row(
    cells(null, 'somebody who waits is no participant: they have no role to lose', 'waiting'),
    untouched('a viewer stays in the call, and votes; only what they may publish changes'),
    cells('in media as viewer', 'the role counts at once, whatever an unused token says', ...MEDIA),
  ),
  demotedInOrganization: row(
    cells(null, 'administrators do not wait', 'waiting'),
    untouched('they stay, and their client refreshes its token; in rooms they are what members are'),
    cells('in media', 'they are a participant at once, whatever an unused token says', ...MEDIA),
  ),
  suspended: membershipEnds,
  removedFromOrganization: membershipEnds,
  blocked: row(
    cells('waiting', 'a block is private, and says nothing about rooms that others share', 'waiting'),
    untouched('a block is private, and says nothing about rooms that others share'),
    cells(
      'ringing.not_found',
      'the ring is hidden from the person who blocked its caller, and looks unanswered to the caller',
      'ringing',
    ),
    cells('ringing.over', 'somebody who blocks a person does not want to meet them now', 'beingRung'),
  ),
  linkRevoked: linkEnds,
  linkDeleted: linkEnds,
  linkChanged: row(
    cells('waiting', 'a link still leads to the room', 'waiting'),
    untouched('a link counts when somebody joins by it; what changes for all at once is set in the room'),
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
    cells('waiting', 'moderators see them and can still admit them', 'waiting'),
    untouched('a lock is for newcomers'),
  ),
  capacityLowered: row(
    cells('waiting', 'they wait for a moderator; seats are counted when they come in', 'waiting'),
    untouched('people with a seat keep it, and newcomers find none'),
  ),
  roomEnded: row(
    cells('rooms.ended', 'nobody joins a room that has ended', 'waiting'),
    roomCloses('the call ends with its room'),
    cells('ringing.over', 'a ring ends with its room', 'ringing', 'beingRung'),
    cells('polls.closed', 'polls close with their room, and show their results', 'voting'),
    cells('works', 'they describe the call they were in', 'samples'),
    cells('works', 'an operation belongs to the organization', 'operation'),
    cells('works', 'polls of a room that has ended can still be read', 'cursor'),
  ),
  roomDeleted: row(
    cells('rooms.not_found', 'the room does not exist any longer', 'waiting', 'voting', 'cursor'),
    roomCloses('the call ends with its room'),
    cells('ringing.over', 'a ring ends with its room', 'ringing', 'beingRung'),
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
  moved: sentElsewhere('other room'),
  brokenOut: sentElsewhere('group'),
  clusterAway: row(
    cells('waiting', 'the lobby needs no cluster', 'waiting'),
    untouched('rooms, sockets and requests need no answer of the cluster'),
  ),
};
