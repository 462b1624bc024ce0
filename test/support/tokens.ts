import { type Role, signAccessToken } from '../../src/identity/access/index.ts';
import type { Person, TestApp } from './app.ts';

/** The person with a new token, because moving the clock expires the old one. */
export async function withFreshToken(
  { services }: TestApp,
  person: Person,
  role: Role = 'owner',
): Promise<Person> {
  const { userId, organizationId } = person;
  const sessionId = services.ids.create('session');
  const membership = { organizationId, role, plan: 'free' };
  const token = await signAccessToken(services.signer, { userId, sessionId, membership }, 300);
  return { ...person, token };
}
