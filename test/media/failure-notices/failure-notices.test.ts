import { beforeEach, describe, expect, it } from 'vitest';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { COMPRESSION_REASONS } from '../../../src/media/file-compressions/file-compressions.enums.ts';
import { compressionEnded } from '../../../src/media/file-compressions/index.ts';
import { sweepIngresses } from '../../../src/media/ingresses/follow-ingresses.ts';
import { INGRESS_REASONS } from '../../../src/media/ingresses/ingresses.enums.ts';
import { ingressChanged } from '../../../src/media/ingresses/index.ts';
import { ingresses } from '../../../src/media/ingresses/ingresses.tables.ts';
import { phoneCallChanged } from '../../../src/media/phone-calls/index.ts';
import { PHONE_CALL_REASONS } from '../../../src/media/phone-calls/phone-calls.enums.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person } from '../../support/app.ts';
import { createCalls } from '../../support/calls.ts';
import { createCompression } from '../../support/file-compressions.ts';
import { insertIngress } from '../../support/ingresses.ts';
import { FakeIngresses } from '../../support/livekit/fake-ingresses.ts';
import { FakeTasks } from '../../support/media/fake-tasks.ts';
import { insertPhoneCall } from '../../support/phone-calls.ts';
import { publishEvents } from '../../support/workflows.ts';

const tasks = new FakeTasks();
const app = createTestApp({ compressionTasks: tasks });
let creator: Person;
let asking: Person;
let roomId: string;

beforeEach(async () => {
  await app.services.database.commit(systemScope, (q) => [q.delete(ingresses)]);
  creator = await app.person();
  asking = await app.person({ role: 'admin', organizationId: creator.organizationId });
  await ownerSql('update users set email_verified = true where id = any($1)', [
    [creator.userId, asking.userId],
  ]);
  const { body } = await app.send('POST', '/api/v1/rooms', { token: creator.token, body: { name: 'Room' } });
  roomId = body.id as string;
  app.mailbox.mails.length = 0;
});

/** To whom mails went since they were last asked for, in the order of their addresses. */
const mailed = () => app.mailbox.mails.splice(0).map(({ to }) => to);
const both = () => [creator.email, asking.email].toSorted();
const publish = async (event: Parameters<typeof publishEvents>[2][number]) => {
  await publishEvents(app, creator.organizationId, [event]);
  await app.drain();
};

