import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeCallers } from './contract/callers.ts';
import { eventsOfACall, recordedEvents } from './contract/events.ts';
import { describePeople } from './contract/participants.ts';
import { describeRooms } from './contract/rooms.ts';
import { type ClosableMediaServer, startStandIn } from './tested-media-servers.ts';

describe('the stand-in for LiveKit', () => {
  let subject: ClosableMediaServer;
  beforeAll(async () => {
    subject = await startStandIn();
  });
  afterAll(() => subject.close());

  describeCallers(() => subject);
  describeRooms(() => subject);
  describePeople(() => subject);

  it('sends exactly the events that the real server sent for a call', async () => {
    const events = await eventsOfACall(subject);
    expect(await recordedEvents()).toMatchObject(events);
  });
});
