import { createExecutionContext } from 'cloudflare:test';
import { expect } from 'vitest';
import { createHashingQueue } from '../../src/identity/passwords/index.ts';
import {
  type RoomTicketClaims,
  signRoomTicket,
  ROOM_SUBPROTOCOL,
} from '../../src/realtime/protocol/index.ts';
import { getServices } from '../../workers/context.ts';
import worker from '../../workers/index.ts';
import { createWorkerEnv } from './worker-env.ts';
import { provideServices, RoomClient } from './live-room-client.ts';
import { ALL_FEATURES } from './room-ticket.ts';

/** A room in the whole Worker: the HTTP entrypoint, the live object, the run's database. */
export interface WorkerRoom {
  roomId: string;
  /** While true the live room cannot reach the database. */
  isDatabaseDown: boolean;
  call(method: string, path: string, body?: unknown): Promise<any>; // eslint-disable-line typescript/no-explicit-any -- looked into
  /** Uploads a file of the host. @returns its id */
  upload(content: string, query: string): Promise<string>;
  /** Opens a socket over HTTP and says hello. */
  connect(claims?: Partial<RoomTicketClaims>): Promise<RoomClient>;
}

const rejectCall = () => Promise.reject(new Error('the database is down'));

/** Signs a person up and creates a room that they host. */
export async function createWorkerRoom(settings: Record<string, unknown> = {}): Promise<WorkerRoom> {
  // The cost of hashing is tested in `identity/passwords`.
  const cheapObjects = { getByName: () => createHashingQueue({ parameters: { ln: 4, r: 8, p: 1 } }) };
  const { env } = createWorkerEnv({ PASSWORD_HASHER: cheapObjects as unknown as Env['PASSWORD_HASHER'] });
  const services = getServices(env);
  provideServices(() => {
    if (!room.isDatabaseDown) return services;
    return { ...services, database: { ...services.database, commit: rejectCall, read: rejectCall } };
  });

  const send = async (method: string, path: string, body?: unknown, token?: string) => {
    const request = new Request<unknown, IncomingRequestCfProperties>(`http://auralink.test/api/v1${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body ? { 'content-length': String(JSON.stringify(body).length) } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const response = await worker.fetch(request, env, createExecutionContext());
    expect(response.status, await response.clone().text()).toBeLessThan(300);
    return response.json<any>(); // eslint-disable-line typescript/no-explicit-any -- looked into
  };

  const email = `${crypto.randomUUID()}@auralink.test`;
  const { accessToken } = await send('POST', '/auth/signup', {
    email,
    password: 'correct-tulip-42-window',
    name: 'Ada',
  });
  const { organizationId, id: userId } = await send('GET', '/auth/whoami', undefined, accessToken);
  const { id: roomId } = await send('POST', '/rooms', { name: 'Standup', ...settings }, accessToken);
  const hostClaims: RoomTicketClaims = {
    organizationId,
    roomId,
    identity: userId,
    participantId: null,
    callId: null,
    name: 'Ada',
    role: 'host',
    kind: 'user',
    userId,
    linkId: null,
    credential: null,
    lobbyEntryId: null,
    features: ALL_FEATURES,
  };

  const room: WorkerRoom = {
    roomId,
    isDatabaseDown: false,
    call: (method, path, body) => send(method, path, body, accessToken),
    async upload(content, query) {
      const { id } = await send('POST', `/files?${query}`, content, accessToken);
      return id;
    },
    async connect(claims = {}) {
      const ticket = await signRoomTicket(services.signer, { ...hostClaims, ...claims });
      const request = new Request<unknown, IncomingRequestCfProperties>(
        `http://auralink.test/api/v1/rooms/${roomId}/socket`,
        {
          headers: {
            Upgrade: 'websocket',
            'Sec-WebSocket-Protocol': `${ROOM_SUBPROTOCOL}, ticket.${ticket}`,
          },
        },
      );
      const response = await worker.fetch(request, env, createExecutionContext());
      expect(response.status).toBe(101);
      expect(response.headers.get('sec-websocket-protocol')).toBe(ROOM_SUBPROTOCOL);
      return new RoomClient(response.webSocket!).greet();
    },
  };
  return room;
}
