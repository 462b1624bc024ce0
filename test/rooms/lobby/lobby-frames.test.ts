import { beforeEach, expect, it } from 'vitest';
import { sendFrame } from '../../support/send-frame.ts';
import { type Attendee, createMeeting, type Meeting } from '../../support/meeting.ts';

let meeting: Meeting;
let host: Attendee;

beforeEach(async () => {
  meeting = await createMeeting({ lobby: true });
  host = await meeting.join({ person: meeting.host });
});

/** A member of the organization enters the lobby. */
async function waitInLobby(): Promise<{ token: string; lobbyEntryId: string; ticket: string }> {
  const { app, host: owner } = meeting;
  const { token } = await app.person({ role: 'member', organizationId: owner.organizationId });
  const { body } = await meeting.send('POST', '/token', { token }, {});
  expect(body.status).toBe('waiting');
  return { token, lobbyEntryId: body.lobbyEntryId, ticket: body.realtime.ticket };
}

const statusOf = async ({ token }: { token: string }) =>
  (await meeting.send('POST', '/token', { token }, {})).body.status;

it('admit or deny a waiting person, and the room shows it', async () => {
  const [eve, dan] = [await waitInLobby(), await waitInLobby()];
  const { lobbyEntryId } = eve;
  expect(await sendFrame(meeting.app, host.ticket, 'lobby.admit', { lobbyEntryId })).toMatchObject({
    lobbyEntryId,
    decision: 'admitted',
  });
  await sendFrame(meeting.app, host.ticket, 'lobby.deny', { lobbyEntryId: dan.lobbyEntryId });
  expect(meeting.commandsOf('lobby.decided').map(({ decision }) => decision)).toEqual(['admitted', 'denied']);
  expect(await statusOf(eve)).toBe('admitted');
});

it('admit everybody who is waiting', async () => {
  const waiting = [await waitInLobby(), await waitInLobby(), await waitInLobby()];
  expect(await sendFrame(meeting.app, host.ticket, 'lobby.admit_all')).toEqual({ decided: 3 });
  for (const each of waiting) expect(await statusOf(each)).toBe('admitted');
  expect(await sendFrame(meeting.app, host.ticket, 'lobby.deny_all')).toEqual({ decided: 0 });
});

it('are for moderators, by the role they have now', async () => {
  const { lobbyEntryId } = await waitInLobby();
  for (const role of ['participant', 'viewer', 'agent', 'observer'] as const)
    await expect(
      sendFrame(meeting.app, host.ticket, 'lobby.admit', { lobbyEntryId }, { role }),
    ).rejects.toMatchObject({ code: 'lobby.not_found' });
  await expect(
    sendFrame(meeting.app, host.ticket, 'lobby.deny_all', {}, { role: 'viewer' }),
  ).rejects.toMatchObject({ code: 'lobby.not_moderator' });
  await sendFrame(meeting.app, host.ticket, 'lobby.admit', { lobbyEntryId }, { role: 'moderator' });
});
