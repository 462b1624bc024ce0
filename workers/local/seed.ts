import { randomBytes } from 'node:crypto';
import { z } from '@hono/zod-openapi';
import { CommandError } from './command-error.ts';
import { readJsonFile, writePrivateJson } from './json-files.ts';
import { LAUNCHER_REQUESTS } from './log-lines.ts';

const demoSchema = z.object({ email: z.string(), password: z.string(), apiKey: z.string().optional() });
/** The demo user of a copy. */
export type DemoAccount = z.output<typeof demoSchema>;

const EMAIL = 'demo@auralink.localhost';
const grantSchema = z.object({ accessToken: z.string() });
const mailsSchema = z.object({ data: z.array(z.object({ text: z.string() })) });
const newKeySchema = z.object({ secret: z.string() });

interface ApiResponse {
  status: number;
  body: unknown;
  request: string;
}

async function callApi(
  api: string,
  request: string,
  credential?: string,
  body?: object,
): Promise<ApiResponse> {
  const [method = '', path = ''] = request.split(' ');
  const response = await fetch(`${api}${path}`, {
    method,
    headers: {
      'x-request-id': `${LAUNCHER_REQUESTS}${randomBytes(8).toString('hex')}`,
      ...(credential ? { authorization: `Bearer ${credential}` } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, body: json ? (JSON.parse(text) as unknown) : text, request };
}

function unexpectedResponse({ request, status, body }: ApiResponse): CommandError {
  return new CommandError(
    `the demo data cannot be created: ${request} answered ${status} ${JSON.stringify(body)}`,
  );
}

/**
 * Logs in, or signs up and verifies the address if the database has no such user; undefined if the stored password is another
 * one.
 */
async function signIn(
  api: string,
  mails: string,
  { email, password }: DemoAccount,
): Promise<string | undefined> {
  const login = await callApi(api, 'POST /api/v1/auth/login', undefined, { email, password });
  if (login.status === 200) return grantSchema.parse(login.body).accessToken;
  if (login.status !== 401) throw unexpectedResponse(login);
  const signup = await callApi(api, 'POST /api/v1/auth/signup', undefined, { email, password, name: 'Demo' });
  if (signup.status === 409) return undefined;
  if (signup.status !== 201) throw unexpectedResponse(signup);
  await verifyAddress(api, mails, email);
  return grantSchema.parse(signup.body).accessToken;
}

/** Verifies the address with the link in the mail, as a user would: only then may the user and the key invite others. */
async function verifyAddress(api: string, mails: string, email: string): Promise<void> {
  const answer = await fetch(`${mails}/mails?to=${encodeURIComponent(email)}&wait=20`);
  const { data } = mailsSchema.parse(await answer.json());
  const token = data.map(({ text }) => /#token=(\S+)/.exec(text)?.[1]).find(Boolean);
  if (token === undefined)
    throw new CommandError(`the demo data cannot be created: no mail came to ${email}`);
  const body = { token: decodeURIComponent(token) };
  const verified = await callApi(api, 'POST /api/v1/auth/email/verify', undefined, body);
  if (verified.status !== 204) throw unexpectedResponse(verified);
}

async function isApiKeyValid(api: string, apiKey: string): Promise<boolean> {
  return (await callApi(api, 'GET /api/v1/auth/whoami', apiKey)).status === 200;
}

async function makeApiKey(api: string, accessToken: string): Promise<string> {
  const created = await callApi(api, 'POST /api/v1/api-keys', accessToken, {
    name: 'Demo',
    scopes: ['admin'],
  });
  if (created.status !== 201) throw unexpectedResponse(created);
  return newKeySchema.parse(created.body).secret;
}

/**
 * Creates the demo user, their organization and an API key through the public API, as any customer would. What `file`
 * contains and the database still has is used again.
 * @returns undefined when the database has the demo user with a password that is not stored here
 */
export async function seedDemo(
  { api, mails }: { api: string; mails: string },
  file: string,
): Promise<Required<DemoAccount> | undefined> {
  const stored = demoSchema.safeParse(await readJsonFile(file));
  const demo: DemoAccount = stored.success
    ? stored.data
    : { email: EMAIL, password: randomBytes(12).toString('base64url') };
  if (demo.apiKey !== undefined && (await isApiKeyValid(api, demo.apiKey)))
    return { ...demo, apiKey: demo.apiKey };
  // Stored before it is used, so that a start that was interrupted can be continued.
  await writePrivateJson(file, demo);
  const accessToken = await signIn(api, mails, demo);
  if (accessToken === undefined) return undefined;
  const ready = { ...demo, apiKey: await makeApiKey(api, accessToken) };
  await writePrivateJson(file, ready);
  return ready;
}