describe('an ingress that failed', () => {
  const FAILURES = ['address_refused', 'refused', 'no_worker', 'source_failed', 'lost'];

  it.each(INGRESS_REASONS)(
    'or waits for the reason %s reaches the people concerned when it is a failure',
    async (reason) => {
      const { organizationId } = creator;
      const state = FAILURES.includes(reason) ? 'failed' : 'idle';
      const row = { organizationId, roomId, state, reason, createdBy: asking.userId } as const;
      const ingressId = await insertIngress(app, row);
      await publish(ingressChanged.of({ ingressId, roomId, callId: null, state, reason }));
      expect(mailed().toSorted()).toEqual(state === 'failed' ? both() : []);
    },
  );

  it('is mailed once in a call, however often its sender fails, and once more in the next; not when it has recovered', async () => {
    const cluster = new FakeIngresses(app.clock.now);
    const { ports } = app.services;
    ports.clusters = { ...ports.clusters, ingresses: () => cluster };
    const path = `/api/v1/rooms/${roomId}/ingresses`;
    const body = { kind: 'rtmp', name: 'Stage camera' };
    await app.send('POST', path, { token: creator.token, body });
    const [call] = await createCalls(app, [{ organizationId: creator.organizationId, roomId }]);
    const becomes = async (status: 'error' | 'publishing') => {
      cluster.session('IN_1', status);
      app.clock.advanceSeconds(1);
      await sweepIngresses(app.services);
    };
    await app.drain();
    for (let time = 0; time < 5; time++) {
      await becomes('error');
      await app.drain();
      await becomes('publishing');
      await app.drain();
    }
    expect(new Set(app.mailbox.mails.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect(app.mailbox.mails[0]).toMatchObject({
      to: creator.email,
      subject: 'Stream into the room failed: Room',
      text: expect.stringContaining('"Stage camera" into "Room"') as string,
    });
    expect(mailed().length).toBeLessThanOrEqual(3);
    await ownerSql(`update calls set status = 'ended', ended_at = $2, end_reason = 'empty' where id = $1`, [
      call!.callId,
      new Date(app.clock.now()).toISOString(),
    ]);
    await createCalls(app, [{ organizationId: creator.organizationId, roomId }]);
    app.clock.advanceSeconds(1);
    await sweepIngresses(app.services);
    await app.drain();
    // It has recovered before anybody was mailed.
    await becomes('error');
    await becomes('publishing');
    await app.drain();
    expect(mailed()).toEqual([]);
    await becomes('error');
    await app.drain();
    expect(mailed()).toEqual([creator.email]);
  });
});

describe('a telephone call that failed', () => {
  const FAILURES: readonly string[] = [
    'line_failed',
    'number_not_allowed',
    'address_refused',
    'password_unreadable',
    'refused',
    'no_worker',
    'too_late',
    'lost',
  ];
  const fail = async (reason: string, row: object = {}) => {
    const { organizationId } = creator;
    const failed = { state: 'failed', reason, endedAt: new Date(app.clock.now()), ...row } as const;
    const phoneCallId = await insertPhoneCall(app, {
      organizationId,
      roomId,
      requestedBy: asking.userId,
      ...(failed as object),
    });
    const [{ call_id: callId }] = (await ownerSql('select call_id from phone_calls where id = $1', [
      phoneCallId,
    ])) as [{ call_id: string }];
    await publish(
      phoneCallChanged.of({ phoneCallId, roomId, callId, state: 'failed', reason: reason as never }),
    );
    return callId;
  };

  it.each(FAILURES)(
    'for %s reaches the people concerned, without the number, once in a call',
    async (reason) => {
      const callId = await fail(reason);
      expect(app.mailbox.mails.some(({ text }) => text.includes('5432'))).toBe(false);
      expect(mailed().toSorted()).toEqual(both());
      await fail(reason, { callId, ...(await seatOf(callId)) });
      const keys = app.mailbox.mails.map(({ idempotencyKey }) => idempotencyKey);
      expect(keys.every((key) => key.startsWith(`${callId}.${reason}.failed`))).toBe(true);
    },
  );

  it.each(PHONE_CALL_REASONS.filter((reason) => !FAILURES.includes(reason)))(
    'for %s reaches nobody by mail',
    async (reason) => {
      await fail(reason);
      expect(mailed()).toEqual([]);
    },
  );

  it('because somebody called in and was refused reaches nobody by mail', async () => {
    await fail('lost', { direction: 'in' });
    expect(mailed()).toEqual([]);
  });
});

async function seatOf(callId: string): Promise<{ participantId: string }> {
  const [row] = await ownerSql('select participant_id from phone_calls where call_id = $1', [callId]);
  return { participantId: row!.participant_id as string };
}

describe('a compression that failed', () => {
  it.each(COMPRESSION_REASONS)(
    'for %s reaches the person who asked for it when it is a failure',
    async (reason) => {
      const isFailure = ['refused', 'too_long', 'given_up', 'service_unavailable'].includes(reason);
      const { compressionId } = await createCompression(app, asking);
      const state = isFailure ? 'failed' : 'cancelled';
      await ownerSql('update file_compressions set state = $2, reason = $3, ended_at = now() where id = $1', [
        compressionId,
        state,
        reason,
      ]);
      await publish(compressionEnded.of({ compressionId, state }));
      expect(mailed()).toEqual(isFailure ? [asking.email] : []);
    },
  );

  it('and that the setting of the organization began reaches nobody by mail', async () => {
    const { compressionId } = await createCompression(app, asking);
    await ownerSql(
      `update file_compressions set state = 'failed', reason = 'refused', requested_by = null, ended_at = now() where id = $1`,
      [compressionId],
    );
    await publish(compressionEnded.of({ compressionId, state: 'failed' }));
    expect(mailed()).toEqual([]);
  });

  it('because the service refuses it says so to a member with a confirmed address, and to nobody else', async () => {
    tasks.outcome = 'refused';
    await createCompression(app, asking);
    await ownerSql('update users set email_verified = false where id = $1', [creator.userId]);
    await createCompression(app, creator);
    for (let round = 0; round < 4; round++) {
      await app.drain();
      app.clock.advanceSeconds(10);
      await app.fileCompressors.ring();
    }
    await app.drain();
    expect(app.mailbox.mails).toMatchObject([
      {
        to: asking.email,
        subject: 'Compression of a file failed',
        text: expect.stringContaining('the file stays as it is') as string,
      },
    ]);
  });
});
