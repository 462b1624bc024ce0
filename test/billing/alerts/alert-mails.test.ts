import { beforeEach, describe, expect, it } from 'vitest';
import { ownerSql } from '../../contract/sql.ts';
import type { Person, TestApp } from '../../support/app.ts';
import { createDocumentsMeter, recordMinutes } from '../usage/support.ts';
import { createAppInMidMonth, listAlerts, setThresholds } from './support.ts';

let app: TestApp;
let owner: Person;

beforeEach(async () => {
  app = createAppInMidMonth();
  owner = await app.person();
});

async function use(key: string, minutes: number) {
  await recordMinutes(app, owner, key, minutes);
  await app.drain();
}
const recipients = () => app.mailbox.mails.map(({ to }) => to).toSorted();

describe('the mail of an alert', () => {
  it('goes to active owners and administrators with a confirmed address, and says what is used', async () => {
    const { organizationId } = owner;
    const admin = await app.person({ role: 'admin', organizationId });
    await app.person({ role: 'member', organizationId });
    const unconfirmed = await app.person({ role: 'admin', organizationId });
    await ownerSql('update users set email_verified = false where id = $1', [unconfirmed.userId]);
    const former = await app.person({ role: 'admin', organizationId });
    await ownerSql(`update members set status = 'suspended' where user_id = $1`, [former.userId]);
    await use('call', 812);
    expect(recipients()).toEqual([owner.email, admin.email].toSorted());
    const { subject, text } = app.mailbox.latestTo(owner.email);
    expect(subject).toContain('has used 80% of its included participant minutes');
    expect(text).toContain('participant minutes: 812.');
    expect(text).toContain('Your plan includes 1,000 in a month; 80% of that is used.');
  });

  it('is sent once to each, also when the provider fails in between', async () => {
    const admin = await app.person({ role: 'admin', organizationId: owner.organizationId });
    app.mailbox.misbehave('lost_answer');
    app.mailbox.misbehave('unavailable');
    await use('call', 812);
    app.clock.advanceSeconds(600);
    await app.drain();
    expect(recipients()).toEqual([owner.email, admin.email].toSorted());
  });

  it('is one for thresholds that are reached at the same moment: that of the largest', async () => {
    await use('call', 1_300);
    expect(await listAlerts(owner)).toHaveLength(2);
    expect(app.mailbox.mails.map(({ subject }) => subject)).toEqual([
      expect.stringContaining('has used 100% of its included participant minutes'),
    ]);
  });

  it('is sent for the first five alerts of a day, and again on the next', async () => {
    await createDocumentsMeter(app, owner);
    const quantities = [1, 2, 3, 4, 5, 6, 7, 8];
    const body = (id: number) => ({
      specversion: '1.0',
      id: `document-${id}`,
      source: '/documents',
      type: 'acme.documents',
      data: { quantity: 1 },
    });
    await setThresholds(
      app,
      owner,
      quantities.map((quantity) => ({ meter: 'acme.documents', quantity })),
    );
    const sendOne = async (id: number) => {
      await app.send('POST', '/api/v1/usage/events', { token: owner.token, body: body(id) });
      await app.drain();
      app.clock.advanceSeconds(1);
    };
    for (const id of quantities.slice(0, 7)) await sendOne(id);
    expect(await listAlerts(owner)).toHaveLength(7);
    expect(app.mailbox.mails).toHaveLength(5);
    app.clock.advanceSeconds(86_400);
    owner = await app.person({ role: 'owner', organizationId: owner.organizationId });
    await sendOne(8);
    expect(app.mailbox.mails).toHaveLength(5 + 2);
  });

  it('is not sent once the organization is deleted', async () => {
    await recordMinutes(app, owner, 'call', 900);
    app.mailbox.misbehave('unavailable');
    await app.drain();
    expect(await listAlerts(owner)).toHaveLength(1);
    const path = `/api/v1/organizations/${owner.organizationId}`;
    expect((await app.send('DELETE', path, { token: owner.token })).status).toBeLessThan(300);
    app.clock.advanceSeconds(600);
    await app.drain();
    expect(app.mailbox.mails).toEqual([]);
  });
});
