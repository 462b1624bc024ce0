import { beforeEach, expect, it } from 'vitest';
import { keepOut } from '../../../src/calls/connections/keep-out.ts';
import { runAsSystem } from '../../../src/kernel/delivery/index.ts';
import { type Attendee, createMeeting, type Meeting } from '../../support/meeting.ts';
import { deliverAll, deliverEvent } from '../calls/support.ts';

let meeting: Meeting;
let eve: Attendee;

const present = () => [...meeting.mediaParticipants(eve.callId).keys()];
const removals = () => meeting.app.log.filter(({ event }) => event === 'calls.disconnected').length;

/** Connects with the token from before, and sends the webhooks of it, without the deliveries that follow. */
async function comeBack(): Promise<void> {
  const { cluster } = meeting.app.liveKit;
  cluster.join(eve.callId, eve.identity);
  for (const event of cluster.events.splice(0)) await deliverEvent(meeting.app, event);
}

beforeEach(async () => {
  meeting = await createMeeting();
  await meeting.join();
  eve = await meeting.join();
  await deliverAll(meeting.app);
});

const remove = () => meeting.send('DELETE', `/participants/${eve.participantId}`, meeting.host);

it('a removed participant who connects again is disconnected by the webhook, without the ledger', async () => {
  await remove();
  await deliverAll(meeting.app);
  await comeBack();
  expect(present()).not.toContain(eve.identity);
});

it('so is a member who has left the organization, and everybody once the call is over', async () => {
  const { app, host } = meeting;
  const path = `/api/v1/organizations/${host.organizationId}/members`;
  const { data } = (await app.send('GET', path, { token: host.token })).body;
  const memberId = data.find((each: { userId: string }) => each.userId === eve.identity).id as string;
  expect((await app.send('DELETE', `${path}/${memberId}`, { token: host.token })).status).toBe(204);
  await deliverAll(app);
  await comeBack();
  expect(present()).not.toContain(eve.identity);
  const other = await meeting.join();
  await meeting.send('POST', '/end', host, {});
  await deliverAll(app);
  app.liveKit.cluster.join(other.callId, other.identity);
  for (const event of app.liveKit.cluster.events.splice(0)) await deliverEvent(app, event);
  expect(present()).toEqual([]);
});

it('a participant who may be there stays, and so does one who was readmitted', async () => {
  await comeBack();
  expect(present()).toContain(eve.identity);
  await remove();
  await deliverAll(meeting.app);
  const path = `/participants/${eve.participantId}/readmit`;
  expect((await meeting.send('POST', path, meeting.host)).status).toBe(204);
  await comeBack();
  expect(present()).toContain(eve.identity);
  expect(removals()).toBe(0);
});

it('one who comes back again is removed again and again, until they stop or are readmitted', async () => {
  const { app } = meeting;
  const { cluster } = app.liveKit;
  const unwanted = {
    callId: eve.callId,
    identity: eve.identity,
    cluster: app.services.ports.clusters.names[0]!,
  };
  let rounds = 0;
  let backAt = 5;
  const timers = {
    random: () => 0,
    async sleep() {
      rounds++;
      if (rounds === backAt) cluster.join(eve.callId, eve.identity);
      await new Promise((resolve) => setImmediate(resolve));
      if (rounds === backAt + 100) expect(present()).not.toContain(eve.identity);
    },
  };
  const services = { ...app.services, timers };
  const keepOutAgain = () => runAsSystem(services, 'test', null, (ctx) => keepOut(ctx, unwanted));
  await remove();
  await keepOutAgain();
  expect(rounds).toBe(0);
  // They have gone before the report is handled.
  await keepOutAgain();
  expect(rounds).toBe(0);
  cluster.join(eve.callId, eve.identity);
  await keepOutAgain();
  expect(rounds).toBe(480);
  rounds = 0;
  backAt = 30;
  cluster.join(eve.callId, eve.identity);
  await meeting.send('POST', `/participants/${eve.participantId}/readmit`, meeting.host);
  await keepOutAgain();
  expect(rounds).toBe(20);
});
