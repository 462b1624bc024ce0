import type { TestApp, TestResponse } from './app.ts';

export const GOOD_PASSWORD = 'seven-tulips-in-a-row';

/** A person who signed up, with a session, a refresh token and an organization of their own. */
export interface SignedIn {
  email: string;
  password: string;
  userId: string;
  accessToken: string;
  refreshToken: string;
}

export const toSignedIn = (email: string, password: string, { body }: TestResponse): SignedIn => ({
  email,
  password,
  userId: body.user.id,
  accessToken: body.accessToken,
  refreshToken: body.refreshToken,
});

export const createEmail = () => `person-${crypto.randomUUID()}@auralink.test`;

/** Signs a new person up. */
export async function signUp(
  app: TestApp,
  email = createEmail(),
  password = GOOD_PASSWORD,
): Promise<SignedIn> {
  const answer = await app.send('POST', '/api/v1/auth/signup', {
    body: { email, password, name: 'Ada Lovelace' },
  });
  if (answer.status !== 201) throw new Error(`sign-up answered ${answer.status}: ${answer.body.code}`);
  return toSignedIn(email, password, answer);
}

/** Signs an existing person in on another device. */
export async function logIn(
  app: TestApp,
  { email, password }: Pick<SignedIn, 'email' | 'password'>,
): Promise<SignedIn> {
  const answer = await app.send('POST', '/api/v1/auth/login', { body: { email, password } });
  if (answer.status !== 200) throw new Error(`log-in answered ${answer.status}: ${answer.body.code}`);
  return toSignedIn(email, password, answer);
}

export const refresh = (app: TestApp, refreshToken: string, headers: Record<string, string> = {}) =>
  app.send('POST', '/api/v1/auth/refresh', { body: { refreshToken }, headers });

/** The claims of the token, without looking anything up. */
export async function whoAmI(app: TestApp, accessToken: string) {
  return (await app.send('GET', '/api/v1/auth/whoami', { token: accessToken })).body;
}

/** The statuses of concurrent requests, sorted. */
export const sortedStatuses = (answers: readonly TestResponse[]) =>
  answers.map((each) => each.status).toSorted((a, b) => a - b);
