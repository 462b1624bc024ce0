import { type Role, signAccessToken } from '../../src/identity/access/index.ts';
import type { Person, TestApp } from './app.ts';

/** The person with a new token, because moving the clock expires the old one. */
export async function withFreshToken(
  { services }: Pick<TestApp, 'services'>,
  person: Person,
  role: Role = person.role,
): Promise<Person> {
  const { userId, organizationId, sessionId, plan = 'free' } = person;
  const membership = { organizationId, role, plan };
  const token = await signAccessToken(services.signer, { userId, sessionId, membership }, 300);
  return { ...person, role, token };
}
