import {
  createExecutionContext,
  runDurableObjectAlarm,
  runInDurableObject,
  waitOnExecutionContext,
} from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { signAccessToken } from '../../src/identity/access/index.ts';
import { sessions } from '../../src/identity/sessions/sessions.tables.ts';
import { users } from '../../src/identity/users/users.tables.ts';
import { members } from '../../src/identity/members/members.tables.ts';
import { organizations } from '../../src/identity/organizations/organizations.tables.ts';
import { DEFAULT_SETTINGS } from '../../src/identity/organizations/organizations.rules.ts';
import { INBOX_SUBPROTOCOL, type InboxClaims, type InboxServerFrame } from '../../src/people/inbox/index.ts';
import { setServicesResolver } from '../../durable-objects/resolve-services.ts';
import { createInboxes } from '../../durable-objects/stubs.ts';
import { type Services, systemScope } from '../../src/kernel/context/index.ts';
import { getServices } from '../../workers/context.ts';
import worker from '../../workers/index.ts';
import { SocketClient, workersTransport } from './socket-client.ts';
import { createWorkerEnv } from './worker-env.ts';

const { env: workerEnv } = createWorkerEnv();
export const services = getServices(workerEnv);
export const port = createInboxes(env.USER_INBOX);
// An inbox proves each ticket in the run's database.
setServicesResolver(() => services);

export interface SignedInPerson extends InboxClaims {
  token: string;
}

/** Signs a person in, in an organization of their own or in a given one. */
export async function createSignedInPerson(organizationId?: string): Promise<SignedInPerson> {
  const { ids, clock, database, signer } = services;
  const now = new Date(clock.now());
  const times = { createdAt: now, updatedAt: now };
  const [userId, sessionId] = [ids.create('user'), ids.create('session')];
  const organization = organizationId ?? ids.create('organization');
  const organizationRow = {
    id: organization,
    name: 'Test',
    slug: organization.replace('_', '-'),
    settings: DEFAULT_SETTINGS,
    ...times,
  };
  const expiresAt = new Date(clock.now() + 3_600_000);
  const member = {
    id: ids.create('member'),
    organizationId: organization,
    userId,
    role: 'member' as const,
    ...times,
  };
  await database.commit(systemScope, (q) => [
    q.insert(users).values({ id: userId, email: `${userId}@auralink.test`, name: 'Ada', ...times }),
    ...(organizationId ? [] : [q.insert(organizations).values(organizationRow)]),
    q.insert(members).values(member),
    q.insert(sessions).values({ id: sessionId, userId, tokenHash: sessionId, expiresAt, ...times }),
  ]);
  const membership = { organizationId: organization, role: 'member', plan: 'free' };
  const token = await signAccessToken(signer, { userId, sessionId, membership }, 3_600);
  return { userId, organizationId: organization, sessionId, role: 'member', plan: 'free', token };
}

/** Sends a request to the Worker as a client does. */
export async function fetchWorker(
  path: string,
  headers: Record<string, string>,
  init: { method?: string; body?: string } = {},
): Promise<Response> {
  const context = createExecutionContext();
  const request = new Request<unknown, IncomingRequestCfProperties>(`http://auralink.test${path}`, {
    ...init,
    headers,
  });
  const response = await worker.fetch(request, workerEnv, context);
  await waitOnExecutionContext(context);
  return response;
}

/** Calls the API as the person does. */
export async function call({ token }: SignedInPerson, method: string, path: string, body?: object) {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body ? { 'content-type': 'application/json' } : {}),
  };
  const response = await fetchWorker(path, headers, {
    method,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
}

export const inboxObject = ({ organizationId, userId }: InboxClaims) =>
  env.USER_INBOX.getByName(`${organizationId}:${userId}`);

/**
 * Connects the live object to the run's database until it is evicted.
 * @param laterMs milliseconds that its clock is ahead
 */
export async function provideServices(claims: InboxClaims, laterMs = 0): Promise<void> {
  const clock = { now: () => Date.now() + laterMs };
  const equipped: Services = { ...services, clock };
  await runInDurableObject(inboxObject(claims), (instance) => {
    Object.assign(instance, { clock, services: () => equipped });
  });
}

/** Moves the object's clock, and runs its alarm. */
export async function runAlarmLater(claims: InboxClaims, laterMs: number): Promise<boolean> {
  await provideServices(claims, laterMs);
  const ran = await runDurableObjectAlarm(inboxObject(claims));
  await provideServices(claims);
  return ran;
}

/** A client of an inbox's real socket. */
export class InboxClient extends SocketClient<InboxServerFrame> {
  constructor(socket: WebSocket) {
    super(workersTransport(socket));
  }

  /** Waits until everything that was sent before is answered; the runtime delivers in order. */
  async waitForDelivery(): Promise<void> {
    const pongs = this.framesOf('pong').length;
    this.send('{"type":"ping" }'); // differs from the ping text that the runtime answers itself
    await this.waitUntil(() => this.framesOf('pong').length > pongs, 'pong');
  }

  get noteNumbers(): unknown[] {
    return this.framesOf('notification').map(({ notification }) => notification.payload.number);
  }
}

export async function open(claims: InboxClaims): Promise<InboxClient> {
  const { organizationId, userId, sessionId, role, plan } = claims;
  const request = new Request('http://auralink.test/api/v1/me/socket', {
    headers: { Upgrade: 'websocket', 'Sec-WebSocket-Protocol': INBOX_SUBPROTOCOL },
  });
  const response = await port.connect(request, { organizationId, userId, sessionId, role, plan });
  return new InboxClient(response.webSocket!);
}

/** A device that has said hello and got its answer. */
export async function connect(
  claims: InboxClaims,
  cursor?: { epoch: string; seq: number },
): Promise<InboxClient> {
  const device = await open(claims);
  device.send({ type: 'hello', ...(cursor ? { cursor } : {}) });
  await device.waitForFrame(cursor ? 'resumed' : 'welcome');
  return device;
}

export const createNote = (number: number) => ({
  type: 'notification' as const,
  key: `note:${number}`,
  notification: { type: 'room.invited', payload: { number } },
});
