import type { Hono } from 'hono';
import type { PlanName } from '../../src/identity/entitlements/index.ts';
import { type Role, signAccessToken } from '../../src/identity/access/index.ts';
import { sessions } from '../../src/identity/sessions/sessions.tables.ts';
import { users } from '../../src/identity/users/users.tables.ts';
import { members } from '../../src/identity/members/members.tables.ts';
import { organizations } from '../../src/identity/organizations/organizations.tables.ts';
import { DEFAULT_SETTINGS } from '../../src/identity/organizations/organizations.rules.ts';
import { createLocalPasswordHasher } from '../../src/identity/passwords/index.ts';
import { type Cluster, createClusters } from '../../src/calls/clusters/index.ts';
import { createModelPrices } from '../../src/billing/prices/index.ts';
import { createPayments } from '../../src/billing/providers/index.ts';
import { parseConfig } from '../../src/kernel/config/index.ts';
import { type Ports, type Services, systemScope } from '../../src/kernel/context/index.ts';
import type { LogFields } from '../../src/kernel/core/index.ts';
import { createSubscriptions, deliver, publish, type Subscription } from '../../src/kernel/delivery/index.ts';
import {
  createHealthMonitor,
  databaseProbe,
  mailProbe,
  objectStorageProbe,
} from '../../src/platform/health/index.ts';
import { createOutgoing } from '../../src/platform/outgoing/index.ts';
import { createServices } from '../../workers/context.ts';
import { createHttp } from '../../workers/http.ts';
import {
  createHostedRecognition,
  createHostedVoices,
} from '../../src/intelligence/providers/openai/index.ts';
import { createChatProviders } from '../../workers/ai-providers.ts';
import { fileDatabase } from './database/of-file.ts';
import { randomSecrets } from './environment.ts';
import { MemoryInboxes } from './memory-inboxes.ts';
import { MemoryLimiters } from './memory-limiters.ts';
import { createProvenAskers } from '../../src/intelligence/ask-authority/index.ts';
import { createMemoryBreakers } from './ai/memory-breakers.ts';
import { createMemoryGenerations, type MemoryGenerations } from './ai/memory-generations.ts';
import { createMemoryLiveRooms, type MemoryLiveRooms } from './memory-live-rooms.ts';
import { LiveKitStandIn } from './livekit/stand-in.ts';
import { AuthorizationServer } from './authorization-server.ts';
import { ToolServer, TOOL_SERVER } from './mcp-server.ts';
import { createMemoryMcpSessions } from './memory-mcp-sessions.ts';
import { MemoryRecognitions } from './memory-recognitions.ts';
import { createMailbox, type Mailbox } from './mailbox.ts';
import { createMemoryObjects, type MemoryObjects } from './memory-objects.ts';
import { StorageStandIn } from './storage/stand-in.ts';
import { createSha256 } from '../../workers/running-hash.ts';
import { createSignatureScanner } from '../../src/media/scans/index.ts';
import { createMemoryFileCompressors, type MemoryFileCompressors } from './memory-file-compressors.ts';
import { createMemoryUploads, type MemoryUploads } from './memory-uploads.ts';
import { createTestQueue, type TestQueue } from './test-queue.ts';

/** A clock that stands still until a test moves it. */
export class TestClock {
  #now = Date.now();
  now = (): number => this.#now;
  advanceSeconds(seconds: number): void {
    this.#now += seconds * 1000;
  }
}

export interface Person {
  userId: string;
  email: string;
  organizationId: string;
  sessionId: string;
  role: Role;
  /** The plan that the token states. */
  plan?: PlanName;
  token: string;
}

export interface TestResponse {
  status: number;
  headers: Headers;
  body: any; // eslint-disable-line typescript/no-explicit-any -- the shape is what tests look into
}

export interface TestApp {
  app: Hono;
  /** The platform operator's credential. */
  operator: string;
  services: Services;
  clock: TestClock;
  /** The mail provider: what the product sent. */
  mailbox: Mailbox;
  /** Object storage: what the product put there. */
  objects: MemoryObjects;
  /** The live objects that keep resumable uploads. */
  uploads: MemoryUploads;
  /** The live objects that compress files. */
  fileCompressors: MemoryFileCompressors;
  /** The live objects that ask models. */
  generations: MemoryGenerations;
  /** The live rooms: the commands they received. */
  liveRooms: MemoryLiveRooms;
  /** The media cluster: a simulation that speaks LiveKit's API. */
  liveKit: LiveKitStandIn;
  /** The inboxes of all people: their devices, and the frames those received. */
  inboxes: MemoryInboxes;
  /** What customers keep their own buckets on. */
  storage: StorageStandIn;
  /** An MCP server of somebody else. */
  toolServer: ToolServer;
  /** The authorization server of that MCP server. */
  authorizationServer: AuthorizationServer;
  /** The queue of wakeups, which wait for `drain`. */
  queue: TestQueue;
  /**
   * Delivers the events written so far through the product's own consumer, until nothing more is due at the clock's time.
   * @param subscriptions from now on the only subscribers of the app
   * @returns how many wakeups were consumed
   */
  drain(subscriptions?: readonly Subscription[]): Promise<number>;
  /** Every line that the product logged. */
  log: { level: string; event: string; fields: LogFields }[];
  /** Round trips to the database since the app was created. */
  roundTrips(): number;
  /** Sends a request as a client would, and waits for what runs after the response. */
  send(
    method: string,
    path: string,
    options?: {
      token?: string;
      body?: unknown;
      headers?: Record<string, string>;
      raw?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
      /** The caller's location, as the network reports it. */
      continent?: string;
    },
  ): Promise<TestResponse>;
  /** A person with an organization of their own, or with a role in a given one, which is on the plan. */
  person(options?: { role?: Role; organizationId?: string; plan?: PlanName }): Promise<Person>;
}

