import { systemScope } from '../../src/kernel/context/index.ts';
import { phoneCalls } from '../../src/media/phone-calls/phone-calls.tables.ts';
import { phoneNumbers } from '../../src/media/phone-numbers/phone-numbers.tables.ts';
import { phoneTrunks } from '../../src/media/phone-trunks/phone-trunks.tables.ts';
import type { TestApp } from './app.ts';
import { createCalls } from './calls.ts';

type TrunkRow = typeof phoneTrunks.$inferInsert;
type NumberRow = typeof phoneNumbers.$inferInsert;
type PhoneCallRow = typeof phoneCalls.$inferInsert;

/** Inserts a trunk without a password that allows German numbers, unless `row` says otherwise. */
export async function insertTrunk(
  app: TestApp,
  row: Pick<TrunkRow, 'organizationId'> & Partial<TrunkRow>,
): Promise<string> {
  const { ids, clock, database } = app.services;
  const id = ids.create('phoneTrunk');
  const now = new Date(clock.now());
  const defaults = {
    id,
    name: 'Main line',
    enabled: true,
    address: 'sip.provider.example',
    transport: 'tls',
    numbers: ['+493012345678', '+493012345679'],
    allowedPrefixes: ['+49', '+493'],
    createdAt: now,
    updatedAt: now,
  } satisfies Omit<TrunkRow, 'organizationId'>;
  await database.commit(systemScope, (q) => [q.insert(phoneTrunks).values({ ...defaults, ...row })]);
  return id;
}

let madeNumbers = 0;

/** Inserts a number that takes calls, unless `row` says otherwise. */
export async function insertPhoneNumber(
  app: TestApp,
  row: Pick<NumberRow, 'organizationId'> & Partial<NumberRow>,
): Promise<string> {
  const { ids, clock, database, ports } = app.services;
  const id = ids.create('phoneNumber');
  const now = new Date(clock.now());
  const defaults = {
    id,
    name: 'Main line',
    number: `+4930${1_000_000 + ++madeNumbers}`,
    enabled: true,
    allowedNetworks: ['192.0.2.0/24'],
    transferPrefixes: ['+49'],
    cluster: ports.clusters.names[0] ?? 'default',
    clusterTrunk: `ST_${madeNumbers}`,
    isSent: true,
    state: 'ready',
    stateAt: now,
    createdAt: now,
    updatedAt: now,
  } satisfies Omit<NumberRow, 'organizationId'>;
  await database.commit(systemScope, (q) => [q.insert(phoneNumbers).values({ ...defaults, ...row })]);
  return id;
}

/** Inserts a telephone call into a call of its own that is active, or the one of `row`; just answered unless it says otherwise. */
export async function insertPhoneCall(
  app: TestApp,
  row: Pick<PhoneCallRow, 'organizationId' | 'roomId'> & Partial<PhoneCallRow>,
): Promise<string> {
  const { ids, clock, database, ports } = app.services;
  const id = ids.create('phoneCall');
  const { organizationId, roomId } = row;
  const [call] = row.callId
    ? []
    : await createCalls(app, [{ organizationId, roomId, participants: [{ identity: id, kind: 'phone' }] }]);
  const now = new Date(clock.now());
  const defaults = {
    id,
    cluster: ports.clusters.names[0]!,
    callId: call?.callId ?? '',
    participantId: call?.participantIds[0] ?? '',
    number: '+493098765432',
    callerNumber: '+493012345678',
    prefix: '+49',
    name: 'Reception',
    ringSeconds: 45,
    state: 'active',
    stateAt: now,
    dialedAt: now,
    connectionSid: 'PA_1',
    answeredAt: now,
    requestedBy: 'usr_1',
    createdAt: now,
    updatedAt: now,
  } satisfies Omit<PhoneCallRow, 'organizationId' | 'roomId'>;
  await database.commit(systemScope, (q) => [q.insert(phoneCalls).values({ ...defaults, ...row })]);
  return id;
}
