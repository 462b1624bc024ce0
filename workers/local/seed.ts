import { randomBytes } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { CommandError } from './failure.ts';
import { readJson, writePrivate } from './files.ts';

const demoSchema = z.object({ email: z.string(), password: z.string(), apiKey: z.string().optional() });
/** The person that a copy is shown with. */
export type Demo = z.output<typeof demoSchema>;

const EMAIL = 'demo@auralink.localhost';
const grantSchema = z.object({ accessToken: z.string() });
const newKeySchema = z.object({ secret: z.string() });

interface Answer {
  status: number;
  body: unknown;
  what: string;
}

async function call(api: string, what: string, credential?: string, body?: object): Promise<Answer> {
  const [method = '', path = ''] = what.split(' ');
  const response = await fetch(`${api}${path}`, {
    method,
    headers: {
      ...(credential ? { authorization: `Bearer ${credential}` } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, body: json ? (JSON.parse(text) as unknown) : text, what };
}

function unexpected({ what, status, body }: Answer): CommandError {
  return new CommandError(`the demo data cannot be made: ${what} answered ${status} ${JSON.stringify(body)}`);
}

/** Signs in, or up when this database does not know the person yet; undefined when it knows another password. */
async function signIn(api: string, { email, password }: Demo): Promise<string | undefined> {
  const known = await call(api, 'POST /api/v1/auth/login', undefined, { email, password });
  if (known.status === 200) return grantSchema.parse(known.body).accessToken;
  if (known.status !== 401) throw unexpected(known);
  const made = await call(api, 'POST /api/v1/auth/signup', undefined, { email, password, name: 'Demo' });
  if (made.status === 201) return grantSchema.parse(made.body).accessToken;
  if (made.status === 409) return undefined;
  throw unexpected(made);
}

async function isGood(api: string, apiKey: string): Promise<boolean> {
  return (await call(api, 'GET /api/v1/auth/whoami', apiKey)).status === 200;
}

async function makeApiKey(api: string, accessToken: string): Promise<string> {
  const made = await call(api, 'POST /api/v1/api-keys', accessToken, { name: 'Demo', scopes: ['admin'] });
  if (made.status !== 201) throw unexpected(made);
  return newKeySchema.parse(made.body).secret;
}

/**
 * Makes the demo person, their organization and an API key through the public API, as any stranger would; what `file`
 * remembers and the database still knows is used again.
 * @returns undefined when the database knows the demo person by a password that is not kept here
 */
export async function seedDemo(api: string, file: string): Promise<Required<Demo> | undefined> {
  const kept = demoSchema.safeParse(await readJson(file));
  const demo: Demo = kept.success
    ? kept.data
    : { email: EMAIL, password: randomBytes(12).toString('base64url') };
  if (demo.apiKey !== undefined && (await isGood(api, demo.apiKey))) return { ...demo, apiKey: demo.apiKey };
  // Kept before it is used: a start that is interrupted half-way finds its way on.
  await writePrivate(file, demo);
  const accessToken = await signIn(api, demo);
  if (accessToken === undefined) return undefined;
  const ready = { ...demo, apiKey: await makeApiKey(api, accessToken) };
  await writePrivate(file, ready);
  return ready;
}
