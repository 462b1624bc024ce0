import { AccessToken } from 'livekit-server-sdk';
import type { TestContext } from 'vitest';
import type { ClusterEvent, PublishOptions } from '../shapes.ts';
import type { VideoGrants } from '../twirp.ts';
import type { ApiKeys } from '../webhooks.ts';

/** A media server under the contract, with functions that connect and disconnect people. */
export interface TestedMediaServer extends ApiKeys {
  url: string;
  join(room: string, identity: string, name: string): Promise<{ sid: string }>;
  publish(room: string, identity: string, source: PublishOptions['source']): Promise<string>;
  leave(room: string, identity: string): Promise<void>;
  /** The events of the room so far. */
  events(room: string): ClusterEvent[];
  /** Texts that the identity received. */
  receivedTexts(room: string, identity: string): Promise<string[]>;
}

export type AnswerBody = any; // eslint-disable-line typescript/no-explicit-any -- tests look into its shape

export interface ApiAnswer {
  status: number;
  body: AnswerBody;
}

/** Sends a request with the grants; `signed` may change the token, or leave it out. */
export async function callApi(
  { url, apiKey, apiSecret }: TestedMediaServer,
  method: string,
  grants: VideoGrants,
  body: unknown,
  editToken: (token: string) => string | undefined = (token) => token,
): Promise<ApiAnswer> {
  const token = new AccessToken(apiKey, apiSecret, { identity: 'contract' });
  token.addGrant(grants);
  const authorization = editToken(await token.toJwt());
  const response = await fetch(`${url}/twirp/livekit.RoomService/${method}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(authorization === undefined ? {} : { authorization: `Bearer ${authorization}` }),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type') === 'application/json';
  return { status: response.status, body: isJson ? JSON.parse(text) : text };
}

export const listedParticipants = ({ body }: ApiAnswer): AnswerBody[] => body.participants;

let rooms = 0;
/** A room that no other test uses. */
export const createRoomName = () => `call_contract${process.pid}x${++rooms}`;
export const adminGrants = (room: string): VideoGrants => ({ roomAdmin: true, room });
/** The events of the room so far, each with its participant. */
export const eventSummaries = (subject: TestedMediaServer, room: string) =>
  subject.events(room).map(({ event, participant }) => `${event} ${participant?.identity ?? ''}`.trim());

/** Returns the server, or skips the test with a reason. */
export type RequireMediaServer = (context: TestContext) => TestedMediaServer;