/**
 * The product over the run's database, with ports of its own that fail only on request.
 * @param configOverrides configuration that differs from the usual one
 */
export function createTestApp(
  ports: Partial<Ports> = {},
  configOverrides: Record<string, string> = {},
): TestApp {
  const clock = new TestClock();
  const log: TestApp['log'] = [];
  const config = parseConfig({
    ENVIRONMENT: 'development',
    PUBLIC_URL: 'http://auralink.test',
    CORS_ORIGINS: 'https://app.auralink.test',
    APP_URL: 'https://app.auralink.test',
    MAIL_FROM: 'AuraLink <no-reply@auralink.test>',
    MAIL_API_URL: 'http://mail.auralink.test',
    NEON_LOCAL_ENDPOINT: fileDatabase().endpoint,
    DATABASE_URL: fileDatabase().connectionString,
    ...randomSecrets(),
    ...configOverrides,
  });
  const mailbox = createMailbox();
  const objects = createMemoryObjects(clock.now);
  const uploads = createMemoryUploads(objects);
  const fileCompressors = createMemoryFileCompressors(objects, () => services);
  const generations = createMemoryGenerations(() => services);
  const liveRooms = createMemoryLiveRooms();
  const inboxes = new MemoryInboxes(clock.now, () => services);
  // Name and ids are unique, because apps share the run's database and a sweep covers all calls of a cluster.
  const series = Math.floor(Math.random() * 2 ** 32);
  const liveKit = new LiveKitStandIn({ now: clock.now, series });
  const storage = new StorageStandIn(clock.now);
  const toolServer = new ToolServer();
  const authorizationServer = new AuthorizationServer();
  const outgoing = createOutgoing({
    resolver: PUBLIC_RESOLVER,
    allowed: config.OUTGOING_ALLOWED,
    fetcher: (url, init) => {
      if (url === TOOL_SERVER) return toolServer.fetch(TOOL_SERVER, init);
      if (authorizationServer.answers(url)) return authorizationServer.fetch(url, init);
      return config.OUTGOING_ALLOWED.some((address) => url.startsWith(address))
        ? fetch(url, init)
        : storage.fetch(url, init);
    },
    requestTimeoutMs: 2_000,
  });
  const queue = createTestQueue();
  // Apps share the run's database: each publishes only in the partitions that it wrote to.
  const partitions = new Set<string>();
  let roundTrips = 0;
  const services = createServices(
    config,
    {
      analytics: { write: () => undefined },
      clusters: createClusters([clusterOf(liveKit, `test-${series}`)], clock, (url, init) =>
        liveKit.fetch(url, init),
      ),
      health: createHealthMonitor([databaseProbe, objectStorageProbe, mailProbe]),
      ...new MemoryLimiters(clock).ports(),
      limiter: unlimitedLimiter,
      liveGenerations: generations,
      mcpSessions: createMemoryMcpSessions(clock.now),
      modelBreakers: createMemoryBreakers(() => services),
      recognitions: new MemoryRecognitions(() => services),
      provenAskers: createProvenAskers(clock),
      liveRooms,
      inboxes,
      mailer: mailbox,
      objects,
      outgoing,
      uploads,
      scanner: createSignatureScanner(),
      createSha256,
      compression: undefined,
      compressionTasks: undefined,
      fileCompressors,
      wakeupQueue: queue,
      pages: {
        files: async (page) => ({
          script: `/assets/${page}.js`,
          style: `/assets/${page}.css`,
          icon: '/assets/join.svg',
        }),
      },
      referencePages: {
        files: async () => ({
          script: '/assets/docs.js',
          scalar: '/assets/scalar.js',
          style: '/assets/docs.css',
          icon: '/assets/docs.svg',
        }),
      },
      payments: createPayments({}),
      chat: createChatProviders(config, outgoing),
      hostedRecognition: createHostedRecognition('http://127.0.0.1:1'),
      hostedVoices: createHostedVoices('http://127.0.0.1:1'),
      memoryEmbeddings: undefined,
      modelPrices: createModelPrices(clock),
      speech: undefined,
      captioner: undefined,
      passwords: createLocalPasswordHasher({ parameters: CHEAP_HASH_PARAMETERS }),
      ...ports,
    },
    clock,
    () => roundTrips++,
  );
  const recordLog =
    (level: string) =>
    (event: string, fields: LogFields = {}) =>
      void log.push({ level, event, fields });
  services.timers = { sleep: () => new Promise((resolve) => setImmediate(resolve)), random: () => 0.5 };
  services.log = { info: recordLog('info'), warn: recordLog('warn'), error: recordLog('error') };
  const publishEvents = async (writtenPartitions: string[]) =>
    writtenPartitions.forEach((partition) => partitions.add(partition));
  const app = createHttp({ services, publishEvents, verifyReplies: true });

  const drain: TestApp['drain'] = async (handlers) => {
    if (handlers) services.subscriptions = createSubscriptions(handlers);
    let consumed = 0;
    while ((await publish(services, [...partitions])) > 0 || queue.wakeups.length > 0)
      for (const wakeup of queue.wakeups.splice(0)) {
        const pending: Promise<unknown>[] = [];
        const delivery = await deliver(services, wakeup, (work) => pending.push(work));
        await Promise.all(pending);
        delivery.partitions.forEach((partition) => partitions.add(partition));
        consumed++;
      }
    return consumed;
  };

  const send: TestApp['send'] = async (method, path, { token, body, headers = {}, raw, continent } = {}) => {
    const pending: Promise<unknown>[] = [];
    const executionContext = {
      waitUntil: (work: Promise<unknown>) => void pending.push(work),
      passThroughOnException: () => undefined,
      props: {},
    };
    const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const request = new Request(`http://auralink.test${path}`, {
      method,
      headers: {
        ...(content === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...headers,
      },
      ...(content === undefined ? {} : { body: content, duplex: 'half' }),
    });
    if (continent) Object.defineProperty(request, 'cf', { value: { continent } });
    const response = await app.fetch(request, {}, executionContext);
    const text = await response.text();
    await Promise.all(pending);
    const json = /[/+]json(;|$)/.test(response.headers.get('content-type') ?? '') && text !== '';
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
  };

  const person: TestApp['person'] = async ({ role = 'owner', organizationId, plan = 'free' } = {}) => {
    const now = new Date(clock.now());
    const userId = services.ids.create('user');
    const sessionId = services.ids.create('session');
    const organization = organizationId ?? services.ids.create('organization');
    partitions.add(organization);
    const email = `${userId}@auralink.test`;
    await services.database.commit(systemScope, (q) => [
      q.insert(users).values({
        id: userId,
        email,
        emailVerified: true,
        name: 'Test Person',
        createdAt: now,
        updatedAt: now,
      }),
      ...(organizationId
        ? []
        : [
            q.insert(organizations).values({
              id: organization,
              name: 'Test',
              slug: organization.replace('_', '-'),
              plan,
              settings: DEFAULT_SETTINGS,
              createdBy: userId,
              createdAt: now,
              updatedAt: now,
            }),
          ]),
      q.insert(members).values({
        id: services.ids.create('member'),
        organizationId: organization,
        userId,
        role,
        createdAt: now,
        updatedAt: now,
      }),
      q.insert(sessions).values({
        id: sessionId,
        userId,
        tokenHash: sessionId,
        organizationId: organization,
        createdAt: now,
        updatedAt: now,
        expiresAt: new Date(now.getTime() + 100 * 365 * 86_400_000),
      }),
    ]);
    const token = await signAccessToken(
      services.signer,
      { userId, sessionId, membership: { organizationId: organization, role, plan } },
      300,
    );
    return { userId, email, organizationId: organization, sessionId, role, plan, token };
  };

  return {
    app,
    operator: config.OPERATOR_TOKEN,
    services,
    clock,
    mailbox,
    objects,
    uploads,
    fileCompressors,
    liveKit,
    inboxes,
    generations,
    liveRooms,
    storage,
    toolServer,
    authorizationServer,
    queue,
    drain,
    log,
    roundTrips: () => roundTrips,
    send,
    person,
  };
}

const clusterOf = ({ apiKey, apiSecret }: LiveKitStandIn, name: string): Cluster => ({
  name,
  url: 'wss://media.auralink.test',
  apiUrl: 'http://media.auralink.test',
  apiKey,
  apiSecret,
  continents: [],
});

/** Every name leads to the public internet: the guard has tests of its own. */
const PUBLIC_RESOLVER = { resolve: async () => ['93.184.216.34'] };

/** Admits every request: limits have tests of their own. */
const unlimitedLimiter: Ports['limiter'] = {
  take: (_who, rule) => ({ admitted: true, rule, remaining: rule.limit, resetSeconds: rule.windowSeconds }),
};

/** Password hashes at a cost that tests can pay; the real cost is tested once. */
const CHEAP_HASH_PARAMETERS = { ln: 4, r: 8, p: 1 };
