import { expect, it } from 'vitest';
import { createTestApp } from '../../support/app.ts';

/** Changes a user of version 1 and says how that was answered. */
async function changeWith(ifMatch: string): Promise<number> {
  const app = createTestApp();
  const { token } = await app.person();
  const body = { bio: 'Mathematician' };
  return (await app.send('PATCH', '/api/v1/users/me', { token, body, headers: { 'if-match': ifMatch } }))
    .status;
}

it.each(['"1"', 'W/"1"', '"7", "1"', '"7",W/"1"', '"a,b","1"', '*', ' * '])(
  'If-Match %s names the version of the resource, so the write is done',
  async (ifMatch) => {
    expect(await changeWith(ifMatch)).toBe(200);
  },
);

it.each(['"2"', 'W/"2"', '"2", W/"3"', '"1-gzip"', '"seven"', '""', '"01"', '"1.0"', '"9999999999"'])(
  'If-Match %s names no version of the resource, so the write is refused with 412',
  async (ifMatch) => {
    expect(await changeWith(ifMatch)).toBe(412);
  },
);
