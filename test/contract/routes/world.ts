import { createSpeechService } from '../../../src/intelligence/providers/speech-service/index.ts';
import { z } from '@hono/zod-openapi';
import { type Role, ROLES } from '../../../src/identity/access/index.ts';
import { organizations } from '../../../src/identity/organizations/organizations.tables.ts';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { type IdKind, exampleId, ID_PREFIXES, systemClock } from '../../../src/kernel/core/index.ts';
import { FakeTasks } from '../../support/media/fake-tasks.ts';
import type { Payments } from '../../../src/billing/providers/index.ts';
import type { Route } from '../../../src/platform/http/index.ts';
import { createTestApp, type Person, type TestApp, type TestResponse } from '../../support/app.ts';
import { AGENTS_SECRET } from '../../support/call-agents.ts';
import { SpeechStandIn } from '../../support/ai/speech-stand-in.ts';
import { AiStandIn, STAND_IN_KEY } from '../../support/ai/stand-in.ts';
import { createPaddle } from '../../support/payments/paddle.ts';
import { createStripePayments, startStripe } from '../../support/payments/stripe.ts';
import { resourceFactories, UNUSED_MOMENT } from './resources.ts';

/** Every person in whose name the generated suites call every route. */
export interface World {
  app: TestApp;
  owner: Person;
  /** Owns another organization. */
  otherOwner: Person;
  operatorToken: string;
}

/** The stand-in of the speech service that the worlds of a process share. It decodes no sound: what waits for that waits. */
let speech: Promise<SpeechStandIn> | undefined;
async function startSpeech(): Promise<SpeechStandIn> {
  const standIn = new SpeechStandIn();
  await standIn.start();
  standIn.isDecoding = false;
  return standIn;
}

/** The stand-in of Stripe that the worlds of a process share, with the catalogue made; Paddle only signs events. */
let stripe: Promise<Payments> | undefined;
async function startPayments(): Promise<Payments> {
  const { url } = await startStripe();
  const payments = createStripePayments(url, systemClock, { paddle: createPaddle(url, systemClock) });
  await payments.of('stripe').ensureCatalog();
  return payments;
}

/** The stand-in of a provider of AI that the worlds of a process share. */
let ai: Promise<AiStandIn> | undefined;

export async function createWorld(): Promise<World> {
  stripe ??= startPayments();
  ai ??= new AiStandIn().start();
  speech ??= startSpeech();
  const { url, secret } = await speech;
  const app = createTestApp(
    {
      captioner: { run: async () => undefined, end: async () => undefined },
      payments: await stripe,
      compressionTasks: new FakeTasks(),
      speech: createSpeechService({
        url,
        secret,
        connect: () => Promise.reject(new Error('no sockets in Node')),
      }),
    },
    {
      ANTHROPIC_API_KEY: STAND_IN_KEY,
      ANTHROPIC_API_URL: (await ai).url,
      OUTGOING_ALLOWED: (await ai).url,
      AGENTS_SECRET,
    },
  );
  const [owner, otherOwner] = [await app.person(), await app.person()];
  // Every route makes what it needs: more than a plan allows.
  const limits = {
    rooms: 100_000,
    links: 100_000,
    api_keys: 100_000,
    members: 100_000,
    files: 100_000,
    storage_bytes: 1e9,
  };
  await app.services.database.commit(systemScope, (q) => [q.update(organizations).set({ limits })]);
  return { app, owner, otherOwner, operatorToken: app.services.config.OPERATOR_TOKEN };
}

/** An access token of another member of the owner's organization, for each role. */
export async function memberTokens({ app, owner: { organizationId } }: World): Promise<Map<Role, string>> {
  const tokens = new Map<Role, string>();
  for (const role of ROLES) tokens.set(role, (await app.person({ role, organizationId })).token);
  return tokens;
}

/** The credential that is let in by the route, undefined for a public one. */
export function getCredential({ access }: Route, { operatorToken }: World, person: Person) {
  if (access.kind === 'public') return undefined;
  return access.kind === 'operator' ? operatorToken : person.token;
}

export const paramNames = (route: Route): string[] =>
  [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);

