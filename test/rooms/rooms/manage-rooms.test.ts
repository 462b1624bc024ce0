import { expect, it } from 'vitest';
import { createMeeting } from '../../support/meeting.ts';

it('an administrator manages a room whatever their role in its calls', async () => {
  const meeting = await createMeeting();
  const { app, host, roomId } = meeting;
  const { organizationId } = host;
  const path = `/api/v1/rooms/${roomId}`;
  const admin = await app.person({ role: 'admin', organizationId });
  const member = await app.person({ role: 'member', organizationId });
  for (const person of [admin, member]) await meeting.join({ person, role: 'viewer' });
  const rename = ({ token }: { token: string }) => app.send('PATCH', path, { token, body: { name: 'New' } });
  expect(await rename(admin)).toMatchObject({ status: 200, body: { name: 'New' } });
  expect(await rename(member)).toMatchObject({ status: 403, body: { code: 'rooms.not_manager' } });
  const link = { token: admin.token, body: { roomId } };
  expect((await app.send('POST', '/api/v1/links', link)).status).toBe(201);
  const mute = (token: string) => app.send('POST', `${path}/participants/mute-all`, { token, body: {} });
  expect((await mute(admin.token)).status).toBe(200);
  expect((await mute(member.token)).status).toBe(403);
  // Their role in the call stays the one they were given.
  const again = await app.send('POST', `${path}/token`, { token: admin.token, body: {} });
  expect(again).toMatchObject({ status: 200, body: { role: 'viewer' } });
  expect((await app.send('DELETE', path, { token: admin.token })).status).toBe(204);
});
