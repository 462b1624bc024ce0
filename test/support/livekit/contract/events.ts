import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ClusterEvent } from '../shapes.ts';
import { callApi, createRoomName, type TestedMediaServer, eventSummaries } from './tested-media-server.ts';

/** Bodies of webhooks as the real server sends them, without what differs between runs. */
export const WEBHOOKS_FIXTURE = join(import.meta.dirname, '../__snapshots__/webhooks.json');

const DIFFERS = new Set([
  'turnPassword',
  'numParticipants',
  'numPublishers',
  'version',
  'cid',
  'mid',
  'ssrc',
]);
const MOMENTS = /^(createdAt|creationTime|joinedAt)(Ms)?$/;
const ORDER = ['participant_joined', 'track_published', 'track_unpublished', 'participant_left'];

/** The event with ids and times that are the same in each run. */
function redacted(value: unknown, names: Map<string, string>): unknown {
  if (Array.isArray(value)) return value.map((each) => redacted(each, names));
  if (typeof value === 'string') return names.get(value) ?? value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !DIFFERS.has(key))
      .map(([key, each]) => [
        key,
        MOMENTS.test(key) ? (key.endsWith('Ms') ? '1795000000123' : '1795000000') : redacted(each, names),
      ]),
  );
}

/** A sort key that does not depend on the order in which events of different participants arrived. */
function place({ event, participant, track }: ClusterEvent): string {
  if (event === 'room_started') return '0';
  if (event === 'room_finished') return '9';
  return `1 ${participant?.identity} ${ORDER.indexOf(event)} ${track?.source}`;
}

function comparable(events: ClusterEvent[], room: string): ClusterEvent[] {
  const names = new Map([[room, 'call_1']]);
  const sorted = events.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
  for (const [index, { id, room: of, participant, track }] of sorted.entries())
    for (const sid of [id, of.sid, participant?.sid, track?.sid])
      if (typeof sid === 'string' && !names.has(sid)) names.set(sid, `${sid.slice(0, 3)}redacted${index}`);
  return redacted(sorted, names) as ClusterEvent[];
}

/** Plays a small call and returns its events in comparable form. */
export async function eventsOfACall(subject: TestedMediaServer): Promise<ClusterEvent[]> {
  const room = createRoomName();
  await subject.join(room, 'usr_a', 'Ada');
  await subject.publish(room, 'usr_a', 'MICROPHONE');
  await subject.publish(room, 'usr_a', 'CAMERA');
  await subject.join(room, 'usr_b', 'Ben');
  await expect.poll(() => eventSummaries(subject, room).length).toBe(5);
  await subject.leave(room, 'usr_b');
  await subject.leave(room, 'usr_a');
  await callApi(subject, 'DeleteRoom', { roomCreate: true }, { room });
  await expect.poll(() => eventSummaries(subject, room).length).toBe(10);
  return comparable(subject.events(room), room);
}

export async function recordedEvents(): Promise<ClusterEvent[]> {
  return JSON.parse(await readFile(WEBHOOKS_FIXTURE, 'utf8')) as ClusterEvent[];
}