/** The fields of an object schema, also where a list is taken as well; undefined for any other schema. */
export function getSchemaFields(schema: unknown): Record<string, unknown> | undefined {
  const { shape, def } = (schema ?? {}) as {
    shape?: Record<string, unknown>;
    def?: { in?: unknown; options?: unknown[] };
  };
  if (shape) return shape;
  for (const inner of [def?.in, ...(def?.options ?? [])]) {
    const fields = inner === undefined ? undefined : getSchemaFields(inner);
    if (fields) return fields;
  }
  return undefined;
}

/** The kind of id a path parameter is, undefined when it is none. */
export function getIdKind(route: Route, param: string): IdKind | undefined {
  const schema = getSchemaFields(route.params)?.[param];
  if (!(schema instanceof z.ZodType) || schema.safeParse('missing').success) return undefined;
  return (Object.keys(ID_PREFIXES) as IdKind[]).find((kind) => schema.safeParse(exampleId(kind)).success);
}

const getFactory = (route: Route, param: string) => {
  const collection = new RegExp(`([\\w-]+)/\\{${param}\\}`).exec(route.path)?.[1];
  const factory = resourceFactories[`${collection}/${param}`] ?? resourceFactories[param];
  if (!factory)
    throw new Error(
      `${route.operationId}: no factory makes {${param}}; add one to test/contract/routes/resources.ts, ` +
        'so that foreign ids can be tried on this route',
    );
  return factory;
};

/** Values for the route's path parameters that name resources of the person's organization. */
export async function createParams(route: Route, { app }: World, person: Person) {
  const params: Record<string, string> = {};
  for (const name of paramNames(route)) params[name] = await getFactory(route, name)(app, person);
  return params;
}

/** The values of a path parameter that takes one of a few; undefined for any other, which names something stored. */
const optionsOf = (route: Route, name: string): readonly string[] | undefined =>
  (getSchemaFields(route.params)?.[name] as { options?: readonly string[] } | undefined)?.options;

/** Names that organizations choose: the same one names something of each, and PUT makes what it names. */
const CHOSEN_NAMES: readonly string[] = ['customProviderName'];

/** The path parameters that can name something of another organization, or nothing. */
export const namingParams = (route: Route): string[] =>
  paramNames(route).filter((name) => optionsOf(route, name) === undefined && !CHOSEN_NAMES.includes(name));

/** Well-formed values for the route's path parameters that name nothing. */
export function missingParams(route: Route, { app }: World) {
  const value = (name: string) => {
    const [option] = optionsOf(route, name) ?? [];
    if (option !== undefined) return option;
    const kind = getIdKind(route, name);
    if (kind !== undefined) return app.services.ids.create(kind);
    return name.endsWith('At') ? UNUSED_MOMENT : 'missing';
  };
  return Object.fromEntries(paramNames(route).map((name) => [name, value(name)]));
}

const buildPath = (route: Route, params: Record<string, string>): string =>
  route.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(params[name] ?? name));

export interface CallOptions {
  token?: string | undefined;
  params?: Record<string, string>;
  query?: string;
  body?: unknown;
  raw?: string;
  headers?: Record<string, string>;
}

/** Calls the route; without a body given, with the contract's example, as a stream where the route takes one. */
export function callRoute(route: Route, { app }: World, options: CallOptions): Promise<TestResponse> {
  const { token, params = {}, query = '', headers = {}, raw } = options;
  const body = 'body' in options ? options.body : route.body?.example;
  const { streamBody } = route;
  const tus = {
    'tus-resumable': '1.0.0',
    'upload-length': String(streamBody?.example.length),
    'upload-metadata': `filename ${btoa('notes.txt')}`,
    'upload-offset': '0',
  };
  const protocolHeaders = route.responseHeaders?.['Tus-Resumable'] ? tus : {};
  const stream = {
    raw: streamBody?.example,
    headers: {
      'content-type': streamBody?.mediaTypes[0] ?? 'application/octet-stream',
      'content-length': String(streamBody?.example.length),
      ...protocolHeaders,
      ...headers,
    },
  };
  return app.send(route.method.toUpperCase(), `${buildPath(route, params)}${query}`, {
    ...(token === undefined ? {} : { token }),
    ...(raw === undefined ? (body === undefined ? {} : { body }) : { raw }),
    ...(streamBody ? stream : { headers: { ...protocolHeaders, ...headers } }),
  });
}
