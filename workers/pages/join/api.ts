import { callApi, downloadBytes } from '../common/call-api.ts';
import type { KnownPerson } from './panels/people.ts';
import type { OwnPoll } from './panels/poll-log.ts';

/** The API's answer to joining. */
interface JoinResponse {
  roomId: string;
  identity: string;
  /** Address of the room's socket, and the ticket that opens it. */
  realtime: { url: string; ticket: string };
  guestTicket?: string;
}
export interface Admission extends JoinResponse {
  status: 'admitted';
  token: string;
  url: string;
  callId: string;
  role: string;
}
export interface LobbyWait extends JoinResponse {
  status: 'waiting';
  /** Whether somebody has to admit them, or they enter as soon as a host is there. */
  waitsFor: 'approval' | 'host';
  lobbyEntryId: string;
}

export interface LinkDetails {
  title: string | null;
  description: string | null;
  role: string;
  requiresApproval: boolean;
  room: {
    id: string;
    name: string;
    type: string;
    /** Since when the call is recorded, or about to be; null when it is not. Absent after a move. */
    recordingRequestedAt?: string | null;
  };
  features: { screenShare: boolean; chat: boolean; captions: boolean };
}

const encodeCode = (code: string) => encodeURIComponent(code);

export const validateLink = async (code: string, password: string | undefined): Promise<LinkDetails> =>
  (await callApi('POST', `/links/validate/${encodeCode(code)}`, { password })) as LinkDetails;

export const joinByLink = async (
  code: string,
  body: { name: string; password: string | undefined; visitorKey: string; recordingConsent: boolean },
): Promise<Admission | LobbyWait> =>
  (await callApi('POST', `/links/${encodeCode(code)}/join`, body)) as Admission | LobbyWait;

/** For a guest who joined before. */
export const rejoin = async (
  roomId: string,
  guestTicket: string,
  body: { name: string; recordingConsent: boolean },
): Promise<Admission | LobbyWait> => {
  const answer = await callApi('POST', `/rooms/${roomId}/token`, body, guestTicket);
  return { ...(answer as Admission | LobbyWait), roomId };
};

/** For a participant who was moved: the ticket of the other room's socket also admits to the room. */
export const enterRoom = async (
  roomId: string,
  body: { ticket: string; recordingConsent: boolean },
): Promise<Admission> => ({
  ...((await callApi('POST', `/rooms/${roomId}/enter`, body)) as Admission),
  roomId,
});

export const readRoom = async (roomId: string, guestTicket: string): Promise<LinkDetails['room']> =>
  (await callApi('GET', `/rooms/${roomId}`, undefined, guestTicket)) as LinkDetails['room'];

export const leaveLobby = (roomId: string, entryId: string, guestTicket: string): Promise<unknown> =>
  callApi('DELETE', `/rooms/${roomId}/lobby/${entryId}`, undefined, guestTicket);

/** The polls of the room as the participant sees them: with their votes, and results that others do not see yet. */
export const listPolls = async (roomId: string, guestTicket: string): Promise<OwnPoll[]> => {
  const answer = await callApi('GET', `/rooms/${roomId}/polls?limit=100`, undefined, guestTicket);
  return (answer as { data: OwnPoll[] }).data;
};

/** Everybody in the room, also those without a socket. */
export const listParticipants = async (roomId: string, guestTicket: string): Promise<KnownPerson[]> => {
  const answer = await callApi('GET', `/rooms/${roomId}/participants`, undefined, guestTicket);
  return (answer as { data: KnownPerson[] }).data;
};

/** Asks for a recording of the whole call; hosts and moderators can. */
export const startRecording = (roomId: string, guestTicket: string): Promise<unknown> =>
  callApi('POST', `/rooms/${roomId}/recordings`, {}, guestTicket);

/** Asks a recording to stop; hosts and moderators can. */
export const stopRecording = (roomId: string, recordingId: string, guestTicket: string): Promise<unknown> =>
  callApi('POST', `/rooms/${roomId}/recordings/${recordingId}/stop`, undefined, guestTicket);

/** Switches captions on for everybody; hosts and moderators can. */
export const startCaptions = (roomId: string, guestTicket: string): Promise<unknown> =>
  callApi('PUT', `/rooms/${roomId}/captions`, {}, guestTicket);

/** Switches captions off for everybody; hosts and moderators can. */
export const stopCaptions = (roomId: string, guestTicket: string): Promise<unknown> =>
  callApi('DELETE', `/rooms/${roomId}/captions`, undefined, guestTicket);

/** The bytes of a file that is shared in the call. */
export const downloadFile = (fileId: string, guestTicket: string): Promise<Blob> =>
  downloadBytes(`/files/${fileId}/content`, guestTicket);
